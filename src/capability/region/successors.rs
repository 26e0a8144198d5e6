//! Divisions that have ended, and how whatever belonged to one follows to what took its place.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{policy, public, repo};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, Session, WriteSession};

/// A division that has ended, with what took its place and is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// What ended.
    pub from: RegionCode,
    /// What took its place, the last of several: in a county, or a prefecture that stands in for one.
    pub to: RegionCode,
    /// Its last day.
    pub ended: NaiveDate,
}

/// Brings records from divisions that have ended to their successors, the narrowest division first:
/// a village's own successor comes before that of its county. How many records that were.
///
/// `left` looks whether any record is still in what ended, and `batch` brings some of them on in one
/// unit of work and says how many. Successions stay for good, so on most days nothing is left: then
/// nothing is opened that writers would have to wait for.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn follow<L, LF, B, BF>(
    db: &Db,
    permit: &Permit<Write>,
    left: L,
    batch: B,
) -> Result<u64, Failure>
where
    L: Fn(ReadSession, Succession) -> LF,
    LF: Future<Output = Result<bool, Failure>>,
    B: Fn(WriteSession, Succession) -> BF,
    BF: Future<Output = Result<u64, Refusal>>,
{
    let session = db.read(permit.caller().permit(&policy::READ)?);
    let mut records = 0;
    for succession in succeeded(&session).await? {
        while left(session.clone(), succession).await? {
            let done = match db.work(permit, |tx| batch(tx, succession)).await {
                Ok(done) => done,
                Err(Refusal::Failed(failure)) => return Err(failure),
                Err(Refusal::Expected(errors)) => {
                    return Err(Failure::internal(format!("a job was refused: {errors:?}")));
                }
            };
            records += done;
            // A replica that lags shows what has followed already.
            if done == 0 {
                break;
            }
        }
    }
    Ok(records)
}

/// The divisions that ended before today and have a successor, the narrowest first.
pub(super) async fn succeeded(session: &impl Session) -> Result<Vec<Succession>, Failure> {
    let ended = repo::ended_with_successor(session).await?;
    let next: HashMap<RegionCode, RegionCode> = ended
        .iter()
        .filter_map(|region| Some((region.code, region.successor?)))
        .collect();
    let last = |code: RegionCode| {
        // As many steps as there are divisions: what leads in a circle leads nowhere.
        let mut to = next.get(&code).copied()?;
        for _ in 0..next.len() {
            match next.get(&to) {
                Some(further) => to = *further,
                None => return Some(to),
            }
        }
        None
    };
    let targets: Vec<RegionCode> = ended
        .iter()
        .filter_map(|region| last(region.code))
        .collect();
    let targets = public::places(session, &targets).await?;
    let mut found: Vec<Succession> = ended
        .iter()
        .filter_map(|region| {
            let to = last(region.code)?;
            let in_force = targets.in_force_on(to, session.today());
            // Whoever lives, works or is seated somewhere has a county that decides.
            (in_force && targets.has_county(to)).then_some(Succession {
                from: region.code,
                to,
                ended: region.valid_to?,
            })
        })
        // What grew out of itself would be followed for ever.
        .filter(|succession| !succession.from.contains(succession.to))
        .collect();
    found.sort_by_key(|succession| {
        let (first, last) = succession.from.range();
        (last.as_i64() - first.as_i64(), first.as_i64())
    });
    Ok(found)
}
