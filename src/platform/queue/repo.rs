//! SQL of the queue.
//!
//! States stand in the statements as literals, because only then do the partial indexes apply.

use ::entity::job::{ActiveModel, Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{
    CaseStatement, CommonTableExpression, Expr, ExprTrait as _, LockBehavior, LockType, OnConflict,
    Query, SelectStatement, SimpleExpr, UnionType, WithClause, WithQuery,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult as _, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{DeadJob, JobCounts, LeasedJob, NewJob};
use crate::kernel::error::Failure;
use crate::kernel::ids::{JobId, RecordId as _};
use crate::platform::db::{WriteSession, failure};

/// A lease to be taken.
pub(super) struct NewLease<'a> {
    pub(super) owner: &'a str,
    pub(super) kinds: &'a [&'static str],
    pub(super) n: u64,
    pub(super) now: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// How a run failed.
pub(super) struct FailedRun {
    pub(super) error: String,
    pub(super) now: DateTime<Utc>,
    pub(super) retry_at: DateTime<Utc>,
}

fn ready() -> Expr {
    Expr::cust("state = 'READY'")
}

fn leased() -> Expr {
    Expr::cust("state = 'LEASED'")
}

fn dead_letter() -> Expr {
    Expr::cust("state = 'DEAD'")
}

/// Adds a job, or joins it to the one that has its key.
pub(super) async fn insert_in(
    session: &WriteSession,
    now: DateTime<Utc>,
    job: NewJob,
) -> Result<(), Failure> {
    let NewJob {
        kind,
        payload,
        run_at,
        dedupe_key,
        max_attempts,
    } = job;
    // Never in the past: `done` tells a request that came during a run by its later time.
    let run_at = Ord::max(run_at.unwrap_or(now), now);
    let id: JobId = session.next_id();
    let row = ActiveModel {
        id: Set(id.uuid()),
        kind: Set(kind.to_owned()),
        payload: Set(payload.to_string()),
        dedupe_key: Set(dedupe_key),
        state: Set("READY".to_owned()),
        run_at: Set(run_at),
        attempts: Set(0),
        max_attempts: Set(i32::from(Ord::max(max_attempts, 1))),
        lease_until: Set(None),
        lease_owner: Set(None),
        last_error: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
    };
    let own_time = Expr::cust("job.state = 'READY' AND job.run_at <= excluded.run_at");
    let join = OnConflict::columns([Column::Kind, Column::DedupeKey])
        .target_and_where(Expr::cust("state IN ('READY', 'LEASED')"))
        .value(
            Column::RunAt,
            CaseStatement::new()
                .case(own_time, Expr::cust("job.run_at"))
                .finally(Expr::cust("excluded.run_at")),
        )
        .to_owned();
    Entity::insert(row)
        .on_conflict(join)
        .exec_without_returning(session.transaction())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Whether [`lease_in`] would find anything.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn anything_due(
    conn: &impl ConnectionTrait,
    kinds: &[&'static str],
    now: DateTime<Utc>,
) -> Result<bool, Failure> {
    for due in [
        ready().and(Column::RunAt.lte(now)),
        leased().and(Column::LeaseUntil.lt(now)),
    ] {
        let found = Entity::find()
            .filter(due)
            .filter(Column::Kind.is_in(kinds.iter().copied()))
            .one(conn)
            .await
            .map_err(failure)?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes jobs by one statement. On PostgreSQL rows locked by a concurrent call are skipped; on
/// SQLite the transaction holds the only write lock from its start.
pub(super) async fn lease_in(
    tx: &DatabaseTransaction,
    lease: &NewLease<'_>,
) -> Result<Vec<LeasedJob>, Failure> {
    let rows = tx
        .query_all(&lease_statement(lease))
        .await
        .map_err(failure)?;
    rows.iter()
        .map(|row| from_model(Model::from_query_result(row, "").map_err(failure)?))
        .collect()
}

fn lease_statement(lease: &NewLease<'_>) -> WithQuery {
    // Two limited walks along the two partial indexes; one with OR would sort the whole backlog.
    let due = candidates(lease, ready(), Column::RunAt);
    let expired = candidates(lease, leased(), Column::LeaseUntil);
    let cte = |name: &'static str, query: SelectStatement| {
        CommonTableExpression::new()
            .query(query)
            .table_name(name)
            .column("id")
            .to_owned()
    };
    let chosen = Query::select()
        .column("id")
        .from("expired")
        .union(
            UnionType::All,
            Query::select().column("id").from("due").take(),
        )
        .limit(lease.n)
        .take();
    Query::update()
        .table(Entity)
        .value(Column::State, Expr::cust("'LEASED'"))
        .value(Column::LeaseOwner, lease.owner)
        .value(Column::LeaseUntil, lease.until)
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .and_where(Expr::col(Column::Id).in_subquery(chosen))
        .returning_all()
        .take()
        .with(
            WithClause::new()
                .cte(cte("due", due))
                .cte(cte("expired", expired))
                .to_owned(),
        )
}

fn candidates(lease: &NewLease<'_>, state: Expr, since: Column) -> SelectStatement {
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(state)
        .and_where(since.lte(lease.now))
        .and_where(Column::Kind.is_in(lease.kinds.iter().copied()))
        .order_by(since, Order::Asc)
        .limit(lease.n)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take()
}

/// Gives up jobs whose last permitted run never came back.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn bury_vanished_in(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<(), Failure> {
    Entity::update_many()
        .col_expr(Column::State, Expr::cust("'DEAD'"))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .col_expr(Column::LastError, Expr::value(reason))
        .col_expr(Column::LeaseOwner, null())
        .col_expr(Column::LeaseUntil, null())
        .filter(leased())
        .filter(Column::LeaseUntil.lte(now))
        .filter(Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts)))
        .exec(tx)
        .await
        .map_err(failure)?;
    Ok(())
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

fn null() -> Expr {
    Expr::cust("NULL")
}

/// Moves the end of a lease; whether it was still held.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn renew(
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
pub(super) async fn done(
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
pub(super) async fn failed(
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
pub(super) async fn release(conn: &impl ConnectionTrait, owner: &str) -> Result<u64, Failure> {
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

/// Jobs by state.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn counts(conn: &impl ConnectionTrait) -> Result<JobCounts, Failure> {
    let count = async |state: Expr| {
        let jobs = Entity::find().filter(state).count(conn).await;
        jobs.map_err(failure)
    };
    Ok(JobCounts {
        ready: count(ready()).await?,
        leased: count(leased()).await?,
        dead: count(dead_letter()).await?,
    })
}

/// The latest dead letters.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn dead(conn: &impl ConnectionTrait, n: u64) -> Result<Vec<DeadJob>, Failure> {
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

/// Deletes what was done before an instant.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(super) async fn forget_done(
    conn: &impl ConnectionTrait,
    before: DateTime<Utc>,
) -> Result<u64, Failure> {
    let forgotten = Entity::delete_many()
        .filter(Expr::cust("state = 'DONE'"))
        .filter(Column::FinishedAt.lt(before))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(forgotten.rows_affected)
}

fn from_model(job: Model) -> Result<LeasedJob, Failure> {
    let Model {
        id,
        kind,
        payload,
        dedupe_key: _,
        state: _,
        run_at,
        attempts,
        max_attempts,
        lease_until: _,
        lease_owner,
        last_error: _,
        created_at: _,
        finished_at: _,
    } = job;
    Ok(LeasedJob {
        id: JobId::from_uuid(id),
        kind,
        payload: serde_json::from_str(&payload).map_err(Failure::internal)?,
        attempt: attempts,
        max_attempts,
        owner: lease_owner.ok_or_else(|| Failure::internal("a leased job has an owner"))?,
        run_at,
    })
}
