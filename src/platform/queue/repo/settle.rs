//! What becomes of a job that is held.

use ::entity::job::{Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{leased, null};
use crate::kernel::error::Failure;
use crate::kernel::ids::RecordId as _;
use crate::platform::db::failure;
use crate::platform::queue::LeasedJob;

/// How a run failed.
pub(in crate::platform::queue) struct FailedRun {
    pub(in crate::platform::queue) error: String,
    pub(in crate::platform::queue) now: DateTime<Utc>,
    pub(in crate::platform::queue) retry_at: DateTime<Utc>,
}

/// The row, as long as this very run holds it: a later holder has another owner or attempt.
fn held(job: &LeasedJob) -> Expr {
    Column::Id
        .eq(job.id.uuid())
        .and(leased())
        .and(Column::LeaseOwner.eq(job.owner.as_str()))
        .and(Column::Attempts.eq(job.attempt))
}

/// `then` when nobody asked for another run during this one, else `again`.
fn unless_asked_again(
    job: &LeasedJob,
    then: impl Into<SimpleExpr>,
    again: impl Into<SimpleExpr>,
) -> Expr {
    CaseStatement::new()
        .case(Column::RunAt.eq(job.run_at), then)
        .finally(again)
        .into()
}

/// Moves the end of a lease; whether it was still held.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn renew(
    conn: &impl ConnectionTrait,
    job: &LeasedJob,
    until: DateTime<Utc>,
) -> Result<bool, Failure> {
    let renewed = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(held(job))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(renewed.rows_affected > 0)
}

/// Settles a successful run; whether the lease was still held.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn done(
    conn: &impl ConnectionTrait,
    job: &LeasedJob,
    now: DateTime<Utc>,
) -> Result<bool, Failure> {
    let state = unless_asked_again(job, Expr::cust("'DONE'"), Expr::cust("'READY'"));
    let attempts = unless_asked_again(job, Expr::col(Column::Attempts), 0);
    let finished = unless_asked_again(job, Expr::value(now), null());
    let settled = Entity::update_many()
        .col_expr(Column::State, state)
        .col_expr(Column::Attempts, attempts)
        .col_expr(Column::FinishedAt, finished)
        .col_expr(Column::LastError, null())
        .col_expr(Column::LeaseOwner, null())
        .col_expr(Column::LeaseUntil, null())
        .filter(held(job))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(settled.rows_affected > 0)
}

/// Settles a failed run: again later, or given up after the last permitted one. Asked for anew
/// during the run it starts over.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn failed(
    conn: &impl ConnectionTrait,
    job: &LeasedJob,
    run: FailedRun,
) -> Result<(), Failure> {
    let FailedRun {
        error,
        now,
        retry_at,
    } = run;
    let gives_up = job.attempt >= job.max_attempts;
    let (state, finished) = if gives_up {
        (Expr::cust("'DEAD'"), Some(now))
    } else {
        (Expr::cust("'READY'"), None)
    };
    Entity::update_many()
        .col_expr(
            Column::State,
            unless_asked_again(job, state, Expr::cust("'READY'")),
        )
        .col_expr(
            Column::Attempts,
            unless_asked_again(job, Expr::col(Column::Attempts), 0),
        )
        .col_expr(
            Column::FinishedAt,
            // A parameter has a type where two NULLs would have none.
            unless_asked_again(job, Expr::value(finished), null()),
        )
        .col_expr(
            Column::RunAt,
            unless_asked_again(job, Expr::value(retry_at), Expr::col(Column::RunAt)),
        )
        .col_expr(Column::LastError, Expr::value(error))
        .col_expr(Column::LeaseOwner, null())
        .col_expr(Column::LeaseUntil, null())
        .filter(held(job))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(())
}

/// Gives back all that an owner holds, as if those runs had not begun.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn release(
    conn: &impl ConnectionTrait,
    owner: &str,
) -> Result<u64, Failure> {
    let released = Entity::update_many()
        .col_expr(Column::State, Expr::cust("'READY'"))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
        .col_expr(Column::LeaseOwner, null())
        .col_expr(Column::LeaseUntil, null())
        .filter(leased())
        .filter(Column::LeaseOwner.eq(owner))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(released.rows_affected)
}
