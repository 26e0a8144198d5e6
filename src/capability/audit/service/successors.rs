//! Following counties that have ended: what they had to answer is their successor's to answer.

use serde::{Deserialize, Serialize};

use super::super::repo::findings;
use crate::capability::region::public::{self as region, Succession};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// Findings in one unit of work.
const BATCH: u64 = 200;

/// What one unit of work did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Batch {
    findings: u64,
}

/// Brings findings for counties that have ended to the counties that took their place, closed ones
/// too: they may be opened again. How many that were; repeating it changes nothing. What was
/// answered stays as it was. A county whose successor is wider than a county keeps its findings.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn apply_successors(db: &Db, permit: &Permit<Write>) -> Result<u64, Failure> {
    region::follow(db, permit, is_left, apply_batch).await
}

async fn is_left(session: ReadSession, succession: Succession) -> Result<bool, Failure> {
    match of_county(&succession) {
        Some((from, _)) => findings::any_due_from(&session, from).await,
        None => Ok(false),
    }
}

/// A county that ended, or a prefecture that stood in for one, and what answers for it now.
fn of_county(succession: &Succession) -> Option<(RegionCode, RegionCode)> {
    let Succession { from, to, ended: _ } = *succession;
    let to = to.county_or_itself();
    (from.county_or_itself() == from && from != to).then_some((from, to))
}

async fn apply_batch(mut tx: WriteSession, succession: Succession) -> Result<u64, Refusal> {
    let Some((from, to)) = of_county(&succession) else {
        return Ok(0);
    };
    let due = findings::due_from_in(&tx, from, BATCH).await?;
    let batch = Batch {
        findings: due.len() as u64,
    };
    for (id, version) in due {
        findings::hand_on_in(&tx, id, to).await?;
        tx.changed(Change::new(id, version + 1, &["responsibleCounty"]));
    }
    // Where another server came first, no entry is left.
    if batch.findings > 0 {
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch.findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_county_is_followed_by_the_county_of_what_took_its_place() {
        let code = |text| RegionCode::parse(text).expect("a code");
        let succeeded = |from, to| {
            of_county(&Succession {
                from: code(from),
                to: code(to),
                ended: "2026-11-23".parse().expect("a day"),
            })
        };
        let (old, new) = ("590222000000", "590322000000");
        let followed = Some((code(old), code(new)));
        assert_eq!(succeeded(old, new), followed);
        assert_eq!(succeeded(old, "590322100000"), followed);
        let city = "590600000000";
        assert_eq!(succeeded(old, city), Some((code(old), code(city))));
        assert_eq!(succeeded(city, new), Some((code(city), code(new))));
        assert_eq!(succeeded("590600003000", new), None);
        assert_eq!(succeeded(old, "590222100000"), None);
        assert_eq!(succeeded("590222101000", new), None);
    }
}
