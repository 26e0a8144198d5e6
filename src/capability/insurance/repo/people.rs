//! The people that insurance data is about. Their rows are the registry's; this capability only
//! locks them, so that what is derived from months sees every month, and walks them for the
//! re-query lists.

use ::entity::worker::{Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::uuids;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{ReadSession, Session as _, WriteSession, failure, keys, scope};

/// Somebody who is locked: the record, its version, and the keyed hash of the resident id by now.
pub(in super::super) type Locked = (WorkerId, i64, BlindIndex);

/// Locks people until the unit of work ends, in one order for everybody so that two deliveries
/// cannot wait for each other; in that order. Whoever had to wait for the lock finds what the other
/// unit of work left.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom a delivery has been matched with, in the whole province"
)]
pub(in super::super) async fn lock_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<Vec<Locked>, Failure> {
    let found: Vec<(Uuid, i64, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version, Column::ResidentIdIndex])
        .filter(keys::any_of(tx, Column::Id, &uuids(workers)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(id, version, index)| {
            let index = <[u8; 32]>::try_from(index.as_slice()).map_err(Failure::internal)?;
            let index = BlindIndex::from_bytes(index);
            Ok((WorkerId::from_uuid(id), version, index))
        })
        .collect()
}

/// Somebody with the instant of their registration.
pub(in super::super) type Registered = (WorkerId, DateTime<Utc>);

/// The next people behind one, in the order of their ids, which is that of registration.
#[expect(clippy::disallowed_methods, reason = "starts from the scope")]
pub(in super::super) async fn registered_after(
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
pub(in super::super) fn before(instant: DateTime<Utc>) -> WorkerId {
    let millis = u64::try_from(instant.timestamp_millis()).unwrap_or(0);
    let first = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]);
    WorkerId::from_uuid(first.into_uuid())
}
