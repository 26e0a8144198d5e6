//! Whom a change reaches, and what it answers about the rest: that the origin decides, about a record
//! which the caller reads; and about any other what it answers about one that does not exist.

use super::super::error::WorkerRejection;
use super::super::model::{Household, Worker};
use super::super::policy;
use super::super::repo::{households, workers};
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::platform::db::WriteSession;

/// The person within reach, locked until the unit of work ends; `field` names the id in the input.
///
/// # Errors
/// `ORIGIN_DECIDES` for somebody whom the caller only reads; [`Failure::NotFound`] for everybody else.
pub(super) async fn person_in(
    tx: &WriteSession,
    field: &str,
    id: WorkerId,
) -> Result<Worker, Refusal> {
    if let Some(worker) = workers::find_locked_in(tx, id).await? {
        return Ok(worker);
    }
    let read = match tx.looking(&policy::READ) {
        Some(looking) => workers::find(&looking, id).await?.is_some(),
        None => false,
    };
    Err(beyond(tx, read, field))
}

/// Households of the caller's region, locked, in the order in which they are named; each with the
/// field that names it in the input.
///
/// # Errors
/// `ORIGIN_DECIDES` for one that the caller only reads; [`Failure::NotFound`] for any other.
pub(super) async fn households_in<const N: usize>(
    tx: &WriteSession,
    named: [(&str, HouseholdId); N],
) -> Result<[Household; N], Refusal> {
    let found = households::lock_own_in(tx, &named.map(|(_, id)| id)).await?;
    let mut held = Vec::with_capacity(N);
    for (field, id) in named {
        let household = found.iter().find(|household| household.id == id);
        held.push(admitted(tx, field, id, household.cloned()).await?);
    }
    held.try_into()
        .map_err(|_| Failure::internal("as many households as were named").into())
}

/// As [`households_in`], of one.
///
/// # Errors
/// As [`households_in`].
pub(super) async fn household_in(
    tx: &WriteSession,
    field: &str,
    id: HouseholdId,
) -> Result<Household, Refusal> {
    let [household] = households_in(tx, [(field, id)]).await?;
    Ok(household)
}

/// A household, when it is one of the caller's region.
async fn admitted(
    tx: &WriteSession,
    field: &str,
    id: HouseholdId,
    found: Option<Household>,
) -> Result<Household, Refusal> {
    match found {
        Some(household) if tx.permit().admit(household.village).is_ok() => Ok(household),
        // Asked about one that does not exist as well, so that both take as long.
        Some(_) | None => {
            let read = match tx.looking(&policy::READ) {
                Some(looking) => !households::find_many(&looking, &[id]).await?.is_empty(),
                None => false,
            };
            Err(beyond(tx, read, field))
        }
    }
}

fn beyond(tx: &WriteSession, read: bool, field: &str) -> Refusal {
    let decides = UserError::at(&["input", field], &WorkerRejection::OriginDecides);
    tx.beyond_reach(read, decides)
}
