//! Runs jobs: leases them, keeps their leases alive, settles them, stops cleanly.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{LeasedJob, Queue};
use crate::kernel::error::Failure;
use crate::platform::telemetry::metrics::{self, RunOutcome};

/// Renewals within the time of one lease: two may fail before it is lost.
const RENEWALS_PER_LEASE: u32 = 3;

/// Does the jobs of one kind. A run may be repeated after a crash, so its effect must not depend
/// on how often it runs; see [`Queue::done_in`].
pub trait Handler: Send + Sync + 'static {
    /// The [`super::NewJob::kind`] it does; a label of metrics, so one of a closed set.
    fn kind(&self) -> &'static str;

    /// One run. Its error goes into the job, so it holds no personal data.
    fn run(
        &self,
        queue: &Queue,
        job: &LeasedJob,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A [`Handler`] with one type of future, so that many fit into one table.
trait AnyHandler: Send + Sync {
    fn kind(&self) -> &'static str;
    fn run<'a>(&'a self, queue: &'a Queue, job: &'a LeasedJob) -> Running<'a>;
}

impl<H: Handler> AnyHandler for H {
    fn kind(&self) -> &'static str {
        Handler::kind(self)
    }

    fn run<'a>(&'a self, queue: &'a Queue, job: &'a LeasedJob) -> Running<'a> {
        Box::pin(Handler::run(self, queue, job))
    }
}

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Unique per process: everything it holds is released under this name.
    pub owner: String,
    /// Jobs run at once, at least 1.
    pub concurrency: usize,
    /// How long a job is held before another worker may take it over; renewed while it runs.
    pub lease_for: Duration,
    /// How often an idle worker looks for jobs.
    pub poll: Duration,
    /// How long running jobs may finish after the stop signal.
    pub grace: Duration,
}

/// A loop that runs jobs of the kinds it has handlers for.
pub struct Worker {
    queue: Queue,
    settings: WorkerSettings,
    handlers: HashMap<&'static str, Arc<dyn AnyHandler>>,
}

impl Worker {
    /// A worker without handlers yet.
    #[must_use]
    pub fn new(queue: Queue, settings: WorkerSettings) -> Self {
        let concurrency = settings.concurrency.max(1);
        Self {
            queue,
            settings: WorkerSettings {
                concurrency,
                ..settings
            },
            handlers: HashMap::new(),
        }
    }

    /// Adds the handler of a kind, replacing an earlier one of the same kind.
    #[must_use]
    pub fn with<H: Handler>(mut self, handler: H) -> Self {
        self.handlers.insert(handler.kind(), Arc::new(handler));
        self
    }

    /// Runs jobs until `stop`; then lets those in flight finish for a while, gives the rest back
    /// and returns. A database that does not answer is waited for.
    pub async fn run(self, stop: CancellationToken) {
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            let found = self.start_due(&mut running).await;
            // A full hand means that more may be due, a free one that there was nothing left.
            let full = found && running.len() >= self.settings.concurrency;
            tokio::select! {
                () = stop.cancelled() => {}
                Some(_) = running.join_next() => {}
                () = tokio::time::sleep(self.settings.poll), if !full => {}
            }
        }
        self.wind_up(running).await;
    }

    /// Starts what is due, as far as hands are free; whether there was anything.
    async fn start_due(&self, running: &mut JoinSet<()>) -> bool {
        let free = self.settings.concurrency - running.len();
        let kinds: Vec<&'static str> = self.handlers.keys().copied().collect();
        let lease_for = span(self.settings.lease_for);
        let owner = &self.settings.owner;
        let leased = self.queue.lease(owner, &kinds, free as u64, lease_for);
        let jobs = leased.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no jobs can be leased");
            Vec::new()
        });
        let found = !jobs.is_empty();
        for job in jobs {
            let handler = Arc::clone(&self.handlers[job.kind.as_str()]);
            let queue = self.queue.clone();
            running.spawn(run_one(queue, handler, job, self.settings.lease_for));
        }
        found
    }

    async fn wind_up(self, mut running: JoinSet<()>) {
        let finish = async { while running.join_next().await.is_some() {} };
        let in_time = tokio::time::timeout(self.settings.grace, finish).await;
        if in_time.is_err() {
            tracing::warn!(jobs = running.len(), "jobs are interrupted and given back");
            running.shutdown().await;
        }
        if let Err(error) = self.queue.release(&self.settings.owner).await {
            tracing::warn!(%error, "leases could not be given back and have to run out");
        }
    }
}

async fn run_one(queue: Queue, handler: Arc<dyn AnyHandler>, job: LeasedJob, lease_for: Duration) {
    let work = AssertUnwindSafe(handler.run(&queue, &job)).catch_unwind();
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = until_lost(&queue, &job, lease_for) => {
            tracing::warn!(kind = job.kind, "a lease was lost, its run is abandoned");
            metrics::job_ran(handler.kind(), RunOutcome::Abandoned);
            return;
        }
    };
    let (counted, settled) = match outcome {
        Ok(Ok(())) => (RunOutcome::Succeeded, queue.done(&job).await),
        Ok(Err(error)) => {
            tracing::warn!(kind = job.kind, attempt = job.attempt, %error, "a job failed");
            let settled = queue.failed(&job, &error.to_string()).await;
            (RunOutcome::Failed, settled)
        }
        Err(_panic) => {
            tracing::error!(kind = job.kind, "a job's handler panicked");
            let settled = queue.failed(&job, "the handler panicked").await;
            (RunOutcome::Panicked, settled)
        }
    };
    metrics::job_ran(handler.kind(), counted);
    if let Err(error) = settled {
        tracing::warn!(kind = job.kind, %error, "a run could not be settled and will be repeated");
    }
}

/// Renews the lease for as long as that works; returns when it is lost.
async fn until_lost(queue: &Queue, job: &LeasedJob, lease_for: Duration) {
    loop {
        tokio::time::sleep(lease_for / RENEWALS_PER_LEASE).await;
        match queue.renew(job, span(lease_for)).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(kind = job.kind, %error, "a lease could not be renewed"),
        }
    }
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
