//! `exchange import regions`: a table of administrative divisions.

use super::report::{Line, Report};
use super::{FileArgs, open_file};
use crate::capability::region;
use crate::capability::region::RowRejection;
use crate::capability::region::service::{ImportSummary, RowOutcome, RowVerdict};
use crate::cli::error::CommandError;
use crate::cli::{open, output, progress};
use crate::kernel::error::{Locale, Rejection as _};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Caller;
use crate::platform::config::Config;
use crate::platform::journal::sequencer;

/// The import's name in the trail.
const ACTOR: &str = "cli.import.regions";

pub(super) async fn run(config: &Config, args: &FileArgs) -> Result<(), CommandError> {
    let (file, bytes) = open_file(&args.file)?;
    let keys = open::keys(config)?;
    let db = open::migrated(config, args.clock(), keys).await?;
    let mut report = Report::create(args.report.as_deref())?;
    let caller = Caller::system(ACTOR, None, db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT)?;
    let bar = progress::of_bytes(bytes);
    let mut written = Ok(());
    let mut foreign = 0_u64;
    let each = &mut |verdict: RowVerdict| {
        let refused = RowOutcome::Refused(RowRejection::OtherProvince);
        foreign += u64::from(verdict.outcome == refused);
        // The rows are in already; the first failure to say so is told at the end.
        if written.is_ok() {
            written = add(&mut report, verdict);
        }
    };
    let reader = bar.wrap_read(file);
    let summary = region::service::import(&db, &permit, reader, args.dry_run, each).await;
    bar.finish_and_clear();
    sequencer::place_pending(&db).await?;
    let province = db.province().await?;
    db.close().await?;
    let ImportSummary {
        created,
        updated,
        unchanged,
        refused,
    } = summary?;
    written?;
    report.finish()?;
    if foreign > 0 && foreign == created + updated + unchanged + refused {
        return Err(another_province(province));
    }
    let counts = format!("created {created}, updated {updated}, unchanged {unchanged}");
    let dry = if args.dry_run {
        "; nothing was written"
    } else {
        ""
    };
    output::print(&format!("{counts}, refused {refused}{dry}\n"))?;
    if foreign > 0 {
        let told = "of the refused are of another province: an exchange serves one";
        output::print(&format!("{foreign} {told}\n"))?;
    }
    Ok(())
}

/// What is told when a table is of another province as a whole.
fn another_province(loaded: Option<RegionCode>) -> CommandError {
    let loaded = loaded.map_or_else(String::new, |code| format!(", here {code}"));
    CommandError::refused(format!(
        "every row is of another province: an exchange serves one province{loaded}; load this table \
         into an exchange of its own"
    ))
}

fn add(report: &mut Report, verdict: RowVerdict) -> Result<(), CommandError> {
    let code = verdict
        .code
        .map(|code| code.to_string())
        .unwrap_or_default();
    let (outcome, rejection) = match verdict.outcome {
        RowOutcome::Created => ("CREATED", None),
        RowOutcome::Updated => ("UPDATED", None),
        RowOutcome::Unchanged => ("UNCHANGED", None),
        RowOutcome::Refused(rejection) => ("REFUSED", Some(rejection)),
    };
    let hint = rejection.map(|rejection| {
        let text = rejection.text();
        let chinese = text.in_locale(Locale::ZhCn);
        format!("{chinese} / {}", text.in_locale(Locale::En))
    });
    report.line(&Line {
        row: verdict.line,
        verdict: outcome,
        column: rejection.and_then(|r| r.column()).unwrap_or_default(),
        reason: rejection.map(|r| r.code()).unwrap_or_default(),
        value: &code,
        hint: hint.as_deref().unwrap_or_default(),
    })
}
