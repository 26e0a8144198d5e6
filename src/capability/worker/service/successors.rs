//! Following divisions that have ended: whoever was registered or stays in one belongs to its
//! successor from the next day on. Nobody moved, so the helper stays and no former origin looks on.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::super::model::{Household, Worker};
use super::super::repo::households::HouseholdChanges;
use super::super::repo::workers::Changes;
use super::super::repo::{facts, households, members, residences, visibility, workers};
use super::derive::revise_in;
use super::residence::change_in;
use crate::capability::region::public::{self as region, Succession};
use crate::kernel::error::{Failure, Refusal};
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession, scope};
use crate::platform::journal::AuditEntry;

/// Households or people in one unit of work.
const BATCH: u64 = 200;
/// Why a residence began, where no officer says it.
const REASON: &str = "行政区划调整 (division succeeded by another)";

/// What one unit of work did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Batch {
    records: u64,
}

/// Brings households, their people and stays from divisions that have ended to their successors;
/// how many records that were. Where a village has no successor of its own, its people belong to
/// the successor of what enclosed it, such as the county, which then says in which village they
/// are. Repeating it changes nothing.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn apply_successors(db: &Db, permit: &Permit<Write>) -> Result<u64, Failure> {
    region::follow(db, permit, is_left, apply_batch).await
}

async fn is_left(session: ReadSession, succession: Succession) -> Result<bool, Failure> {
    Ok(households::any_seated(&session, succession.from).await?
        || workers::anybody_staying(&session, succession.from).await?)
}

async fn apply_batch(mut tx: WriteSession, succession: Succession) -> Result<u64, Refusal> {
    let seated = households::seated_in(&tx, succession.from, BATCH).await?;
    let staying = workers::staying_in(&tx, succession.from, BATCH).await?;
    let mut batch = Batch {
        records: seated.len() as u64,
    };
    for household in &seated {
        reseat_in(&mut tx, household, succession).await?;
    }
    for id in staying {
        let worker = workers::lock_in(&tx, id).await?.ok_or(Failure::NotFound)?;
        // Nobody was locked when the stays were read: one may have been stated anew since.
        if !worker
            .stay
            .is_some_and(|stay| succession.from.contains(stay))
        {
            continue;
        }
        batch.records += 1;
        visibility::replace_in(&tx, id, scope::STAY, &[succession.to]).await?;
        let changes = Changes {
            stay: Some(Some(succession.to)),
            ..Changes::default()
        };
        revise_in(&mut tx, &worker, changes, vec!["stay"]).await?;
    }
    // Where another server came first, no entry is left.
    if batch.records > 0 {
        let entry = AuditEntry::done(&batch)?.for_purpose(REASON);
        tx.commit(entry).await?;
    }
    Ok(batch.records)
}

/// Gives a locked household its new village. Where its number is another one's there, it keeps none.
async fn reseat_in(
    tx: &mut WriteSession,
    household: &Household,
    succession: Succession,
) -> Result<(), Failure> {
    let Succession { from: _, to, ended } = succession;
    let county = to.county_or_itself();
    let taken = match &household.number {
        Some(number) => households::find_by_number_in(tx, county, number).await?,
        None => None,
    };
    let free = taken.is_none_or(|holder| holder.id == household.id);
    let number = household.number.clone().filter(|_| free);
    let fields: &[_] = if free {
        &["village"]
    } else {
        &["village", "number"]
    };
    let seat = HouseholdChanges {
        seat: Some((to, number)),
        ..HouseholdChanges::default()
    };
    change_in(tx, household, seat, fields).await?;
    let first_day = ended.checked_add_days(Days::new(1)).unwrap_or(ended);
    for worker in members::locked_in(tx, &[household.id]).await? {
        belong_in(tx, &worker, succession, first_day).await?;
    }
    Ok(())
}

async fn belong_in(
    tx: &mut WriteSession,
    worker: &Worker,
    succession: Succession,
    first_day: NaiveDate,
) -> Result<(), Failure> {
    let (id, to) = (worker.id, succession.to);
    let began = residences::began_in(tx, &[id]).await?;
    let on = began.map_or(first_day, |began| first_day.max(began));
    residences::end_in(tx, &[id], on).await?;
    let reason = Some(REASON.to_owned());
    facts::add_residence_in(tx, id, worker.household, to, on, reason).await?;
    visibility::replace_in(tx, id, scope::ORIGIN, &[to]).await?;
    let changes = Changes {
        origin: Some(to),
        ..Changes::default()
    };
    revise_in(tx, worker, changes, vec!["residence", "origin"]).await?;
    Ok(())
}
