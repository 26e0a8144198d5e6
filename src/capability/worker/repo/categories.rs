//! The category statements of many households at once, for agriculture's deliveries.

use std::collections::{BTreeMap, HashMap};

use ::entity::{household, household_category, worker};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::super::model::{Categories, CategorySpell, PovertyCategory};
use super::households::spell;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId as _, SubmissionId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession, failure, keys, scope};

/// Statements of one insert: bounded by the bind parameters of SQLite.
const ROWS_PER_INSERT: usize = 500;

/// Households by county and number: the one that has it, or else the last that had it. Counties and
/// numbers are looked up crosswise; the caller picks the pairs it asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller admits each household's village before it uses it"
)]
pub(in super::super) async fn numbered_in(
    tx: &WriteSession,
    counties: &[RegionCode],
    numbers: &[String],
) -> Result<HashMap<(RegionCode, String), HouseholdId>, Failure> {
    use household::Column;
    let counties: Vec<i64> = counties.iter().map(|county| county.as_i64()).collect();
    let found: Vec<(Uuid, i64, Option<String>)> = household::Entity::find()
        .select_only()
        .columns([Column::Id, Column::CountyCode, Column::HouseholdNo])
        .filter(keys::any_number(tx, Column::CountyCode, &counties))
        .filter(keys::any_text(tx, Column::HouseholdNo, numbers))
        // Of equals the last one counts: those that ended come first.
        .order_by_asc(Column::DissolvedOn.is_null())
        .order_by_asc(Column::DissolvedOn)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .filter_map(|(id, county, number)| Some((id, county, number?)))
        .map(|(id, county, number)| {
            let county = RegionCode::from_i64(county).map_err(Failure::internal)?;
            Ok(((county, number), HouseholdId::from_uuid(id)))
        })
        .collect()
}

/// The households of the people the session reaches among those with these resident ids.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn of_members_in(
    tx: &WriteSession,
    members: &[BlindIndex],
) -> Result<HashMap<BlindIndex, HouseholdId>, Failure> {
    use worker::Column;
    let wanted = members.iter().map(|i| i.as_bytes().to_vec()).collect();
    let found: Vec<(Vec<u8>, Uuid)> = worker::Entity::find()
        .select_only()
        .columns([Column::ResidentIdIndex, Column::HouseholdId])
        .filter(scope::each_worker(tx, Column::Id))
        .filter(keys::any_bytes(tx, Column::ResidentIdIndex, wanted))
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(index, household)| {
            let index = <[u8; 32]>::try_from(index.as_slice()).map_err(Failure::internal)?;
            let household = HouseholdId::from_uuid(household);
            Ok((BlindIndex::from_bytes(index), household))
        })
        .collect()
}

/// A stored statement, with its household and the key by which it is superseded.
pub(in super::super) type Stored = (HouseholdId, Uuid, CategorySpell);

/// Every standing statement about these households, in the order in which it was recorded.
#[expect(
    clippy::disallowed_methods,
    reason = "categories follow their household, which the caller has locked and admitted"
)]
pub(in super::super) async fn standing_in(
    tx: &WriteSession,
    households: &[HouseholdId],
) -> Result<Vec<Stored>, Failure> {
    use household_category::Column;
    let ids: Vec<Uuid> = households.iter().map(|id| id.uuid()).collect();
    household_category::Entity::find()
        .filter(keys::any_of(tx, Column::HouseholdId, &ids))
        .filter(Column::SupersededAt.is_null())
        .order_by_asc(Column::Id)
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(|row| {
            let household = HouseholdId::from_uuid(row.household_id);
            Ok((household, row.id, spell(&row)?))
        })
        .collect()
}

/// Households with a standing statement that ended before today while somebody in them still
/// carries its category, in the order of their ids.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange walks over every household"
)]
pub(in super::super) async fn lapsed_in(
    tx: &WriteSession,
    after: Option<HouseholdId>,
    most: u64,
) -> Result<Vec<HouseholdId>, Failure> {
    use household_category::Column;
    let carried = |category: PovertyCategory| {
        let bits = Expr::col((worker::Entity, worker::Column::Categories));
        let member = Expr::col((worker::Entity, worker::Column::HouseholdId));
        let carrier = Query::select()
            .expr(Expr::val(1))
            .from(worker::Entity)
            .and_where(member.equals((household_category::Entity, Column::HouseholdId)))
            .and_where(bits.bit_and(Categories::bit(category)).ne(0))
            .take();
        Column::Category
            .eq(category.as_str())
            .and(Expr::exists(carrier))
    };
    let carried = PovertyCategory::VALUES
        .iter()
        .fold(Condition::any(), |any, category| {
            any.add(carried(*category))
        });
    let found: Vec<Uuid> = household_category::Entity::find()
        .select_only()
        .column(Column::HouseholdId)
        .distinct()
        .filter(Column::SupersededAt.is_null())
        .filter(Column::Until.lt(tx.today()))
        .filter(Condition::all().add_option(after.map(|id| Column::HouseholdId.gt(id.uuid()))))
        .filter(carried)
        .order_by_asc(Column::HouseholdId)
        .limit(most)
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(HouseholdId::from_uuid).collect())
}

/// Ends the standing of stored statements; they stay as history.
#[expect(
    clippy::disallowed_methods,
    reason = "by primary keys that the use case has read of locked households"
)]
pub(in super::super) async fn supersede_in(
    tx: &WriteSession,
    statements: &[Uuid],
) -> Result<(), Failure> {
    if statements.is_empty() {
        return Ok(());
    }
    household_category::Entity::update_many()
        .col_expr(
            household_category::Column::SupersededAt,
            Expr::val(tx.now()),
        )
        .filter(keys::any_of(tx, household_category::Column::Id, statements))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Adds the statements of one delivery.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    submission: SubmissionId,
    statements: &[(HouseholdId, CategorySpell)],
) -> Result<(), Failure> {
    for chunk in statements.chunks(ROWS_PER_INSERT) {
        let rows = chunk
            .iter()
            .map(|(household, spell)| household_category::ActiveModel {
                id: Set(tx.next_id::<HouseholdId>().uuid()),
                household_id: Set(household.uuid()),
                category: Set(spell.category.as_str().to_owned()),
                since: Set(spell.since),
                until: Set(spell.until),
                source: Set(spell.source.as_str().to_owned()),
                provisional: Set(spell.provisional),
                submission_id: Set(Some(submission.uuid())),
                recorded_at: Set(tx.now()),
                superseded_at: Set(None),
            });
        household_category::Entity::insert_many(rows)
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// Raises the version of locked households whose categories changed.
#[expect(
    clippy::disallowed_methods,
    reason = "by primary keys of households that the use case has locked and admitted"
)]
pub(in super::super) async fn touch_in(
    tx: &WriteSession,
    households: &[HouseholdId],
) -> Result<(), Failure> {
    use household::Column;
    let ids: Vec<Uuid> = households.iter().map(|id| id.uuid()).collect();
    household::Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
        .filter(keys::any_of(tx, Column::Id, &ids))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Materialises the categories of locked people: one statement per distinct set, of which there
/// are at most 32.
#[expect(
    clippy::disallowed_methods,
    reason = "by primary keys of people that the use case has locked with their households"
)]
pub(in super::super) async fn materialise_in(
    tx: &WriteSession,
    people: &[(WorkerId, Categories)],
) -> Result<(), Failure> {
    use worker::Column;
    let mut by_set: BTreeMap<i32, Vec<Uuid>> = BTreeMap::new();
    for (id, categories) in people {
        by_set.entry(categories.bits()).or_default().push(id.uuid());
    }
    for (bits, ids) in by_set {
        worker::Entity::update_many()
            .col_expr(Column::Categories, Expr::val(bits))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
            .filter(keys::any_of(tx, Column::Id, &ids))
            .exec(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// Gives a household these statements of another, with source, dates and delivery.
#[expect(
    clippy::disallowed_methods,
    reason = "by primary keys that the use case has read of locked households"
)]
pub(in super::super) async fn adopt_in(
    tx: &WriteSession,
    statements: &[Uuid],
    household: HouseholdId,
) -> Result<(), Failure> {
    use household_category::Column;
    if statements.is_empty() {
        return Ok(());
    }
    let adopted = household_category::Entity::find()
        .filter(keys::any_of(tx, Column::Id, statements))
        .order_by_asc(Column::Id)
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    let rows = adopted
        .into_iter()
        .map(|row| household_category::ActiveModel {
            id: Set(tx.next_id::<HouseholdId>().uuid()),
            household_id: Set(household.uuid()),
            recorded_at: Set(tx.now()),
            ..row.into_active_model().reset_all()
        });
    household_category::Entity::insert_many(rows)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
