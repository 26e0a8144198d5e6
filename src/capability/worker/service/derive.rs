//! Keeping what is derived in step with the facts, in the transaction that writes a fact.

use super::super::model::Worker;
use super::super::repo::workers::Changes;
use super::super::repo::{facts, households, jobs, visibility, workers};
use super::super::rules::{self, Derived};
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session as _, WriteSession, scope};
use crate::platform::journal::Change;

/// Derives work status, willingness, categories and visibility anew from every fact about a
/// person, and records what changed. Called after each fact, in its transaction.
///
/// # Errors
/// [`Failure::NotFound`] for nobody, [`Failure`] of the database.
pub async fn rederive_in(tx: &mut WriteSession, id: WorkerId) -> Result<(), Failure> {
    let worker = workers::lock_in(tx, id).await?.ok_or(Failure::NotFound)?;
    revise_in(tx, &worker, Changes::default(), Vec::new()).await?;
    Ok(())
}

/// Writes `changes` of a locked person, whose `fields` these are, together with all that follows
/// from the facts: one version and one entry. `false` when there was nothing to write.
pub(super) async fn revise_in(
    tx: &mut WriteSession,
    worker: &Worker,
    changes: Changes,
    mut fields: Vec<&'static str>,
) -> Result<bool, Failure> {
    let id = worker.id;
    let origin = changes.origin.unwrap_or(worker.origin);
    let household = changes.household.unwrap_or(worker.household);
    let facts = facts::of(tx, id).await?;
    let jobs = jobs::of_in(tx, id).await?;
    let today = tx.today();
    let derived = rules::derive(origin, &facts, &jobs, today);
    let spells = households::categories(tx, &[household]).await?;
    let spells: Vec<_> = spells.into_iter().map(|(_, spell)| spell).collect();
    let categories =
        rules::categories_on(&spells, today).with_public_post_leaver(derived.left_public_post);
    fields.extend(changed_fields(worker, &derived));
    if worker.categories != categories {
        fields.push("categories");
    }
    fields.sort_unstable();
    fields.dedup();
    let workplaces: &[_] = if derived.current.is_some() {
        &jobs.workplaces
    } else {
        &[]
    };
    visibility::replace_in(tx, id, scope::WORKPLACE, workplaces).await?;
    if fields.is_empty() {
        return Ok(false);
    }
    let changes = Changes {
        derived: Some(derived),
        categories: Some(categories),
        ..changes
    };
    if !workers::update_in(tx, id, worker.version, changes).await? {
        return Err(Failure::Contended("a person changed while locked".into()));
    }
    tx.changed(Change::new(id, worker.version + 1, &fields));
    Ok(true)
}

fn changed_fields(worker: &Worker, derived: &Derived) -> Vec<&'static str> {
    let current = derived.current.as_ref().map(|job| job.employment);
    // A division that is replaced moves the place of a job that stays the same.
    let place = derived.workplace();
    let moved = worker.work_county != place.map(RegionCode::county_or_itself)
        || worker.work_prefecture != place.and_then(RegionCode::prefecture);
    [
        ("workStatus", worker.work_status != derived.work_status),
        ("workStatusSince", worker.work_status_since != derived.since),
        ("able", worker.able != derived.able),
        ("willing", worker.willing != derived.willing),
        ("currentEmployment", worker.current_employment != current),
        ("workplace", moved),
        ("workSplit", worker.work_split != derived.split),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}
