//! The fictional province that the demo serves and `exchange generate` makes: the one place where
//! the command line meets it.

use indicatif::ProgressBar;

use super::error::CommandError;
use crate::capability::synthetic::{self, Focus, GenerateOptions};
use crate::capability::{region, worker};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Caller;
use crate::platform::db::Db;
use crate::platform::journal::sequencer;

/// The province's name in the trail.
const ACTOR: &str = "cli.province";
/// A county that people leave.
const ORIGIN: &str = "590222000000";
/// A county that people go to.
const DESTINATION: &str = "590101000000";
/// An enterprise of [`DESTINATION`].
const EMPLOYER: &str = "91590101MADEMK593G";

/// Subject of the helper to whom people of [`ORIGIN`] are assigned.
pub(super) const HELPER: &str = "helper";

/// How large a province, and which.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// People in it.
    pub(super) workers: u32,
    /// The same seed gives the same people.
    pub(super) seed: u64,
}

/// Whom to look at the province as.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    /// A county that people leave.
    pub(super) origin: RegionCode,
    /// A county that people go to.
    pub(super) destination: RegionCode,
    /// An employer there.
    pub(super) employer: CreditCode,
    /// Somebody from `origin` who works for `employer`; `None` once they have moved.
    pub(super) worker: Option<WorkerId>,
    /// People this call has made.
    pub(super) made: u64,
}

/// Makes the province where it is missing and leaves it alone where it is not.
///
/// # Errors
/// [`Failure`] of the database; what was loaded before stays and the next call goes on from there.
pub(super) async fn ensure(
    db: &Db,
    plan: Plan,
    progress: &ProgressBar,
) -> Result<Cast, CommandError> {
    let Plan { workers, seed } = plan;
    refuse_another(db.province().await?)?;
    load_regions(db, progress).await?;
    progress.set_message("people");
    progress.set_length(u64::from(workers));
    progress.set_position(0);
    let origin = RegionCode::parse(ORIGIN).expect("a code of the demo province");
    let employer = CreditCode::parse(EMPLOYER).expect("a code with its check digit");
    let options = GenerateOptions {
        workers,
        seed,
        insured_months: GenerateOptions::usual_months(workers),
        focus: Focus {
            origin,
            employer: employer.clone(),
            helper: HELPER.to_owned(),
        },
    };
    let caller = Caller::system(ACTOR, None, db.refusals().clone());
    let each = &mut |people| progress.inc(people);
    let made = synthetic::generate(db, &caller, &options, each).await?;
    sequencer::place_pending(db).await?;
    let session = db.read(caller.permit(&worker::policy::READ)?);
    Ok(Cast {
        origin,
        destination: RegionCode::parse(DESTINATION).expect("a code of the demo province"),
        employer,
        worker: synthetic::focus_person(&session, &options.focus).await?,
        made: made.people,
    })
}

/// A table of real divisions has no place for people who do not exist.
fn refuse_another(loaded: Option<RegionCode>) -> Result<(), CommandError> {
    let own = last_code(region::demo_province()).province();
    match loaded {
        Some(loaded) if loaded != own => Err(CommandError::refused(format!(
            "this exchange serves the province {loaded}, and people are made up for {own} only: give a \
             synthetic province an empty database of its own"
        ))),
        Some(_) | None => Ok(()),
    }
}

async fn load_regions(db: &Db, progress: &ProgressBar) -> Result<(), Failure> {
    let caller = Caller::system(ACTOR, None, db.refusals().clone());
    let table = region::demo_province();
    let session = db.read(caller.permit(&region::policy::READ)?);
    // Rows go in by the order of the table, so with the last all are there.
    if region::service::get(&session, last_code(table))
        .await?
        .is_some()
    {
        return Ok(());
    }
    // Before the first row of the table, where there are people and it is not whole.
    synthetic::refuse_among_others(db, &caller).await?;
    progress.set_message("divisions");
    progress.set_length(table.lines().count().saturating_sub(1) as u64);
    let permit = caller.permit(&region::policy::IMPORT)?;
    let each = &mut |_| progress.inc(1);
    region::service::import(db, &permit, table.as_bytes(), false, each).await?;
    Ok(())
}

fn last_code(table: &str) -> RegionCode {
    let code = table.lines().last().and_then(|row| row.split(',').next());
    RegionCode::parse(code.unwrap_or_default()).expect("the table's last row begins with its code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cast_lives_in_the_province() {
        let table = region::demo_province();
        for code in [ORIGIN, DESTINATION] {
            assert!(table.contains(&format!("\n{code},COUNTY,")), "{code}");
        }
        assert!(CreditCode::parse(EMPLOYER).is_ok());
        assert_eq!(last_code(table).as_i64(), 590_425_107_208);
    }
}
