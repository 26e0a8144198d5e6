//! Durable background jobs in the database, shared by any number of servers through leases.
//!
//! A job is enqueued in the transaction that makes it necessary, so it exists exactly when that
//! change does. A worker leases it for a while; if the worker dies, the lease runs out and another
//! one takes the job over. A run may therefore be repeated and handlers are idempotent: a handler
//! whose effect is in this database calls [`Queue::done_in`] in the transaction of the effect, and
//! then a crash neither loses nor repeats it. What keeps failing ends as a dead letter that
//! `exchange doctor` shows. Why this is our own: `docs/decisions/0005-job-queue.md`.
//!
//! Times are wall time, never the domain clock: a demo that starts in another year must not hold
//! its leases until then.

mod repo;
mod schedule;
mod worker;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::clock::Clock;
use crate::kernel::error::Failure;
use crate::kernel::ids::JobId;
use crate::platform::db::{Db, WriteSession};

pub use schedule::{Progress, Schedule};
pub use worker::{Handler, Worker, WorkerSettings};

/// Pause after the first failed run; it doubles with each one.
const FIRST_BACK_OFF: TimeDelta = TimeDelta::seconds(10);
/// The longest pause between two runs.
const LONGEST_BACK_OFF: TimeDelta = TimeDelta::hours(1);
/// How much of an error is kept, in characters.
const MAX_ERROR: usize = 500;
/// What a job says that took its workers with it as often as it may run.
const VANISHED: &str = "the worker vanished during the last permitted run";

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// The handler's input: ids and codes, never personal data.
    pub payload: serde_json::Value,
    /// Not before this instant of wall time; at once when absent.
    pub run_at: Option<DateTime<Utc>>,
    /// At most one job of a kind waits or runs under a key; see [`Queue::enqueue_in`].
    pub dedupe_key: Option<String>,
    /// Runs after which it becomes a dead letter, at least 1.
    pub max_attempts: u16,
}

/// A job this worker holds. Not `Clone`: there is one holder.
#[derive(Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// Its id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// The handler's input.
    pub payload: serde_json::Value,
    /// Which run this is, from 1.
    pub attempt: i32,
    /// Runs after which it becomes a dead letter.
    pub max_attempts: i32,
    /// Who holds it.
    owner: String,
    /// For when it was due. A later request under its key moves this, and then it runs once more.
    run_at: DateTime<Utc>,
}

/// How many jobs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for their time or for a worker.
    pub ready: u64,
    /// Held by a worker.
    pub leased: u64,
    /// Given up; an operator has to look.
    pub dead: u64,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// Which handler failed.
    pub kind: String,
    /// How often it ran.
    pub attempts: i32,
    /// Why the last run failed.
    pub last_error: Option<String>,
    /// When it was given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// What became of a wish to run a dead letter again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It waits like a new job and is due at once.
    Queued,
    /// A job of its kind and key waits or runs already and stands for it.
    Superseded,
    /// There is no dead letter with this id.
    Unknown,
}

/// The queue. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    db: Db,
    clock: Clock,
}

impl Queue {
    /// A queue in this database. `wall_clock` is [`Clock::system`] outside tests.
    #[must_use]
    pub const fn new(db: Db, wall_clock: Clock) -> Self {
        Self {
            db,
            clock: wall_clock,
        }
    }

    /// Adds a job in the caller's transaction.
    ///
    /// With a dedupe key that a job of this kind has already: if that job waits, it stands for
    /// both and runs at the earlier of the two times; if it runs right now it may have read the
    /// state before the caller's change, so it will run once more.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn enqueue_in(&self, session: &WriteSession, job: NewJob) -> Result<(), Failure> {
        let now = self.clock.now();
        repo::insert_in(session.transaction(), session.next_id(), now, job).await
    }

    /// Takes up to `n` jobs of these kinds that are due, or whose holder let its lease run out,
    /// oldest first. No two callers get the same job.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn lease(
        &self,
        owner: &str,
        kinds: &[&'static str],
        n: u64,
        lease_for: TimeDelta,
    ) -> Result<Vec<LeasedJob>, Failure> {
        let now = self.clock.now();
        // Looking first keeps an idle worker from taking SQLite's only write lock every second.
        if n == 0 || !repo::anything_due(self.db.latest(), kinds, now).await? {
            return Ok(Vec::new());
        }
        let lease = repo::NewLease {
            owner,
            kinds,
            n,
            now,
            until: now + lease_for,
        };
        let primary = self.db.primary();
        let tx = primary.begin().await?;
        repo::bury_vanished_in(&tx, now, VANISHED).await?;
        let mut jobs = repo::lease_in(&tx, &lease).await?;
        primary.commit_quietly(tx).await?;
        jobs.sort_by_key(|job| (job.run_at, job.id));
        Ok(jobs)
    }

    /// Extends a lease; `false` when it is lost and somebody else may hold the job by now.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn renew(&self, job: &LeasedJob, lease_for: TimeDelta) -> Result<bool, Failure> {
        let until = self.clock.now() + lease_for;
        repo::renew(self.db.primary().connection(), job, until).await
    }

    /// The run succeeded. A lease that is lost or already settled by [`Queue::done_in`] is left
    /// alone.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn done(&self, job: &LeasedJob) -> Result<(), Failure> {
        let connection = self.db.primary().connection();
        repo::done(connection, job, self.clock.now()).await?;
        Ok(())
    }

    /// The run succeeds together with the caller's transaction.
    ///
    /// # Errors
    /// [`Failure::Contended`] when the lease is lost: the caller must not commit, because another
    /// worker is at the same job. [`Failure`] of the database.
    pub async fn done_in(&self, session: &WriteSession, job: &LeasedJob) -> Result<(), Failure> {
        if repo::done(session.transaction(), job, self.clock.now()).await? {
            Ok(())
        } else {
            Err(Failure::Contended(format!(
                "the lease of a {} job was lost before its work was committed",
                job.kind
            )))
        }
    }

    /// The run failed: it is repeated after a pause that doubles from 10 seconds to an hour, or
    /// given up after the last permitted one. `error` is for operators, cut to 500 characters; by
    /// convention it names records by id only and holds no personal data.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn failed(&self, job: &LeasedJob, error: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let outcome = repo::FailedRun {
            error: error.chars().take(MAX_ERROR).collect(),
            now,
            retry_at: now + back_off(job.attempt),
        };
        repo::failed(self.db.primary().connection(), job, outcome).await
    }

    /// Gives every job of a worker that stops back at once; the interrupted runs do not count.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn release(&self, owner: &str) -> Result<u64, Failure> {
        repo::release(self.db.primary().connection(), owner).await
    }

    /// Jobs by state, for metrics.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn counts(&self) -> Result<JobCounts, Failure> {
        repo::counts(self.db.latest()).await
    }

    /// Up to `n` dead letters, the latest first, for `exchange queue` and `exchange doctor`.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn dead(&self, n: u64) -> Result<Vec<DeadJob>, Failure> {
        repo::dead(self.db.latest(), n).await
    }

    /// How many dead letters there are of each kind that has any.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn dead_by_kind(&self) -> Result<HashMap<String, u64>, Failure> {
        repo::dead_by_kind(self.db.latest()).await
    }

    /// Lets a dead letter run again as often as a new job may; its last error stays to be read
    /// until the next run ends.
    ///
    /// # Errors
    /// [`Failure::Contended`] when a job with its key was added at the same moment; [`Failure`] of
    /// the database.
    pub async fn retry(&self, id: JobId) -> Result<Retried, Failure> {
        let connection = self.db.primary().connection();
        if repo::retry(connection, id, self.clock.now()).await? {
            return Ok(Retried::Queued);
        }
        Ok(if repo::is_dead(connection, id).await? {
            Retried::Superseded
        } else {
            Retried::Unknown
        })
    }

    /// Deletes a dead letter for good; `false` when there is none with this id.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn discard(&self, id: JobId) -> Result<bool, Failure> {
        repo::discard(self.db.primary().connection(), id).await
    }

    /// Deletes jobs that were done before an instant; dead letters stay.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn forget_done(&self, before: DateTime<Utc>) -> Result<u64, Failure> {
        repo::forget_done(self.db.primary().connection(), before).await
    }
}

/// The pause after the run with this number.
fn back_off(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0);
    2_i32
        .checked_pow(doublings)
        .and_then(|factor| FIRST_BACK_OFF.checked_mul(factor))
        .map_or(LONGEST_BACK_OFF, |pause| pause.min(LONGEST_BACK_OFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour_and_never_overflows() {
        let seconds: Vec<i64> = (1..=11).map(|run| back_off(run).num_seconds()).collect();
        assert_eq!(
            seconds,
            [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
        );
        for odd in [i32::MIN, 0] {
            assert_eq!(back_off(odd), FIRST_BACK_OFF);
        }
        assert_eq!(back_off(i32::MAX), LONGEST_BACK_OFF);
    }
}
