//! Keeping people in step with days that pass: a category that ended yesterday holds no more today,
//! although nobody states anything.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::repo::{categories, households, members};
use super::super::rules;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::HouseholdId;
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, Session as _, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// Households looked at in one unit of work.
const BATCH: u64 = 500;

/// What one unit of work did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Batch {
    people: u64,
    last: Option<HouseholdId>,
}

/// Takes categories that ended before today from the people who still carry them; how many people
/// that were. Repeating it changes nothing.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn lapse_categories(db: &Db, permit: &Permit<Write>) -> Result<u64, Failure> {
    let mut people = 0;
    let mut after = None;
    loop {
        let batch = match db.work(permit, |tx| lapse_batch(tx, after)).await {
            Ok(batch) => batch,
            Err(Refusal::Failed(failure)) => return Err(failure),
            Err(Refusal::Expected(errors)) => {
                return Err(Failure::internal(format!("a job was refused: {errors:?}")));
            }
        };
        people += batch.people;
        after = batch.last;
        if after.is_none() {
            return Ok(people);
        }
    }
}

async fn lapse_batch(mut tx: WriteSession, after: Option<HouseholdId>) -> Result<Batch, Refusal> {
    let ids = categories::lapsed_in(&tx, after, BATCH).await?;
    households::lock_in(&tx, &ids).await?;
    let mut standing: HashMap<HouseholdId, Vec<_>> = HashMap::new();
    for (household, _, spell) in categories::standing_in(&tx, &ids).await? {
        standing.entry(household).or_default().push(spell);
    }
    let mut changed = Vec::new();
    for worker in members::locked_in(&tx, &ids).await? {
        let spells = standing
            .get(&worker.household)
            .map_or(&[][..], Vec::as_slice);
        let set = rules::categories_on(spells, tx.today())
            .with_public_post_leaver(worker.categories.is_public_post_leaver());
        if set != worker.categories {
            changed.push((worker.id, set));
            tx.changed(Change::new(worker.id, worker.version + 1, &["categories"]));
        }
    }
    let batch = Batch {
        people: changed.len() as u64,
        last: ids.last().copied(),
    };
    // A day on which nothing ended leaves no entry.
    if batch.people > 0 {
        categories::materialise_in(&tx, &changed).await?;
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch)
}
