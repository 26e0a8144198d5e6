//! Who helps whom: one open pairing per person, with its history.

use std::collections::HashMap;

use ::entity::helper_assignment::{ActiveModel, Column, Entity, Model};
use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::super::model::Pairing;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId, WorkerId};
use crate::platform::db::{Session, WriteSession, failure, scope};

fn to_model(row: Model) -> Pairing {
    Pairing {
        helper: row.helper_subject,
        since: row.since,
    }
}

/// The present helpers of the people the session reaches among these; in one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn present(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Pairing>, Failure> {
    let ids: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    let open = Entity::find()
        .filter(scope::workers_of(session, Column::WorkerId, &ids))
        .filter(Column::Until.is_null())
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(open
        .into_iter()
        .map(|row| (WorkerId::from_uuid(row.worker_id), to_model(row)))
        .collect())
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
    Ok(open.map(to_model))
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

/// Why a person has a helper no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Release {
    /// They are out of the helper's reach, for good.
    OutOfReach,
    /// They died, as far as is known.
    Death,
}

/// Ends the pairing of a person on `on`; `false` when there is none. One that began later has this
/// first day as its last. Out of reach, a pairing that a death ended is over for good as well.
#[expect(
    clippy::disallowed_methods,
    reason = "pairings follow their person, whom the use case has read within its scope"
)]
pub(in super::super) async fn release_in(
    tx: &WriteSession,
    worker: WorkerId,
    on: NaiveDate,
    release: Release,
) -> Result<bool, Failure> {
    let present = present_in(tx, worker).await?;
    let mut ended = Entity::update_many().filter(Column::WorkerId.eq(worker.uuid()));
    ended = match (release, &present) {
        (Release::OutOfReach, _) => ended
            .col_expr(Column::EndedByDeath, Expr::val(false))
            .filter(Column::EndedByDeath.eq(true)),
        (Release::Death, None) => return Ok(false),
        (Release::Death, Some(_)) => ended
            .col_expr(Column::EndedByDeath, Expr::val(true))
            .filter(Column::Until.is_null()),
    };
    ended.exec(&tx.executor()).await.map_err(failure)?;
    if let Some(present) = &present {
        end_in(tx, worker, on.max(present.since)).await?;
    }
    Ok(present.is_some())
}

/// Opens the pairing again that a death ended; `false` when there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "pairings follow their person, whom the use case has read within its scope"
)]
pub(in super::super) async fn reopen_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<bool, Failure> {
    let reopened = Entity::update_many()
        .col_expr(Column::Until, Expr::val(None::<NaiveDate>))
        .col_expr(Column::EndedByDeath, Expr::val(false))
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::EndedByDeath.eq(true))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(reopened.rows_affected > 0)
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
        ended_by_death: Set(false),
        assigned_by: Set(tx.permit().principal().subject().to_owned()),
        recorded_at: Set(tx.now()),
    };
    Entity::insert(row)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
