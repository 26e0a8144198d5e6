//! What moves, splits and mergers share: holding a household, founding one, and moving one person
//! with everything that follows from where somebody is registered.

use chrono::{Days, NaiveDate};

use super::super::error::{HouseholdRejection, WorkerRejection};
use super::super::model::{Household, Worker};
use super::super::repo::helpers::Release;
use super::super::repo::households::HouseholdChanges;
use super::super::repo::workers::Changes;
use super::super::repo::{categories, facts, helpers, households, members, residences, visibility};
use super::derive::revise_in;
use super::parse;
use crate::capability::region;
use crate::kernel::error::{Failure, Refusal, Rejection, UserError};
use crate::kernel::ids::HouseholdId;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session as _, WriteSession, scope};
use crate::platform::journal::Change;

/// How long a former origin keeps seeing whom it gave away (DESIGN §4).
const FORMER_DAYS: Days = Days::new(30);

pub(super) fn refused(field: &str, rejection: &dyn Rejection) -> Refusal {
    UserError::at(&["input", field], rejection).into()
}

/// Refuses an older version than the present one.
pub(super) fn at_version(field: &str, present: i64, given: i64) -> Result<(), Refusal> {
    if present == given {
        Ok(())
    } else {
        Err(refused(field, &WorkerRejection::StaleVersion))
    }
}

/// Refuses what would begin for somebody who has died.
pub(super) fn living(field: &str, worker: &Worker) -> Result<(), Refusal> {
    if worker.died_on().is_none() {
        Ok(())
    } else {
        Err(refused(field, &WorkerRejection::PersonDeceased))
    }
}

/// Refuses a household that has ended.
pub(super) fn standing(field: &str, household: &Household) -> Result<(), Refusal> {
    if household.dissolved_on.is_none() {
        Ok(())
    } else {
        Err(refused(field, &HouseholdRejection::Dissolved))
    }
}

/// A village to move to: in force, and at least as narrow as a county, whose number a household
/// needs. It may lie anywhere in the province.
pub(super) async fn seat(
    tx: &WriteSession,
    village: RegionCode,
    field: &str,
) -> Result<RegionCode, Refusal> {
    let places = region::public::places(tx, &[village]).await?;
    if places.in_force_on(village, tx.today()) && places.has_county(village) {
        Ok(village)
    } else {
        Err(refused(field, &WorkerRejection::UnknownRegion))
    }
}

/// A household's number as typed.
pub(super) fn number(raw: Option<String>, field: &str) -> Result<Option<String>, UserError> {
    raw.map(|raw| parse::household_number(&raw, field))
        .transpose()
}

/// Where people go, when and why.
pub(super) struct Move {
    pub(super) household: HouseholdId,
    pub(super) village: RegionCode,
    pub(super) on: NaiveDate,
    pub(super) reason: String,
}

/// The day of a move: not in the future, and not before a present residence began.
pub(super) async fn moving_day(
    tx: &WriteSession,
    day: NaiveDate,
    field: &str,
    people: &[&Worker],
) -> Result<NaiveDate, Refusal> {
    let day = parse::past_day(tx, day, field)?;
    let ids: Vec<_> = people.iter().map(|worker| worker.id).collect();
    match residences::began_in(tx, &ids).await? {
        Some(began) if began > day => {
            Err(refused(field, &HouseholdRejection::BeforePresentResidence))
        }
        Some(_) | None => Ok(day),
    }
}

/// Moves locked people: residence history, origin, who sees them, and what is derived.
pub(super) async fn relocate_in(
    tx: &mut WriteSession,
    people: &[&Worker],
    to: &Move,
) -> Result<(), Failure> {
    let ids: Vec<_> = people.iter().map(|worker| worker.id).collect();
    residences::end_in(tx, &ids, to.on).await?;
    let former_until = tx
        .today()
        .checked_add_days(FORMER_DAYS)
        .unwrap_or(NaiveDate::MAX);
    for worker in people {
        let reason = Some(to.reason.clone());
        let (id, household) = (worker.id, to.household);
        facts::add_residence_in(tx, id, household, to.village, to.on, reason).await?;
        let mut changes = Changes::default();
        let mut fields = vec!["residence"];
        if worker.household != household {
            changes.household = Some(household);
            fields.push("household");
        }
        if worker.origin != to.village {
            let route = (worker.origin, to.village);
            visibility::hand_over_in(tx, id, route, former_until).await?;
            changes.origin = Some(to.village);
            // An address within the village they left says nothing about the new one.
            changes.origin_address = worker.origin_address.is_some().then_some(None);
            fields.push("origin");
        }
        // Whoever is registered now where they stayed stays there no more: they live there.
        let county = to.village.county_or_itself();
        if worker.stay.is_some_and(|stay| county.contains(stay)) {
            visibility::replace_in(tx, id, scope::STAY, &[]).await?;
            changes.stay = Some(None);
            fields.push("stay");
        }
        // The helper is the former county's: the new one pairs the person with its own.
        if worker.origin.county_or_itself() != to.village.county_or_itself()
            && helpers::release_in(tx, id, to.on, Release::OutOfReach).await?
        {
            fields.push("helper");
        }
        revise_in(tx, worker, changes, fields).await?;
    }
    Ok(())
}

/// Founds a household of people who leave `from`. It inherits every standing statement of the
/// category with source and dates: leaving a household makes nobody less poor, and whoever stated
/// it (agriculture for good, a county provisionally) has not taken it back.
pub(super) async fn found_in(
    tx: &mut WriteSession,
    from: &Household,
    (village, number): (RegionCode, Option<String>),
) -> Result<Household, Refusal> {
    let mut household = Household {
        id: tx.next_id(),
        village,
        number,
        dissolved_on: None,
        merged_into: None,
        version: 1,
    };
    if !households::insert_in(tx, &household).await? {
        if village.county_or_itself() == from.village.county_or_itself() {
            return Err(refused("number", &WorkerRejection::HouseholdNumberTaken));
        }
        // Of another county's numbers nothing is told: it gives one of its own.
        household.number = None;
        if !households::insert_in(tx, &household).await? {
            return Err(Failure::internal("a household without a number is refused").into());
        }
    }
    let standing = categories::standing_in(tx, &[from.id]).await?;
    let standing: Vec<_> = standing.into_iter().map(|(_, key, _)| key).collect();
    categories::adopt_in(tx, &standing, household.id).await?;
    let fields = ["village", "number", "categories", "members"];
    tx.changed(Change::new(household.id, household.version, &fields));
    Ok(household)
}

/// Writes a change of a locked household, with its entry.
pub(super) async fn change_in(
    tx: &mut WriteSession,
    household: &Household,
    changes: HouseholdChanges,
    fields: &[&'static str],
) -> Result<(), Failure> {
    if !households::update_in(tx, household.id, household.version, changes).await? {
        return Err(Failure::Contended(
            "a household changed while locked".into(),
        ));
    }
    tx.changed(Change::new(household.id, household.version + 1, fields));
    Ok(())
}

/// Writes that people left a household; it ends with the last of them.
pub(super) async fn left_in(
    tx: &mut WriteSession,
    household: &Household,
    on: NaiveDate,
) -> Result<(), Failure> {
    if members::locked_in(tx, &[household.id]).await?.is_empty() {
        let changes = HouseholdChanges {
            end: Some((on, None)),
            ..HouseholdChanges::default()
        };
        change_in(tx, household, changes, &["members", "dissolvedOn"]).await
    } else {
        joined_in(tx, household).await
    }
}

/// Writes that the members of a household changed.
pub(super) async fn joined_in(tx: &mut WriteSession, household: &Household) -> Result<(), Failure> {
    change_in(tx, household, HouseholdChanges::default(), &["members"]).await
}
