//! What is done every so often, as durable jobs: any number of servers ask, and one job comes of it
//! per period.
//!
//! Wall time is cut into periods from 1970 on, so that all servers mean the same one. The row of a
//! schedule says which period was asked for last; whoever moves it on enqueues the job in the same
//! transaction. All jobs of a schedule share a key: a run that takes longer than its period is
//! followed by one more, never overtaken, and one that was given up stands in nobody's way.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{NewJob, Queue, repo};
use crate::kernel::error::Failure;
use crate::kernel::ids::JobId;
use crate::platform::telemetry::metrics;

/// What all jobs of a schedule carry, so that one of them waits or runs at a time.
const KEY: &str = "scheduled";
/// Runs of one job: five within three minutes. The next period has a job of its own.
const MAX_ATTEMPTS: u16 = 5;
/// Periods without a success after which somebody should look.
const OVERDUE: i32 = 3;

/// Something to be done once per period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name, which is the kind of its jobs.
    pub name: &'static str,
    /// The length of its periods, at least a second.
    pub every: TimeDelta,
}

/// How far a schedule has come, in wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When it was asked for the first time.
    pub since: DateTime<Utc>,
    /// Start of the last period that was asked for.
    pub asked_for: DateTime<Utc>,
    /// When its last successful run ended.
    pub last_success: Option<DateTime<Utc>>,
}

impl Schedule {
    /// Start of the period that `now` lies in.
    fn period(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let length = self.every.num_seconds().max(1);
        let seconds = now.timestamp().div_euclid(length) * length;
        DateTime::from_timestamp(seconds, 0).unwrap_or(now)
    }

    /// Whether no job was asked for in the period of `now`. A period in the future was claimed by a
    /// clock that was wrong, and must not silence the schedule until then.
    fn is_due(&self, now: DateTime<Utc>, progress: Option<&Progress>) -> bool {
        let period = self.period(now);
        progress
            .is_none_or(|known| known.asked_for < period || known.asked_for > period + self.every)
    }

    /// Whether it has gone without a success for more than three periods.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>, progress: &Progress) -> bool {
        let last = progress.last_success.unwrap_or(progress.since);
        now - last > self.every * OVERDUE
    }

    fn job(&self) -> NewJob {
        NewJob {
            kind: self.name,
            payload: serde_json::Value::Null,
            run_at: None,
            dedupe_key: Some(KEY.to_owned()),
            max_attempts: MAX_ATTEMPTS,
        }
    }
}

impl Queue {
    /// Now, in the queue's wall time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How far every schedule has come that was ever asked for.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn schedules(&self) -> Result<HashMap<String, Progress>, Failure> {
        let found = repo::schedules(self.db.latest()).await?;
        Ok(found.into_iter().collect())
    }

    /// Enqueues a job for each schedule whose period has none yet, whoever else asks; the names of
    /// those that this call enqueued. Only looks where nothing is due.
    ///
    /// # Errors
    /// [`Failure`] of the database; jobs enqueued before it stay.
    pub async fn ask_for_due(&self, schedules: &[Schedule]) -> Result<Vec<&'static str>, Failure> {
        let known = self.schedules().await?;
        let now = self.clock.now();
        let mut asked = Vec::new();
        for schedule in schedules {
            if schedule.is_due(now, known.get(schedule.name)) && self.ask(schedule, false).await? {
                asked.push(schedule.name);
            }
        }
        Ok(asked)
    }

    /// Enqueues a job for each schedule, whether or not its period had one: for a domain clock that
    /// was set, whose days do not follow wall time.
    ///
    /// # Errors
    /// [`Failure`] of the database; jobs enqueued before it stay.
    pub async fn ask_for_all(&self, schedules: &[Schedule]) -> Result<(), Failure> {
        for schedule in schedules {
            self.ask(schedule, true).await?;
        }
        Ok(())
    }

    async fn ask(&self, schedule: &Schedule, again: bool) -> Result<bool, Failure> {
        let now = self.clock.now();
        let period = schedule.period(now);
        let claim = repo::Claim {
            name: schedule.name,
            now,
            period,
            latest: period + schedule.every,
            again,
        };
        let primary = self.db.primary();
        let tx = primary.begin().await?;
        if !repo::claim_in(&tx, &claim).await? {
            return Ok(false);
        }
        // A cause that stays gives up a job per period: the latest says as much as all of them.
        repo::forget_earlier_dead_in(&tx, schedule.name, KEY).await?;
        let id: JobId = self.db.ids().next();
        repo::insert_in(&tx, id, now, schedule.job()).await?;
        primary.commit_quietly(tx).await?;
        Ok(true)
    }

    /// States that a run of a schedule ended well.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn succeeded(&self, schedule: &Schedule) -> Result<(), Failure> {
        let now = self.clock.now();
        repo::succeeded(self.db.primary().connection(), schedule.name, now).await?;
        show(schedule, Some(now));
        Ok(())
    }

    /// Shows in the metrics how these schedules stand, whichever server ran their jobs.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn show(&self, schedules: &[Schedule]) -> Result<(), Failure> {
        let known = self.schedules().await?;
        for schedule in schedules {
            let progress = known.get(schedule.name);
            show(schedule, progress.and_then(|known| known.last_success));
        }
        Ok(())
    }

    /// How far the work of a schedule has come, in domain time; `None` before it said so.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn mark(&self, name: &str) -> Result<Option<DateTime<Utc>>, Failure> {
        repo::mark(self.db.latest(), name).await
    }

    /// States how far the work of a schedule has come, for the run after this one.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn move_mark(&self, name: &str, mark: DateTime<Utc>) -> Result<(), Failure> {
        repo::move_mark(self.db.primary().connection(), name, mark).await
    }
}

fn show(schedule: &Schedule, last_success: Option<DateTime<Utc>>) {
    let last_success = last_success.map(|at| at.timestamp());
    metrics::schedule(schedule.name, last_success, schedule.every.num_seconds());
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURLY: Schedule = Schedule {
        name: "test.hourly",
        every: TimeDelta::hours(1),
    };

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-23T{text}Z").parse().expect("an instant")
    }

    fn asked(asked_for: DateTime<Utc>) -> Progress {
        Progress {
            since: at("00:00:00"),
            asked_for,
            last_success: None,
        }
    }

    #[test]
    fn a_period_is_due_once_and_a_clock_that_was_wrong_silences_nothing() {
        assert!(HOURLY.is_due(at("02:10:00"), None));
        let this_hour = asked(at("02:00:00"));
        for (now, due) in [
            ("02:00:00", false),
            ("02:59:59", false),
            ("03:00:00", true),
            // Another server's clock runs a little ahead.
            ("01:59:58", false),
            ("00:30:00", true),
        ] {
            assert_eq!(HOURLY.is_due(at(now), Some(&this_hour)), due, "{now}");
        }
    }

    #[test]
    fn three_periods_without_a_success_are_overdue_from_the_first_asking_on() {
        let never = asked(at("02:00:00"));
        assert!(!HOURLY.is_overdue(at("03:00:00"), &never));
        assert!(HOURLY.is_overdue(at("03:00:01"), &never));
        let once = Progress {
            last_success: Some(at("02:30:00")),
            ..never
        };
        assert!(!HOURLY.is_overdue(at("05:30:00"), &once));
        assert!(HOURLY.is_overdue(at("05:30:01"), &once));
    }
}
