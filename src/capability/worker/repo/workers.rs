//! People: the row, by id and by keyed hash, and its compare-and-swap.

use ::entity::worker::{Column, Entity};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::super::model::{Categories, Worker};
pub(in super::super) use super::worker_columns::{Changes, NewWorker};
use super::worker_columns::{changed, to_active};
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, HouseholdId, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::cells::from_cells;
use crate::platform::db::{
    Session, WriteSession, failure, failure_or_lost_race, keys, scope, stored, stored_if_any,
};

/// The columns of [`Worker`]: everything but what is sealed.
pub(in super::super) struct Row {
    id: Uuid,
    household_id: Uuid,
    name: String,
    resident_id_mask: String,
    birth_year: i32,
    phone_mask: Option<String>,
    bank_account_mask: Option<String>,
    education: Option<String>,
    skills: String,
    origin_village: i64,
    origin_address: Option<String>,
    stay_region: Option<i64>,
    work_status: String,
    work_status_since: Option<NaiveDate>,
    able: Option<bool>,
    willing: Option<bool>,
    categories: i32,
    current_employment_id: Option<Uuid>,
    work_county: Option<i64>,
    work_prefecture: Option<i64>,
    work_split: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

from_cells!(Row {
    id,
    household_id,
    name,
    resident_id_mask,
    birth_year,
    phone_mask,
    bank_account_mask,
    education,
    skills,
    origin_village,
    origin_address,
    stay_region,
    work_status,
    work_status_since,
    able,
    willing,
    categories,
    current_employment_id,
    work_county,
    work_prefecture,
    work_split,
    version,
    created_at,
    updated_at,
});

/// The columns behind [`Row`], for every statement that reads people.
pub(in super::super) const COLUMNS: [Column; 24] = [
    Column::Id,
    Column::HouseholdId,
    Column::Name,
    Column::ResidentIdMask,
    Column::BirthYear,
    Column::PhoneMask,
    Column::BankAccountMask,
    Column::Education,
    Column::Skills,
    Column::OriginVillage,
    Column::OriginAddress,
    Column::StayRegion,
    Column::WorkStatus,
    Column::WorkStatusSince,
    Column::Able,
    Column::Willing,
    Column::Categories,
    Column::CurrentEmploymentId,
    Column::WorkCounty,
    Column::WorkPrefecture,
    Column::WorkSplit,
    Column::Version,
    Column::CreatedAt,
    Column::UpdatedAt,
];

/// A person as somebody outside every scope may be matched: by identity only.
#[derive(Clone, Debug)]
pub(in super::super) struct Identified {
    pub(in super::super) id: WorkerId,
    pub(in super::super) name: String,
    pub(in super::super) origin: RegionCode,
}

fn region(code: i64) -> Result<RegionCode, Failure> {
    RegionCode::from_i64(code).map_err(Failure::internal)
}

impl TryFrom<Row> for Worker {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        Ok(Self {
            id: WorkerId::from_uuid(row.id),
            household: HouseholdId::from_uuid(row.household_id),
            name: row.name,
            resident_id_mask: row.resident_id_mask,
            birth_year: row.birth_year,
            phone_mask: row.phone_mask,
            bank_account_mask: row.bank_account_mask,
            education: stored_if_any(row.education.as_deref())?,
            skills: serde_json::from_str(&row.skills).map_err(Failure::internal)?,
            origin: region(row.origin_village)?,
            origin_address: row.origin_address,
            stay: row.stay_region.map(region).transpose()?,
            work_status: stored(&row.work_status)?,
            work_status_since: row.work_status_since,
            able: row.able,
            willing: row.willing,
            categories: Categories::from_bits(row.categories),
            current_employment: row.current_employment_id.map(EmploymentId::from_uuid),
            work_county: row.work_county.map(region).transpose()?,
            work_prefecture: row.work_prefecture.map(region).transpose()?,
            work_split: stored_if_any(row.work_split.as_deref())?,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// People of the session's scope that fulfil a condition, which leaves only a few.
pub(in super::super) fn scoped(session: &impl Session, condition: Condition) -> Select<Entity> {
    seen(scope::each_worker(session, Column::Id)).filter(condition)
}

/// Of these people, those of the session's scope.
fn scoped_among(session: &impl Session, ids: &[WorkerId]) -> Select<Entity> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    seen(scope::workers_of(session, Column::Id, &ids))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here, at the root of every read of people"
)]
pub(super) fn seen(within_scope: Condition) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(within_scope)
}

async fn all(session: &impl Session, select: Select<Entity>) -> Result<Vec<Worker>, Failure> {
    let rows = select
        .into_model::<Row>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter().map(Worker::try_from).collect()
}

/// One person, if the session reaches them.
pub(in super::super) async fn find(
    session: &impl Session,
    id: WorkerId,
) -> Result<Option<Worker>, Failure> {
    Ok(find_many(session, &[id]).await?.pop())
}

/// One person, if the session reaches them, locked until the unit of work ends.
pub(in super::super) async fn find_locked_in(
    tx: &WriteSession,
    id: WorkerId,
) -> Result<Option<Worker>, Failure> {
    all(tx, scoped_among(tx, &[id]).lock_exclusive()).await?;
    // Whoever had to wait for the lock has looked at the scope before: the person may have moved
    // since, and only another statement sees it.
    find(tx, id).await
}

/// Of these people, those the session reaches; in one statement.
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<Vec<Worker>, Failure> {
    all(session, scoped_among(session, ids)).await
}

/// One person by resident id, if the session reaches them.
pub(in super::super) async fn find_by_index(
    session: &impl Session,
    index: &BlindIndex,
) -> Result<Option<Worker>, Failure> {
    let condition = Condition::all().add(Column::ResidentIdIndex.eq(index.as_bytes().to_vec()));
    let found = all(session, scoped(session, condition)).await?;
    Ok(found.into_iter().next())
}

/// Whoever of the province has one of these resident ids, in the order of the rows found.
#[expect(
    clippy::disallowed_methods,
    reason = "matching by full resident id reaches the whole province; callers answer neutrally"
)]
pub(in super::super) async fn identify(
    session: &impl Session,
    indexes: &[BlindIndex],
) -> Result<Vec<(BlindIndex, Identified)>, Failure> {
    let wanted = indexes.iter().map(|i| i.as_bytes().to_vec()).collect();
    let found: Vec<(Vec<u8>, Uuid, String, i64)> = Entity::find()
        .select_only()
        .columns([
            Column::ResidentIdIndex,
            Column::Id,
            Column::Name,
            Column::OriginVillage,
        ])
        .filter(keys::any_bytes(session, Column::ResidentIdIndex, wanted))
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(index, id, name, origin)| {
            let index = <[u8; 32]>::try_from(index.as_slice()).map_err(Failure::internal)?;
            let index = BlindIndex::from_bytes(index);
            let identified = Identified {
                id: WorkerId::from_uuid(id),
                name,
                origin: region(origin)?,
            };
            Ok((index, identified))
        })
        .collect()
}

/// Stays in a division.
fn stays_in(division: RegionCode) -> Expr {
    let (first, last) = division.range();
    Column::StayRegion.between(first.as_i64(), last.as_i64())
}

/// Whether [`staying_in`] would find anybody.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn anybody_staying(
    session: &impl Session,
    division: RegionCode,
) -> Result<bool, Failure> {
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(stays_in(division))
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// People who stay in a division.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn staying_in(
    tx: &WriteSession,
    division: RegionCode,
    most: u64,
) -> Result<Vec<WorkerId>, Failure> {
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(stays_in(division))
        .order_by_asc(Column::Id)
        .limit(most)
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(WorkerId::from_uuid).collect())
}

/// Inserts a person; `false` when somebody with this resident id exists, or came first.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    new: NewWorker,
) -> Result<bool, Failure> {
    let on_duplicate = OnConflict::column(Column::ResidentIdIndex)
        .do_nothing()
        .to_owned();
    let inserted = Entity::insert(to_active(tx, new))
        .on_conflict(on_duplicate)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(inserted > 0)
}

/// Changes a person that is at `version`; `false` when it is not any more.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key and version, which the use case has read within its scope"
)]
pub(in super::super) async fn update_in(
    tx: &WriteSession,
    id: WorkerId,
    version: i64,
    changes: Changes,
) -> Result<bool, Failure> {
    let mut row = changed(changes);
    row.version = Set(version + 1);
    row.updated_at = Set(tx.now());
    let updated = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Version.eq(version))
        .exec(&tx.executor())
        .await
        .map_err(failure_or_lost_race)?;
    Ok(updated.rows_affected > 0)
}

/// One person of the whole province, locked until the unit of work ends.
#[expect(
    clippy::disallowed_methods,
    reason = "deriving a status reaches whoever a fact was recorded about; the use case that \
              recorded it has checked its own scope"
)]
pub(in super::super) async fn lock_in(
    tx: &WriteSession,
    id: WorkerId,
) -> Result<Option<Worker>, Failure> {
    let locked = Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(Column::Id.eq(id.uuid()))
        .lock_exclusive();
    Ok(all(tx, locked).await?.into_iter().next())
}
