//! Taking jobs.

use ::entity::job::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait as _, LockBehavior, LockType, Query, SelectStatement,
    UnionType, WithClause, WithQuery,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult as _, Order,
    QueryFilter,
};

use super::{leased, null, ready};
use crate::kernel::error::Failure;
use crate::kernel::ids::{JobId, RecordId as _};
use crate::platform::db::failure;
use crate::platform::queue::LeasedJob;

/// A lease to be taken.
pub(in crate::platform::queue) struct NewLease<'a> {
    pub(in crate::platform::queue) owner: &'a str,
    pub(in crate::platform::queue) kinds: &'a [&'static str],
    pub(in crate::platform::queue) n: u64,
    pub(in crate::platform::queue) now: DateTime<Utc>,
    pub(in crate::platform::queue) until: DateTime<Utc>,
}

/// Whether [`lease_in`] would find anything.
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn anything_due(
    conn: &impl ConnectionTrait,
    kinds: &[&'static str],
    now: DateTime<Utc>,
) -> Result<bool, Failure> {
    for due in [
        ready().and(Column::RunAt.lte(now)),
        leased().and(Column::LeaseUntil.lte(now)),
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
#[expect(
    clippy::disallowed_methods,
    reason = "the queue is the platform's own table and has no scope"
)]
pub(in crate::platform::queue) async fn lease_in(
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
pub(in crate::platform::queue) async fn bury_vanished_in(
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
