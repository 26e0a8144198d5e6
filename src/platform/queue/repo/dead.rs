//! Dead letters: what was given up and waits for an operator.

use std::collections::HashMap;

use ::entity::job::{Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{dead_letter, null};
use crate::kernel::error::Failure;
use crate::kernel::ids::{JobId, RecordId as _};
use crate::platform::db::{failure, failure_or_lost_race};
use crate::platform::queue::DeadJob;

/// The latest dead letters.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn dead(
    conn: &impl ConnectionTrait,
    n: u64,
) -> Result<Vec<DeadJob>, Failure> {
    let found = Entity::find()
        .filter(dead_letter())
        .order_by_desc(Column::FinishedAt)
        .order_by_desc(Column::Id)
        .limit(n)
        .all(conn)
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|job| DeadJob {
            id: JobId::from_uuid(job.id),
            kind: job.kind,
            attempts: job.attempts,
            last_error: job.last_error,
            finished_at: job.finished_at,
        })
        .collect())
}

/// Makes a dead letter due as if it had never run; `false` when it is none, or when another job of
/// its kind and key waits or runs.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn retry(
    conn: &impl ConnectionTrait,
    id: JobId,
    now: DateTime<Utc>,
) -> Result<bool, Failure> {
    let other = |column: Column| Expr::col(("other", column));
    let own = |column: Column| Expr::col((Entity, column));
    let standing_for_it = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "other")
        .and_where(other(Column::Kind).equals((Entity, Column::Kind)))
        .and_where(other(Column::DedupeKey).equals((Entity, Column::DedupeKey)))
        .and_where(Expr::cust("other.state IN ('READY', 'LEASED')"))
        .take();
    let queued = Entity::update_many()
        .col_expr(Column::State, Expr::cust("'READY'"))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::FinishedAt, null())
        .filter(own(Column::Id).eq(id.uuid()))
        .filter(dead_letter())
        .filter(Expr::exists(standing_for_it).not())
        .exec(conn)
        .await
        .map_err(failure_or_lost_race)?;
    Ok(queued.rows_affected > 0)
}

/// Whether there is a dead letter with this id.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn is_dead(
    conn: &impl ConnectionTrait,
    id: JobId,
) -> Result<bool, Failure> {
    let found = Entity::find()
        .filter(Column::Id.eq(id.uuid()))
        .filter(dead_letter())
        .count(conn)
        .await
        .map_err(failure)?;
    Ok(found > 0)
}

/// Deletes a dead letter; `false` when it is none.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn discard(
    conn: &impl ConnectionTrait,
    id: JobId,
) -> Result<bool, Failure> {
    let discarded = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(dead_letter())
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(discarded.rows_affected > 0)
}

/// How many dead letters each kind has.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn dead_by_kind(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<String, u64>, Failure> {
    let found: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::Kind)
        .column_as(Column::Id.count(), "jobs")
        .filter(dead_letter())
        .group_by(Column::Kind)
        .into_tuple()
        .all(conn)
        .await
        .map_err(failure)?;
    let count = |jobs: i64| u64::try_from(jobs).unwrap_or_default();
    Ok(found
        .into_iter()
        .map(|(kind, jobs)| (kind, count(jobs)))
        .collect())
}

/// Deletes the dead letters of a kind and key but for the latest.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn forget_earlier_dead_in(
    tx: &DatabaseTransaction,
    kind: &str,
    key: &str,
) -> Result<(), Failure> {
    let latest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(dead_letter())
        .and_where(Column::Kind.eq(kind))
        .and_where(Column::DedupeKey.eq(key))
        .order_by(Column::FinishedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(1)
        .take();
    Entity::delete_many()
        .filter(dead_letter())
        .filter(Column::Kind.eq(kind))
        .filter(Column::DedupeKey.eq(key))
        .filter(Column::Id.not_in_subquery(latest))
        .exec(tx)
        .await
        .map_err(failure)?;
    Ok(())
}
