//! Who helps whom: one open pairing per person, with its history.

use ::entity::helper_assignment::{ActiveModel, Column, Entity};
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId, WorkerId};
use crate::platform::db::{Session as _, WriteSession, failure};

/// The present helper of a person.
pub(in super::super) struct Pairing {
    /// Subject of the helper's token.
    pub(in super::super) helper: String,
    /// First day.
    pub(in super::super) since: NaiveDate,
}

/// The present helper of a person whom the use case has locked.
#[expect(
    clippy::disallowed_methods,
    reason = "pairings follow their person, whom the use case has read within its scope"
)]
pub(in super::super) async fn present_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<Option<Pairing>, Failure> {
    let open = Entity::find()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Until.is_null())
        .one(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(open.map(|row| Pairing {
        helper: row.helper_subject,
        since: row.since,
    }))
}

/// Ends the present pairing of a person on `until`, its last day.
#[expect(
    clippy::disallowed_methods,
    reason = "pairings follow their person, whom the use case has read within its scope"
)]
pub(in super::super) async fn end_in(
    tx: &WriteSession,
    worker: WorkerId,
    until: NaiveDate,
) -> Result<(), Failure> {
    Entity::update_many()
        .col_expr(Column::Until, until.into())
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Until.is_null())
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Ends the pairing of a person who leaves the helper's reach on `on`; `false` when there is none.
/// One that began later has this first day as its last.
pub(in super::super) async fn release_in(
    tx: &WriteSession,
    worker: WorkerId,
    on: NaiveDate,
) -> Result<bool, Failure> {
    let Some(present) = present_in(tx, worker).await? else {
        return Ok(false);
    };
    end_in(tx, worker, on.max(present.since)).await?;
    Ok(true)
}

/// Pairs a person who has no helper.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    worker: WorkerId,
    pairing: Pairing,
) -> Result<(), Failure> {
    let Pairing { helper, since } = pairing;
    let row = ActiveModel {
        id: Set(tx.next_id::<WorkerId>().uuid()),
        worker_id: Set(worker.uuid()),
        helper_subject: Set(helper),
        since: Set(since),
        until: Set(None),
        assigned_by: Set(tx.permit().principal().subject().to_owned()),
        recorded_at: Set(tx.now()),
    };
    Entity::insert(row)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
