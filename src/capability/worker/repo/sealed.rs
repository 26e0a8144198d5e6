//! The sealed values of people, read apart from everything else: most statements never touch them.

use ::entity::worker::{Column, Entity, Model};
use sea_orm::{EntityTrait, QueryFilter};

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId, WorkerId};
use crate::platform::crypto::{BlindIndex, Sealed};
use crate::platform::db::{Session, failure, scope};

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
