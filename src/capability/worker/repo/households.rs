//! Households and the dated history of their categories.

use ::entity::{household, household_category, worker};
use chrono::NaiveDate;
use sea_orm::sea_query::{OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::super::model::{CategorySpell, Household, RecordedCategory};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId, SubmissionId};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::{Scope, Side};
use crate::platform::db::{
    Session, WriteSession, failure, failure_or_lost_race, keys, scope, stored,
};

fn to_model(row: household::Model) -> Result<Household, Failure> {
    let household::Model {
        id,
        county_code: _,
        village_code,
        household_no,
        dissolved_on,
        merged_into,
        version,
        created_at: _,
        updated_at: _,
    } = row;
    Ok(Household {
        id: HouseholdId::from_uuid(id),
        village: RegionCode::from_i64(village_code).map_err(Failure::internal)?,
        number: household_no,
        dissolved_on,
        merged_into: merged_into.map(HouseholdId::from_uuid),
        version,
    })
}

/// Of these households, those with a member the session reaches, and those of its own region: one that
/// has ended has no members any more, and stays that region's. In one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here, through the members or the village"
)]
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[HouseholdId],
) -> Result<Vec<Household>, Failure> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let members = sea_orm::sea_query::Query::select()
        .column(worker::Column::HouseholdId)
        .from(worker::Entity)
        .cond_where(scope::each_worker(session, worker::Column::Id))
        .and_where(keys::any_of(session, worker::Column::HouseholdId, &ids))
        .take();
    household::Entity::find()
        .filter(keys::any_of(session, household::Column::Id, &ids))
        .filter(
            Condition::any()
                .add(household::Column::Id.in_subquery(members))
                .add_option(of_own_region(session)),
        )
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect()
}

/// Registered in the session's own region, whoever belongs to them; `None` for whoever reaches
/// households by their members only.
fn of_own_region(session: &impl Session) -> Option<SimpleExpr> {
    let region = match session.scope() {
        Scope::Province => return Some(household::Column::Id.is_not_null()),
        Scope::Region(region, Side::Origin | Side::OriginOrFormer | Side::Either) => region,
        Scope::Region(_, Side::Destination)
        | Scope::Agency(_, _)
        | Scope::Employer(_)
        | Scope::Assigned(_)
        | Scope::Own(_) => return None,
    };
    let (first, last) = region.range();
    Some(household::Column::VillageCode.between(first.as_i64(), last.as_i64()))
}

/// A household of a region, for use cases of its origin: by the region's own range, because a
/// household without members has no scope of its own.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller admits the household's village before it uses it"
)]
pub(in super::super) async fn find_in(
    tx: &WriteSession,
    id: HouseholdId,
) -> Result<Option<Household>, Failure> {
    household::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(&tx.executor())
        .await
        .map_err(failure)?
        .map(to_model)
        .transpose()
}

/// The household that has this number in a county; one that has ended has none any more.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller admits the county before it asks"
)]
pub(in super::super) async fn find_by_number_in(
    tx: &WriteSession,
    county: RegionCode,
    number: &str,
) -> Result<Option<Household>, Failure> {
    household::Entity::find()
        .filter(household::Column::CountyCode.eq(county.as_i64()))
        .filter(household::Column::HouseholdNo.eq(number))
        .filter(household::Column::DissolvedOn.is_null())
        .one(&tx.executor())
        .await
        .map_err(failure)?
        .map(to_model)
        .transpose()
}

/// Standing households of a division.
fn seated(division: RegionCode) -> Condition {
    let (first, last) = division.range();
    Condition::all()
        .add(household::Column::VillageCode.between(first.as_i64(), last.as_i64()))
        .add(household::Column::DissolvedOn.is_null())
}

/// Whether [`seated_in`] would find a household.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn any_seated(
    session: &impl Session,
    division: RegionCode,
) -> Result<bool, Failure> {
    let found: Option<Uuid> = household::Entity::find()
        .select_only()
        .column(household::Column::Id)
        .filter(seated(division))
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// Standing households of a division, locked until the unit of work ends.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn seated_in(
    tx: &WriteSession,
    division: RegionCode,
    most: u64,
) -> Result<Vec<Household>, Failure> {
    household::Entity::find()
        .filter(seated(division))
        .order_by_asc(household::Column::Id)
        .limit(most)
        .lock_exclusive()
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect()
}

/// Every household that has, or had before it ended, this number in a county; the standing one
/// first, then the one that ended last.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller admits the county before it asks"
)]
pub(in super::super) async fn ever_numbered_in(
    tx: &WriteSession,
    county: RegionCode,
    number: &str,
) -> Result<Vec<Household>, Failure> {
    let mut found = household::Entity::find()
        .filter(household::Column::CountyCode.eq(county.as_i64()))
        .filter(household::Column::HouseholdNo.eq(number))
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|household| {
        let ended = household.dissolved_on;
        (ended.is_some(), std::cmp::Reverse(ended))
    });
    Ok(found)
}

/// Inserts a household; `false` when the county has its number already.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    household: &Household,
) -> Result<bool, Failure> {
    let county = household.village.county_or_itself();
    let row = household::ActiveModel {
        id: Set(household.id.uuid()),
        county_code: Set(county.as_i64()),
        village_code: Set(household.village.as_i64()),
        household_no: Set(household.number.clone()),
        dissolved_on: Set(None),
        merged_into: Set(None),
        version: Set(household.version),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    };
    let inserted = household::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(inserted > 0)
}

/// Households by id, locked until the unit of work ends; always in the order of their ids, so that
/// two units of work cannot wait for each other.
pub(in super::super) async fn lock_in(
    tx: &WriteSession,
    ids: &[HouseholdId],
) -> Result<Vec<Household>, Failure> {
    lock_where_in(tx, ids, Condition::all()).await
}

/// As [`lock_in`], of the caller's own region only: a lock on another's would have the caller wait for
/// whoever works there, which tells that there is a household, and would hold them up.
pub(in super::super) async fn lock_own_in(
    tx: &WriteSession,
    ids: &[HouseholdId],
) -> Result<Vec<Household>, Failure> {
    let own = match tx.scope() {
        Scope::Region(region, _) => {
            let (first, last) = region.range();
            Some(household::Column::VillageCode.between(first.as_i64(), last.as_i64()))
        }
        Scope::Province
        | Scope::Agency(_, _)
        | Scope::Employer(_)
        | Scope::Assigned(_)
        | Scope::Own(_) => None,
    };
    lock_where_in(tx, ids, Condition::all().add_option(own)).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the caller admits each household's village before it uses it"
)]
async fn lock_where_in(
    tx: &WriteSession,
    ids: &[HouseholdId],
    narrowed: Condition,
) -> Result<Vec<Household>, Failure> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    household::Entity::find()
        .filter(keys::any_of(tx, household::Column::Id, &ids))
        .filter(narrowed)
        .order_by_asc(household::Column::Id)
        .lock_exclusive()
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect()
}

/// What a change of a household writes; every field that stays is left out.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct HouseholdChanges {
    /// Village and number: a move.
    pub(in super::super) seat: Option<(RegionCode, Option<String>)>,
    /// The day it ended, and the household it was merged into.
    pub(in super::super) end: Option<(NaiveDate, Option<HouseholdId>)>,
}

/// Changes a household that is at `version`; `false` when it is not any more.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key and version, which the use case has admitted"
)]
pub(in super::super) async fn update_in(
    tx: &WriteSession,
    id: HouseholdId,
    version: i64,
    changes: HouseholdChanges,
) -> Result<bool, Failure> {
    let HouseholdChanges { seat, end } = changes;
    let mut row = household::ActiveModel {
        version: Set(version + 1),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    if let Some((village, number)) = seat {
        row.county_code = Set(village.county_or_itself().as_i64());
        row.village_code = Set(village.as_i64());
        row.household_no = Set(number);
    }
    if let Some((day, merged_into)) = end {
        row.dissolved_on = Set(Some(day));
        row.merged_into = Set(merged_into.map(|id| id.uuid()));
    }
    let updated = household::Entity::update_many()
        .set(row)
        .filter(household::Column::Id.eq(id.uuid()))
        .filter(household::Column::Version.eq(version))
        .exec(&tx.executor())
        .await
        .map_err(failure_or_lost_race)?;
    Ok(updated.rows_affected > 0)
}

/// A stored category statement.
pub(super) fn spell(row: &household_category::Model) -> Result<CategorySpell, Failure> {
    let category = stored(&row.category)?;
    let source = stored(&row.source)?;
    Ok(CategorySpell {
        category,
        since: row.since,
        until: row.until,
        source,
        provisional: row.provisional,
    })
}

/// Every standing category statement of these households.
#[expect(
    clippy::disallowed_methods,
    reason = "categories follow their household, which the caller has read within its scope"
)]
pub(in super::super) async fn categories(
    session: &impl Session,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, CategorySpell)>, Failure> {
    let ids: Vec<Uuid> = households.iter().map(|id| id.uuid()).collect();
    let rows = household_category::Entity::find()
        .filter(keys::any_of(
            session,
            household_category::Column::HouseholdId,
            &ids,
        ))
        .filter(household_category::Column::SupersededAt.is_null())
        .order_by_asc(household_category::Column::Since)
        .order_by_asc(household_category::Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|row| {
            let spell = spell(&row)?;
            Ok((HouseholdId::from_uuid(row.household_id), spell))
        })
        .collect()
}

/// Every category statement ever recorded of these households, by the first day.
#[expect(
    clippy::disallowed_methods,
    reason = "categories follow their household, which the caller has read within its scope"
)]
pub(in super::super) async fn category_history(
    session: &impl Session,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, RecordedCategory)>, Failure> {
    use household_category::Column;
    let ids: Vec<Uuid> = households.iter().map(|id| id.uuid()).collect();
    let rows = household_category::Entity::find()
        .filter(keys::any_of(session, Column::HouseholdId, &ids))
        .order_by_asc(Column::Since)
        .order_by_asc(Column::RecordedAt)
        .order_by_asc(Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|row| {
            let recorded = RecordedCategory {
                spell: spell(&row)?,
                recorded_at: row.recorded_at,
                superseded: row.superseded_at.is_some(),
            };
            Ok((HouseholdId::from_uuid(row.household_id), recorded))
        })
        .collect()
}

/// Adds a category statement; `false` when the same one stands already.
pub(in super::super) async fn add_category_in(
    tx: &WriteSession,
    household: HouseholdId,
    spell: &CategorySpell,
    submission: Option<SubmissionId>,
) -> Result<bool, Failure> {
    let row = household_category::ActiveModel {
        id: Set(tx.next_id::<HouseholdId>().uuid()),
        household_id: Set(household.uuid()),
        category: Set(spell.category.as_str().to_owned()),
        since: Set(spell.since),
        until: Set(spell.until),
        source: Set(spell.source.as_str().to_owned()),
        provisional: Set(spell.provisional),
        submission_id: Set(submission.map(|id| id.uuid())),
        recorded_at: Set(tx.now()),
        superseded_at: Set(None),
    };
    let inserted = household_category::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(inserted > 0)
}
