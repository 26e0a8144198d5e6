//! People: the row, by id and by keyed hash, and its compare-and-swap.

use ::entity::worker::{ActiveModel, Column, Entity};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder as _,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::super::model::{Categories, Education, WorkSplit, WorkStatus, Worker};
use super::super::rules::Derived;
use super::sealed::{Account, SealedValue};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, HouseholdId, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session, WriteSession, failure, failure_or_lost_race, keys, scope};

/// The columns of [`Worker`]: everything but what is sealed.
#[derive(FromQueryResult)]
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
    work_split: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The columns behind [`Row`], for every statement that reads people.
pub(in super::super) const COLUMNS: [Column; 23] = [
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
    Column::WorkSplit,
    Column::Version,
    Column::CreatedAt,
    Column::UpdatedAt,
];

/// A person to be inserted; everything personal is sealed already.
pub(in super::super) struct NewWorker {
    pub(in super::super) id: WorkerId,
    pub(in super::super) household: HouseholdId,
    pub(in super::super) name: String,
    pub(in super::super) resident_id: SealedValue,
    pub(in super::super) resident_id_index: BlindIndex,
    pub(in super::super) birth_year: i32,
    pub(in super::super) phone: Option<SealedValue>,
    pub(in super::super) bank_account: Option<Account>,
    pub(in super::super) education: Option<Education>,
    pub(in super::super) skills: Vec<String>,
    pub(in super::super) origin: RegionCode,
    pub(in super::super) origin_address: Option<String>,
    pub(in super::super) stay: Option<RegionCode>,
    pub(in super::super) categories: Categories,
    pub(in super::super) derived: Derived,
}

/// A person as somebody outside every scope may be matched: by identity only.
#[derive(Clone, Debug)]
pub(in super::super) struct Identified {
    pub(in super::super) id: WorkerId,
    pub(in super::super) name: String,
    pub(in super::super) origin: RegionCode,
}

fn stored<T: Closed>(text: &str) -> Result<T, Failure> {
    T::parse(text).ok_or_else(|| Failure::internal(format!("{} holds {text:?}", T::NAME)))
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
            education: row.education.as_deref().map(stored).transpose()?,
            skills: serde_json::from_str(&row.skills).map_err(Failure::internal)?,
            origin: region(row.origin_village)?,
            origin_address: row.origin_address,
            stay: row.stay_region.map(region).transpose()?,
            work_status: stored::<WorkStatus>(&row.work_status)?,
            work_status_since: row.work_status_since,
            able: row.able,
            willing: row.willing,
            categories: Categories::from_bits(row.categories),
            current_employment: row.current_employment_id.map(EmploymentId::from_uuid),
            work_county: row.work_county.map(region).transpose()?,
            work_split: row
                .work_split
                .as_deref()
                .map(stored::<WorkSplit>)
                .transpose()?,
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
    let (first, last) = division.range();
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::StayRegion.between(first.as_i64(), last.as_i64()))
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

fn to_active(tx: &WriteSession, new: NewWorker) -> ActiveModel {
    let NewWorker {
        id,
        household,
        name,
        resident_id,
        resident_id_index,
        birth_year,
        phone,
        bank_account,
        education,
        skills,
        origin,
        origin_address,
        stay,
        categories,
        derived,
    } = new;
    let (phone_sealed, phone_mask) = parts(phone);
    let (bank_account, bank_account_index) = account_parts(bank_account);
    let (bank_account_sealed, bank_account_mask) = parts(bank_account);
    let now = tx.now();
    ActiveModel {
        id: Set(id.uuid()),
        household_id: Set(household.uuid()),
        name: Set(name),
        resident_id_index: Set(resident_id_index.as_bytes().to_vec()),
        resident_id_sealed: Set(resident_id.sealed.into_bytes()),
        resident_id_mask: Set(resident_id.mask),
        birth_year: Set(birth_year),
        phone_sealed: Set(phone_sealed),
        phone_mask: Set(phone_mask),
        bank_account_sealed: Set(bank_account_sealed),
        bank_account_mask: Set(bank_account_mask),
        bank_account_index: Set(bank_account_index),
        education: Set(education.map(|e| e.as_str().to_owned())),
        skills: Set(serde_json::json!(skills).to_string()),
        origin_address: Set(origin_address),
        stay_region: Set(stay.map(RegionCode::as_i64)),
        categories: Set(categories.bits()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..located(derived_columns(derived), origin)
    }
}

fn parts(value: Option<SealedValue>) -> (Option<Vec<u8>>, Option<String>) {
    value
        .map(|value| (value.sealed.into_bytes(), value.mask))
        .unzip()
}

fn account_parts(account: Option<Account>) -> (Option<SealedValue>, Option<Vec<u8>>) {
    account
        .map(|account| (account.value, account.index.as_bytes().to_vec()))
        .unzip()
}

/// The origin with its materialised ancestors.
fn located(row: ActiveModel, origin: RegionCode) -> ActiveModel {
    use crate::kernel::region_code::RegionLevel::{Prefecture, Township};
    let at = |level| origin.ancestor(level).unwrap_or(origin).as_i64();
    ActiveModel {
        origin_village: Set(origin.as_i64()),
        origin_township: Set(at(Township)),
        origin_county: Set(origin.county().unwrap_or(origin).as_i64()),
        origin_prefecture: Set(at(Prefecture)),
        ..row
    }
}

fn derived_columns(derived: Derived) -> ActiveModel {
    let Derived {
        work_status,
        since,
        able,
        willing,
        left_public_post: _,
        current,
        split,
    } = derived;
    let workplace = current
        .as_ref()
        .map(|job| job.workplace)
        .filter(|_| split != Some(WorkSplit::OutsideProvince));
    ActiveModel {
        work_status: Set(work_status.as_str().to_owned()),
        work_status_since: Set(since),
        able: Set(able),
        willing: Set(willing),
        current_employment_id: Set(current.map(|job| job.employment.uuid())),
        work_county: Set(workplace
            .and_then(RegionCode::county)
            .map(RegionCode::as_i64)),
        work_prefecture: Set(workplace
            .and_then(RegionCode::prefecture)
            .map(RegionCode::as_i64)),
        work_split: Set(split.map(|split| split.as_str().to_owned())),
        ..ActiveModel {
            id: NotSet,
            ..Default::default()
        }
    }
}

/// What an update changes; every field that stays is left out.
#[derive(Default)]
pub(in super::super) struct Changes {
    pub(in super::super) name: Option<String>,
    pub(in super::super) household: Option<HouseholdId>,
    pub(in super::super) resident_id: Option<(SealedValue, BlindIndex, i32)>,
    pub(in super::super) phone: Option<Option<SealedValue>>,
    pub(in super::super) bank_account: Option<Option<Account>>,
    pub(in super::super) education: Option<Option<Education>>,
    pub(in super::super) skills: Option<Vec<String>>,
    pub(in super::super) origin: Option<RegionCode>,
    pub(in super::super) origin_address: Option<Option<String>>,
    pub(in super::super) stay: Option<Option<RegionCode>>,
    pub(in super::super) categories: Option<Categories>,
    pub(in super::super) derived: Option<Derived>,
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
    let mut row = changes
        .derived
        .map_or_else(Default::default, derived_columns);
    if let Some(origin) = changes.origin {
        row = located(row, origin);
    }
    if let Some(name) = changes.name {
        row.name = Set(name);
    }
    if let Some(household) = changes.household {
        row.household_id = Set(household.uuid());
    }
    if let Some((value, index, birth_year)) = changes.resident_id {
        row.resident_id_sealed = Set(value.sealed.into_bytes());
        row.resident_id_mask = Set(value.mask);
        row.resident_id_index = Set(index.as_bytes().to_vec());
        row.birth_year = Set(birth_year);
    }
    if let Some(phone) = changes.phone {
        let (sealed, mask) = parts(phone);
        row.phone_sealed = Set(sealed);
        row.phone_mask = Set(mask);
    }
    if let Some(account) = changes.bank_account {
        let (account, index) = account_parts(account);
        let (sealed, mask) = parts(account);
        row.bank_account_sealed = Set(sealed);
        row.bank_account_mask = Set(mask);
        row.bank_account_index = Set(index);
    }
    if let Some(education) = changes.education {
        row.education = Set(education.map(|e| e.as_str().to_owned()));
    }
    if let Some(skills) = changes.skills {
        row.skills = Set(serde_json::json!(skills).to_string());
    }
    if let Some(address) = changes.origin_address {
        row.origin_address = Set(address);
    }
    if let Some(stay) = changes.stay {
        row.stay_region = Set(stay.map(RegionCode::as_i64));
    }
    if let Some(categories) = changes.categories {
        row.categories = Set(categories.bits());
    }
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
