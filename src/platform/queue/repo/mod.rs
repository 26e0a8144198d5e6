//! SQL of the queue.
//!
//! States stand in the statements as literals, because only then do the partial indexes apply.

mod dead;
mod lease;
mod schedules;
mod settle;

use ::entity::job::{ActiveModel, Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{CaseStatement, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};

use super::{JobCounts, NewJob};
use crate::kernel::error::Failure;
use crate::kernel::ids::{JobId, RecordId as _};
use crate::platform::db::failure;

pub(super) use dead::{dead, dead_by_kind, discard, forget_earlier_dead_in, is_dead, retry};
pub(super) use lease::{NewLease, anything_due, bury_vanished_in, lease_in};
pub(super) use schedules::{Claim, claim_in, mark, move_mark, schedules, succeeded};
pub(super) use settle::{FailedRun, done, failed, release, renew};

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
    tx: &DatabaseTransaction,
    id: JobId,
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
        .exec_without_returning(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

fn null() -> Expr {
    Expr::cust("NULL")
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
