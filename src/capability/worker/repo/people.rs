//! The people that other capabilities keep facts about: locked, so that what is derived from facts
//! sees every fact, and walked in the order of registration.

use ::entity::worker::{Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select,
};
use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{ReadSession, Session as _, WriteSession, failure, keys, scope};

/// Somebody who is locked: the record, its version, and the keyed hash of the resident id by now.
pub type Locked = (WorkerId, i64, BlindIndex);

/// Locks people until the unit of work ends, in one order for everybody so that two units of work
/// cannot wait for each other; in that order. Whoever had to wait for the lock finds what the other
/// unit of work left.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn lock_in(tx: &WriteSession, workers: &[WorkerId]) -> Result<Vec<Locked>, Failure> {
    let found = of_ids(tx, workers).lock_exclusive();
    locked(found.into_tuple().all(&tx.executor()).await)
}

/// As [`lock_in`], of those whom no other unit of work has locked: nobody is waited for. On SQLite,
/// where units of work come one after the other, all of them.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn lock_free_in(tx: &WriteSession, workers: &[WorkerId]) -> Result<Vec<Locked>, Failure> {
    let found = of_ids(tx, workers).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    locked(found.into_tuple().all(&tx.executor()).await)
}

#[expect(
    clippy::disallowed_methods,
    reason = "people whom the use case has read or matched, in the whole province"
)]
fn of_ids(tx: &WriteSession, workers: &[WorkerId]) -> Select<Entity> {
    let ids: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version, Column::ResidentIdIndex])
        .filter(keys::any_of(tx, Column::Id, &ids))
        .order_by_asc(Column::Id)
}

fn locked(found: Result<Vec<(Uuid, i64, Vec<u8>)>, DbErr>) -> Result<Vec<Locked>, Failure> {
    found
        .map_err(failure)?
        .into_iter()
        .map(|(id, version, index)| {
            let index = <[u8; 32]>::try_from(index.as_slice()).map_err(Failure::internal)?;
            let index = BlindIndex::from_bytes(index);
            Ok((WorkerId::from_uuid(id), version, index))
        })
        .collect()
}

/// Somebody with the instant of their registration.
pub type Registered = (WorkerId, DateTime<Utc>);

/// The next people behind one, in the order of their ids, which is that of registration.
///
/// # Errors
/// [`Failure`] of the database.
#[expect(clippy::disallowed_methods, reason = "starts from the scope")]
pub async fn registered_after(
    session: &ReadSession,
    after: WorkerId,
    most: u64,
) -> Result<Vec<Registered>, Failure> {
    let found: Vec<(Uuid, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CreatedAt])
        .filter(scope::workers(session, Column::Id))
        .filter(Column::Id.gt(after.uuid()))
        .order_by_asc(Column::Id)
        .limit(most)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|(id, at)| (WorkerId::from_uuid(id), at))
        .collect())
}

/// An id below those of everybody registered at this instant or later: ids begin with the
/// millisecond of their making.
pub fn before(instant: DateTime<Utc>) -> WorkerId {
    let millis = u64::try_from(instant.timestamp_millis()).unwrap_or(0);
    let first = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]);
    WorkerId::from_uuid(first.into_uuid())
}

/// Ids of the people registered in a region, as a sub-query.
pub fn registered_in(region: RegionCode) -> SelectStatement {
    let (from, to) = region.range();
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::OriginVillage.between(from.as_i64(), to.as_i64()))
        .take()
}

/// The keyed hashes of every registered resident id, as a sub-query.
pub fn registered_indexes() -> SelectStatement {
    Query::select()
        .column(Column::ResidentIdIndex)
        .from(Entity)
        .take()
}
