//! What each server does for itself every so often, as a table: one entry per job. Nothing here
//! changes a record; what does is in [`super::schedules`].
//!
//! A run that fails or panics is logged and repeated with the next tick.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{Deps, schedules};
use crate::kernel::error::Failure;
use crate::platform::journal::sequencer;
use crate::platform::queue::JobCounts;
use crate::platform::telemetry::metrics;

const QUARTER_MINUTE: Duration = Duration::from_secs(15);
const MINUTE: Duration = Duration::from_secs(60);

/// Something done every so often, the first time at start.
pub(super) struct Periodic {
    /// Its name in the log.
    name: &'static str,
    /// From the end of one run to the next when runs take long.
    every: Duration,
    /// One run.
    run: fn(Deps) -> BoxFuture<'static, Result<(), Failure>>,
}

/// Every periodic job.
pub(super) const TABLE: &[Periodic] = &[
    Periodic {
        name: "journal.refusals",
        every: MINUTE,
        run: |deps| std::future::ready(flush_refusals(&deps)).boxed(),
    },
    Periodic {
        name: "metrics.gauges",
        every: QUARTER_MINUTE,
        run: |deps| gauges(deps).boxed(),
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
        match AssertUnwindSafe((job.run)(deps.clone()))
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
        metrics::queue_depth(state, bounded(jobs));
    }
    let waits = sequencer::waits(&deps.db).await?;
    let longest = waits.longest.num_seconds();
    metrics::journal_pending(bounded(waits.marks), bounded(waits.strays), longest);
    deps.queue.show(&schedules::all()).await
}

/// As a gauge takes it.
fn bounded(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
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
