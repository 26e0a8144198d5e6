//! The fictional province that the demo serves and `exchange generate` makes: the one place where
//! the command line meets it.

use indicatif::ProgressBar;

use super::error::CommandError;
use crate::capability::region;
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
    /// Somebody from `origin`; `None` while nobody is registered.
    pub(super) worker: Option<WorkerId>,
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
    tracing::debug!(workers, seed, "a province is made where there is none");
    load_regions(db, progress).await?;
    sequencer::place_pending(db).await?;
    Ok(Cast {
        origin: RegionCode::parse(ORIGIN).expect("a code of the demo province"),
        destination: RegionCode::parse(DESTINATION).expect("a code of the demo province"),
        employer: CreditCode::parse(EMPLOYER).expect("a code with its check digit"),
        worker: None,
    })
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
