//! Moving a household or a person, within the county or to another one.
//!
//! The present origin gives away, without asking the new one: the move happened in the world
//! already, and only the present owner may change where somebody is registered. From then on the
//! new county owns the records; the former origin keeps looking for 30 days. What was decided,
//! paid or recorded before stays as it is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::error::{HouseholdRejection, WorkerRejection};
use super::super::model::Household;
use super::super::repo::households::HouseholdChanges;
use super::super::repo::{households, members, workers};
use super::parse;
use super::reach::{households_in, person_in};
use super::residence::{
    Move, at_version, change_in, found_in, joined_in, left_in, living, moving_day, number, refused,
    relocate_in, seat, standing,
};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::WriteSession;
use crate::platform::journal::AuditEntry;

/// A household that moves with everybody in it.
#[derive(Clone, Debug)]
pub struct MoveHousehold {
    /// Which household.
    pub household: HouseholdId,
    /// Where to, anywhere in the province.
    pub to_village: RegionCode,
    /// Its number from now on; the old one stays when absent. In its own village a household only
    /// gets another number.
    pub new_number: Option<String>,
    /// The first day there.
    pub moved_on: NaiveDate,
    /// Why, in the officer's words.
    pub reason: String,
    /// The version the caller has read.
    pub version: i64,
}

/// The household that a use case was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdDone {
    /// The record.
    pub household: HouseholdId,
}

/// Moves a household of the caller's region.
///
/// # Errors
/// `STALE_VERSION`, `HOUSEHOLD_DISSOLVED`, `UNKNOWN_REGION`, `ALREADY_THERE`,
/// `HOUSEHOLD_NUMBER_TAKEN`, `DATE_IN_FUTURE`, `BEFORE_PRESENT_RESIDENCE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// `ORIGIN_DECIDES` for a household that the caller only reads; [`Failure::NotFound`] for any other
/// outside the caller's region.
pub async fn move_household(
    mut tx: WriteSession,
    command: MoveHousehold,
) -> Result<HouseholdDone, Refusal> {
    let MoveHousehold {
        household,
        to_village,
        new_number,
        moved_on,
        reason,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let [household] = households_in(&tx, [("householdId", household)]).await?;
    at_version("version", household.version, version)?;
    standing("householdId", &household)?;
    let village = seat(&tx, to_village, "toVillage").await?;
    let new_number = number(new_number, "newNumber")?;
    let stays = village == household.village;
    if stays && (new_number.is_none() || new_number == household.number) {
        return Err(refused("toVillage", &HouseholdRejection::AlreadyThere));
    }
    let people = members::locked_in(&tx, &[household.id]).await?;
    let people: Vec<_> = people.iter().collect();
    let on = moving_day(&tx, moved_on, "movedOn", &people).await?;
    let number = free_number(&tx, &household, village, new_number).await?;
    let fields: &[_] = match (stays, number == household.number) {
        (true, _) => &["number"],
        (false, true) => &["village"],
        (false, false) => &["village", "number"],
    };
    let changes = HouseholdChanges {
        seat: Some((village, number)),
        ..HouseholdChanges::default()
    };
    change_in(&mut tx, &household, changes, fields).await?;
    let to = Move {
        household: household.id,
        village,
        on,
        reason,
    };
    // A household that only gets another number stays where it is.
    if !stays {
        relocate_in(&mut tx, &people, &to).await?;
    }
    let answer = HouseholdDone {
        household: household.id,
    };
    let entry = AuditEntry::done(&answer)?.for_purpose(to.reason);
    tx.commit(entry).await?;
    Ok(answer)
}

/// The number of a household in its new village. One that another household of its own county has
/// is refused. Of another county's numbers nothing is told: a household that cannot keep its number
/// there arrives without one, and the new county gives it one of its own.
async fn free_number(
    tx: &WriteSession,
    household: &Household,
    village: RegionCode,
    new_number: Option<String>,
) -> Result<Option<String>, Refusal> {
    let number = new_number.or_else(|| household.number.clone());
    let Some(wanted) = &number else {
        return Ok(None);
    };
    let county = village.county_or_itself();
    let holder = households::find_by_number_in(tx, county, wanted).await?;
    if holder.is_none_or(|holder| holder.id == household.id) {
        return Ok(number);
    }
    if county.contains(household.village) {
        let rejection = WorkerRejection::HouseholdNumberTaken;
        return Err(refused("newNumber", &rejection));
    }
    Ok(None)
}

/// Where a person goes.
#[derive(Clone, Debug)]
pub enum MoveTarget {
    /// Into this household of the caller's region.
    Household(HouseholdId),
    /// Into a new household of their own in this village, anywhere in the province.
    Village {
        /// The village.
        village: RegionCode,
        /// The new household's number.
        number: Option<String>,
    },
}

/// A person who moves alone: for a marriage, for example.
#[derive(Clone, Debug)]
pub struct MoveWorker {
    /// Who.
    pub worker: WorkerId,
    /// Where to.
    pub target: MoveTarget,
    /// The first day there.
    pub moved_on: NaiveDate,
    /// Why, in the officer's words.
    pub reason: String,
    /// The version the caller has read.
    pub version: i64,
}

/// The person who moved, and the household they are in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relocated {
    /// Who.
    pub worker: WorkerId,
    /// Where.
    pub household: HouseholdId,
}

/// Moves a person of the caller's origin; whoever has died goes with the household only. A household in another county is not
/// the caller's to change; somebody who marries into one moves to its village, and the new county puts them into
/// the household.
///
/// # Errors
/// `STALE_VERSION`, `PERSON_DECEASED`, `HOUSEHOLD_DISSOLVED`, `SAME_HOUSEHOLD`, `UNKNOWN_REGION`,
/// `HOUSEHOLD_NUMBER_TAKEN`, `DATE_IN_FUTURE`, `BEFORE_PRESENT_RESIDENCE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// `ORIGIN_DECIDES` for a person or household that the caller only reads; [`Failure::NotFound`] for any
/// other out of scope.
pub async fn move_worker(mut tx: WriteSession, command: MoveWorker) -> Result<Relocated, Refusal> {
    let MoveWorker {
        worker: id,
        target,
        moved_on,
        reason,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let from = match workers::find(&tx, id).await? {
        Some(seen) => seen.household,
        None => person_in(&tx, "workerId", id).await?.household,
    };
    let (from, into) = locked_target(&tx, from, &target).await?;
    let worker = person_in(&tx, "workerId", id).await?;
    if worker.household != from.id {
        return Err(Failure::Contended("a person moved meanwhile".into()).into());
    }
    at_version("version", worker.version, version)?;
    living("workerId", &worker)?;
    let on = moving_day(&tx, moved_on, "movedOn", &[&worker]).await?;
    let into = match (into, target) {
        (Some(into), _) => {
            standing("toHouseholdId", &into)?;
            if into.id == from.id {
                return Err(refused("toHouseholdId", &HouseholdRejection::SameHousehold));
            }
            joined_in(&mut tx, &into).await?;
            into
        }
        (
            None,
            MoveTarget::Village {
                village,
                number: raw,
            },
        ) => {
            let village = seat(&tx, village, "toVillage").await?;
            let number = number(raw, "number")?;
            found_in(&mut tx, &from, (village, number)).await?
        }
        (None, MoveTarget::Household(_)) => return Err(Failure::NotFound.into()),
    };
    let to = Move {
        household: into.id,
        village: into.village,
        on,
        reason,
    };
    relocate_in(&mut tx, &[&worker], &to).await?;
    left_in(&mut tx, &from, on).await?;
    let answer = Relocated {
        worker: id,
        household: into.id,
    };
    let entry = AuditEntry::done(&answer)?.for_purpose(to.reason);
    tx.commit(entry).await?;
    Ok(answer)
}

/// The household somebody leaves and, when there is one already, the one they enter; both locked.
async fn locked_target(
    tx: &WriteSession,
    from: HouseholdId,
    target: &MoveTarget,
) -> Result<(Household, Option<Household>), Refusal> {
    match target {
        MoveTarget::Household(into) => {
            let named = [("workerId", from), ("toHouseholdId", *into)];
            let [from, into] = households_in(tx, named).await?;
            Ok((from, Some(into)))
        }
        MoveTarget::Village { .. } => {
            let [from] = households_in(tx, [("workerId", from)]).await?;
            Ok((from, None))
        }
    }
}
