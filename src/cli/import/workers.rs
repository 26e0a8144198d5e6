//! `exchange import workers`: the ledger in which a county keeps its people today.

use super::report::{Line, Report};
use super::{FileArgs, open_file};
use crate::capability::ledger::{
    Finding, ImportError, ImportOptions, ImportSummary, LedgerReader, LeftOut, RowReport, import,
};
use crate::capability::region;
use crate::cli::error::CommandError;
use crate::cli::{open, output, progress};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Locale;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authz::Caller;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::journal::sequencer;

/// The import's name in the trail.
const ACTOR: &str = "import.workers";
/// Between the defects of one row; no column, reason or hint has it.
const BETWEEN: &str = " | ";
/// Columns that are named one by one; a sheet may have 16,384.
const TOLD: usize = 20;
const FOR_WHOM: &str = "import workers needs --as-region CODE: the 12-digit code of the county \
                        whose ledger this is, such as 590222000000, or that of its province";

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: FileArgs,
    /// The county (or its province) whose ledger this is; rows about others are refused
    #[arg(long, value_name = "CODE")]
    as_region: Option<RegionCode>,
}

pub(super) async fn run(config: &Config, args: &Args) -> Result<(), CommandError> {
    let Args { file, as_region } = args;
    // Nobody's default would do: a ledger read for the wrong county refuses every row.
    let region = as_region.ok_or_else(|| CommandError::usage(FOR_WHOM))?;
    keeps_ledgers(region)?;
    open_file(&file.file)?;
    let unreadable = |error| CommandError::refused(format!("{}: {error}", file.file.display()));
    let ledger = LedgerReader::open(&file.file, &config.import).map_err(unreadable)?;
    let keys = open::keys(config)?;
    let db = open::migrated(config, file.clock(), keys).await?;
    let caller = Caller::system(ACTOR, Some(region), db.refusals().clone());
    known(&db, &caller, region).await?;
    let mut report = Report::create(file.report.as_deref())?;
    tell_left_out(&ledger);
    add_unknown(&mut report, &ledger)?;
    let bar = progress::of_rows(ledger.total());
    let mut written = Ok(());
    let each = &mut |row| {
        bar.inc(1);
        // The row is in already; the first failure to say so is told at the end.
        if written.is_ok() {
            written = add(&mut report, &row);
        }
    };
    let options = ImportOptions {
        region,
        dry_run: file.dry_run,
    };
    let summary = import(&db, &caller, ledger, options, each).await;
    bar.finish_and_clear();
    sequencer::place_pending(&db).await?;
    db.close().await?;
    let summary = summary.map_err(|error| match error {
        ImportError::Read(error) => unreadable(error),
        ImportError::Failed(failure) => failure.into(),
    })?;
    written?;
    report.finish()?;
    output::say(&words(summary, file.dry_run));
    Ok(())
}

/// A township or a village has no ledger of its own: households are numbered by their county.
fn keeps_ledgers(region: RegionCode) -> Result<(), CommandError> {
    let level = match region.level() {
        RegionLevel::Province | RegionLevel::Prefecture | RegionLevel::County => return Ok(()),
        RegionLevel::Township => "township",
        RegionLevel::Village => "village",
    };
    let county = region.county_or_itself();
    Err(CommandError::usage(format!(
        "--as-region {region} is a {level}, and ledgers are kept by counties: give its county, \
         {county}, or what lies around that"
    )))
}

/// Refuses a region that the table does not have, before every row is.
async fn known(db: &Db, caller: &Caller, region: RegionCode) -> Result<(), CommandError> {
    let session = db.read(caller.permit(&region::policy::READ)?);
    if region::service::get(&session, region).await?.is_some() {
        return Ok(());
    }
    Err(CommandError::refused(format!(
        "there is no region {region}; load the divisions with `exchange import regions` or \
         correct --as-region"
    )))
}

/// Names the sheets and columns from which nothing comes in, once each.
fn tell_left_out(ledger: &LedgerReader) {
    let others = ledger.other_sheets();
    if !others.is_empty() {
        output::say(&format!(
            "only the first sheet of the workbook is read; {} stay out: save each that holds people as \
             a file of its own",
            others.join(", ")
        ));
    }
    for LeftOut {
        letters,
        header,
        unknown,
    } in ledger.left_out().iter().take(TOLD)
    {
        output::say(&if *unknown {
            format!(
                "column {letters} ({header}) is unknown and stays out; if it should come in, name it \
                 as docs/operating.md says"
            )
        } else {
            format!(
                "column {letters} ({header}) is never taken in; move what matters into a column that is, \
                 named as docs/operating.md says"
            )
        });
    }
    let more = ledger.left_out().len().saturating_sub(TOLD);
    if more > 0 {
        output::say(&format!("{more} more columns stay out as well"));
    }
}

/// Names the columns that nobody knows, on a line of the header.
fn add_unknown(report: &mut Report, ledger: &LedgerReader) -> Result<(), CommandError> {
    let unknown: Vec<&LeftOut> = ledger.left_out().iter().filter(|of| of.unknown).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let joined = |part: &dyn Fn(&LeftOut) -> String| {
        let parts: Vec<String> = unknown.iter().map(|of| part(of)).collect();
        parts.join(BETWEEN)
    };
    let hint = LeftOut::HINT;
    let hint = format!(
        "{} / {}",
        hint.in_locale(Locale::ZhCn),
        hint.in_locale(Locale::En)
    );
    report.line(&Line {
        row: ledger.header_row(),
        verdict: "header",
        column: &joined(&|of| of.letters.clone()),
        reason: &joined(&|_| LeftOut::UNKNOWN.to_owned()),
        value: &joined(&|of| of.header.replace('|', "｜")),
        hint: &joined(&|_| hint.clone()),
    })
}

/// One line per row. Several defects of one row share it: their columns, reasons, values and hints
/// stand in the same order, separated by [`BETWEEN`].
fn add(report: &mut Report, row: &RowReport) -> Result<(), CommandError> {
    let RowReport {
        row,
        verdict,
        findings,
    } = row;
    let joined = |part: &dyn Fn(&Finding) -> String| {
        let parts: Vec<String> = findings.iter().map(part).collect();
        parts.join(BETWEEN)
    };
    let several = findings.len() > 1;
    report.line(&Line {
        row: *row,
        verdict: verdict.as_str(),
        column: &joined(&|finding| finding.column.as_str().to_owned()),
        reason: &joined(&|finding| finding.defect.as_str().to_owned()),
        value: &joined(&|finding| {
            // The one part that a county has written: it must not look like two.
            if several {
                finding.value.replace('|', "｜")
            } else {
                finding.value.clone()
            }
        }),
        hint: &joined(&|finding| {
            let hint = &finding.hint;
            let (zh, en) = (hint.in_locale(Locale::ZhCn), hint.in_locale(Locale::En));
            format!("{zh} / {en}")
        }),
    })
}

fn words(summary: ImportSummary, dry_run: bool) -> String {
    let ImportSummary {
        accepted,
        noted,
        rejected,
        registered,
    } = summary;
    let rows = accepted + noted + rejected;
    let done = if dry_run {
        "would be newly registered; nothing was written"
    } else {
        "newly registered"
    };
    format!(
        "{rows} rows: {accepted} accepted, {noted} accepted with a note, {rejected} rejected; \
         {registered} people {done}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_a_dry_run_does_not_claim_that_anybody_is_in() {
        let summary = ImportSummary {
            accepted: 3,
            noted: 2,
            rejected: 1,
            registered: 5,
        };
        assert_eq!(
            words(summary, false),
            "6 rows: 3 accepted, 2 accepted with a note, 1 rejected; 5 people newly registered"
        );
        assert!(words(summary, true).ends_with("nothing was written"));
    }
}
