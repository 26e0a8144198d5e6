//! What is done every so often, as a table: one entry per job.
//!
//! A job may run on several servers at once and is idempotent. A run that fails or panics is
//! logged and repeated with the next tick.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Deps;
use crate::capability::{audit, employment, insurance, worker};
use crate::kernel::clock::Clock;
use crate::kernel::error::Failure;
use crate::platform::authz::Caller;
use crate::platform::queue::JobCounts;
use crate::platform::telemetry::metrics;

/// How long a durable job that is done stays visible to an operator.
const KEEP_DONE: TimeDelta = TimeDelta::days(7);

/// How far back the registry is walked for people whose months nobody has sent yet; adding
/// somebody twice changes nothing.
const REQUERY_LOOKS_BACK: TimeDelta = TimeDelta::days(60);
/// How far a walk goes back behind the start of the one before: units of work that began before it
/// and ended after it, and clocks that differ.
const REQUERY_OVERLAP: TimeDelta = TimeDelta::hours(1);

const QUARTER_MINUTE: Duration = Duration::from_secs(15);
const MINUTE: Duration = Duration::from_secs(60);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);

/// Something done every so often, the first time at start.
pub(super) struct Periodic {
    /// Its name in the log and in the trail.
    name: &'static str,
    /// From the end of one run to the next when runs take long.
    every: Duration,
    /// One run, as the caller of the job's name.
    run: fn(Deps, Caller) -> BoxFuture<'static, Result<(), Failure>>,
}

/// Every periodic job.
pub(super) const TABLE: &[Periodic] = &[
    Periodic {
        name: "journal.refusals",
        every: MINUTE,
        run: |deps, _| std::future::ready(flush_refusals(&deps)).boxed(),
    },
    Periodic {
        name: "metrics.gauges",
        every: QUARTER_MINUTE,
        run: |deps, _| gauges(deps).boxed(),
    },
    Periodic {
        name: "employment.adopt_reports",
        every: MINUTE,
        run: |deps, caller| adopt_reports(deps, caller).boxed(),
    },
    Periodic {
        name: "employment.erase_reports",
        every: HOUR,
        run: |deps, caller| erase_reports(deps, caller).boxed(),
    },
    Periodic {
        name: "insurance.confirm_reported",
        every: TEN_MINUTES,
        run: |deps, caller| confirm_reported(deps, caller).boxed(),
    },
    Periodic {
        name: "insurance.fill_requery",
        every: HOUR,
        run: |deps, caller| fill_requery(deps, caller).boxed(),
    },
    Periodic {
        name: "idempotency.forget",
        every: HOUR,
        run: |deps, _| forget_keys(deps).boxed(),
    },
    Periodic {
        name: "worker.lapse_categories",
        every: HOUR,
        run: |deps, caller| lapse_categories(deps, caller).boxed(),
    },
    Periodic {
        name: "region.apply_successors",
        every: HOUR,
        run: |deps, caller| apply_successors(deps, caller).boxed(),
    },
    Periodic {
        name: "queue.forget_done",
        every: HOUR,
        run: |deps, _| forget_done(deps).boxed(),
    },
];

/// Runs `job` until `stop`; a run that is under way finishes.
pub(super) async fn run(job: &'static Periodic, deps: Deps, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(job.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let caller = Caller::system(job.name, None, deps.db.refusals().clone());
        match AssertUnwindSafe((job.run)(deps.clone(), caller))
            .catch_unwind()
            .await
        {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(job = job.name, %error, "a periodic job failed; the next tick tries again");
            }
            Err(_panic) => {
                tracing::error!(
                    job = job.name,
                    "a periodic job panicked; the next tick tries again"
                );
            }
        }
    }
}

fn flush_refusals(deps: &Deps) -> Result<(), Failure> {
    deps.db.refusals().flush();
    Ok(())
}

async fn gauges(deps: Deps) -> Result<(), Failure> {
    for pool in deps.db.pools() {
        metrics::db_pool(pool.pool, pool.in_use, pool.idle);
    }
    let JobCounts {
        ready,
        leased,
        dead,
    } = deps.queue.counts().await?;
    for (state, jobs) in [("ready", ready), ("leased", leased), ("dead", dead)] {
        metrics::queue_depth(state, u32::try_from(jobs).unwrap_or(u32::MAX));
    }
    Ok(())
}

/// How long a report about somebody who is not registered is kept.
fn kept(deps: &Deps) -> TimeDelta {
    TimeDelta::days(i64::from(deps.privacy.unregistered_report_days))
}

async fn adopt_reports(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&employment::policy::ADOPT_REPORTS)?;
    let keep = kept(&deps);
    let adopted = employment::service::adopt_reports(&deps.db, &permit, keep).await?;
    tracing::debug!(adopted, "reports about people registered since became jobs");
    Ok(())
}

async fn erase_reports(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&employment::policy::ERASE_REPORTS)?;
    let erased = employment::service::erase_expired_reports(&deps.db, &permit, kept(&deps)).await?;
    tracing::debug!(erased, "reports about unregistered people are erased");
    Ok(())
}

async fn confirm_reported(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let confirmed = insurance::service::confirm_reported(&deps.db, &caller).await?;
    tracing::debug!(
        confirmed,
        "reported jobs are confirmed by months that were here before"
    );
    Ok(())
}

async fn fill_requery(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let now = deps.db.clock().now();
    // Whoever was looked at once need not be again: what was known then is known now.
    let since = deps
        .requery_walked()
        .map_or(now - REQUERY_LOOKS_BACK, |walked| walked - REQUERY_OVERLAP);
    let added = insurance::service::fill_requery(&deps.db, &caller, since).await?;
    *deps.requery_walked() = Some(now);
    tracing::debug!(added, "people registered since are on the agencies' lists");
    Ok(())
}

async fn forget_keys(deps: Deps) -> Result<(), Failure> {
    let keep = TimeDelta::days(i64::from(deps.privacy.idempotency_days));
    // Keys carry the domain clock's time, as everything that a request writes.
    let forgotten = deps.db.forget_keys(deps.db.clock().now() - keep).await?;
    tracing::debug!(forgotten, "idempotency keys used long ago are deleted");
    Ok(())
}

async fn lapse_categories(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&worker::policy::LAPSE_CATEGORIES)?;
    let people = worker::service::lapse_categories(&deps.db, &permit).await?;
    tracing::debug!(people, "categories that ended are taken from people");
    Ok(())
}

async fn apply_successors(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&worker::policy::APPLY_SUCCESSORS)?;
    let people = worker::service::apply_successors(&deps.db, &permit).await?;
    let permit = caller.permit(&employment::policy::APPLY_SUCCESSORS)?;
    let jobs = employment::service::apply_successors(&deps.db, &permit).await?;
    let permit = caller.permit(&audit::policy::APPLY_SUCCESSORS)?;
    let findings = audit::service::apply_successors(&deps.db, &permit).await?;
    tracing::debug!(
        people,
        jobs,
        findings,
        "records followed divisions that ended"
    );
    Ok(())
}

async fn forget_done(deps: Deps) -> Result<(), Failure> {
    // The queue keeps wall time, unlike the domain clock.
    let before = Clock::system().now() - KEEP_DONE;
    let forgotten = deps.queue.forget_done(before).await?;
    tracing::debug!(forgotten, "jobs done long ago are deleted");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_job_has_a_name_of_its_own() {
        let names: HashSet<_> = TABLE.iter().map(|job| job.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }
}
