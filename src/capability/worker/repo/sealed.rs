//! The sealed values of people, read apart from everything else: most statements never touch them.

use ::entity::worker::{Column, Entity, Model};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId, WorkerId};
use crate::platform::crypto::{BlindIndex, Sealed};
use crate::platform::db::{ReadSession, Session, failure, keys, scope};

/// A personal value as it is stored: sealed, with what may be shown of it.
pub(in super::super) struct SealedValue {
    pub(in super::super) sealed: Sealed,
    pub(in super::super) mask: String,
}

/// A bank account as it is stored. It is found again by its hash, and it is not unique: people of
/// one household share accounts.
pub(in super::super) struct Account {
    pub(in super::super) value: SealedValue,
    pub(in super::super) index: BlindIndex,
}

/// What is sealed of one person within the session's scope, for a reveal or a re-seal.
pub(in super::super) struct SealedFields {
    pub(in super::super) resident_id: Sealed,
    pub(in super::super) phone: Option<Sealed>,
    pub(in super::super) bank_account: Option<Sealed>,
}

/// The sealed values of one person, if the session reaches them.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn sealed(
    session: &impl Session,
    id: WorkerId,
) -> Result<Option<SealedFields>, Failure> {
    let found: Option<Model> = Entity::find_by_id(id.uuid())
        .filter(scope::each_worker(session, Column::Id))
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.map(|row| SealedFields {
        resident_id: Sealed::from_bytes(row.resident_id_sealed),
        phone: row.phone_sealed.map(Sealed::from_bytes),
        bank_account: row.bank_account_sealed.map(Sealed::from_bytes),
    }))
}

/// Names and sealed resident ids, in the order of the records' ids.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom the caller has been told of by their capability's own rule"
)]
pub(in super::super) async fn resident_ids(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<Vec<(WorkerId, String, Sealed)>, Failure> {
    let ids: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    let found: Vec<(Uuid, String, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name, Column::ResidentIdSealed])
        .filter(keys::any_of(session, Column::Id, &ids))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|(id, name, sealed)| {
            let sealed = Sealed::from_bytes(sealed);
            (WorkerId::from_uuid(id), name, sealed)
        })
        .collect())
}
