//! The people of households.

use std::collections::HashMap;

use ::entity::worker::{Column, Entity};
use sea_orm::{Condition, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::super::model::Worker;
use super::workers::{COLUMNS, Row, scoped};
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId as _};
use crate::kernel::page::MAX_PAGE;
use crate::platform::db::{Session, WriteSession, failure, keys};

fn uuids(households: &[HouseholdId]) -> Vec<Uuid> {
    households.iter().map(|id| id.uuid()).collect()
}

/// Everybody in these households, locked until the unit of work ends, in the order of their ids.
#[expect(
    clippy::disallowed_methods,
    reason = "people follow their household, which the caller has admitted: none may stay behind"
)]
pub(in super::super) async fn locked_in(
    tx: &WriteSession,
    households: &[HouseholdId],
) -> Result<Vec<Worker>, Failure> {
    Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(keys::any_of(tx, Column::HouseholdId, &uuids(households)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_model::<Row>()
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(Worker::try_from)
        .collect()
}

/// The people of these households whom the session reaches, at most a page of each.
pub(in super::super) async fn visible(
    session: &impl Session,
    households: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<Worker>>, Failure> {
    let condition = Condition::all().add(keys::any_of(
        session,
        Column::HouseholdId,
        &uuids(households),
    ));
    let bound = MAX_PAGE * households.len() as u64;
    let rows = scoped(session, condition)
        .order_by_asc(Column::HouseholdId)
        .order_by_asc(Column::Id)
        .limit(bound)
        .into_model::<Row>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let worker = Worker::try_from(row)?;
        let members = found.entry(worker.household).or_default();
        if (members.len() as u64) < MAX_PAGE {
            members.push(worker);
        }
    }
    Ok(found)
}
