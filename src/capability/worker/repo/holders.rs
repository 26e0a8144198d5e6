//! Whose a number is, by its keyed hash: for lists that are compared with the records.

use ::entity::worker::{Column, Entity};
use sea_orm::QuerySelect as _;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session, failure, keys, scope};

/// A kind of number that people are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldNumber {
    /// The resident id, which one person has.
    ResidentId,
    /// The bank account, which several people may share.
    BankAccount,
}

/// Of the people the session reaches, those who hold one of these numbers, in the order of
/// registration; at most one more than `most`. In one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn of_many(
    session: &impl Session,
    number: HeldNumber,
    indexes: &[BlindIndex],
    most: usize,
) -> Result<Vec<(BlindIndex, WorkerId)>, Failure> {
    let column = match number {
        HeldNumber::ResidentId => Column::ResidentIdIndex,
        HeldNumber::BankAccount => Column::BankAccountIndex,
    };
    let wanted = indexes.iter().map(|i| i.as_bytes().to_vec()).collect();
    let found: Vec<(Vec<u8>, Uuid)> = Entity::find()
        .select_only()
        .columns([column, Column::Id])
        .filter(scope::each_worker(session, Column::Id))
        .filter(keys::any_bytes(session, column, wanted))
        .order_by_asc(Column::Id)
        .limit(u64::try_from(most).map_err(Failure::internal)? + 1)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(index, id)| {
            let index = <[u8; 32]>::try_from(index.as_slice()).map_err(Failure::internal)?;
            Ok((BlindIndex::from_bytes(index), WorkerId::from_uuid(id)))
        })
        .collect()
}
