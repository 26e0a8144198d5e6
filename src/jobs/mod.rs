//! Everything that happens without a request: the journal's sequencer and anchors, durable jobs and
//! the schedules that ask for them, and what each server does for itself every so often. Any number
//! of servers may run all of it at once.

mod anchors;
mod periodic;
pub mod schedules;

use std::path::PathBuf;
use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::kernel::clock::Clock;
use crate::kernel::ids::{self, JobId};
use crate::platform::authn::KeySource;
use crate::platform::config::{Config, PrivacyConfig};
use crate::platform::db::Db;
use crate::platform::journal::sequencer;
use crate::platform::queue::{Queue, Worker, WorkerSettings};

/// Durable jobs that one server runs at once: they share the database with requests.
const CONCURRENCY: usize = 4;
/// How long a durable job is held without a sign of life.
const LEASE: Duration = Duration::from_secs(60);
/// How often an idle server looks for durable jobs.
const POLL: Duration = Duration::from_secs(1);

/// What background work stands on. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database with its clock, ids, keys and journal.
    pub db: Db,
    /// Durable jobs.
    pub queue: Queue,
    /// The keys that tokens are verified with.
    pub login_keys: KeySource,
    /// Where the signed daily heads of the journal go.
    pub anchor_dir: PathBuf,
    /// How long personal data is kept.
    pub privacy: PrivacyConfig,
    /// How long running work may go on after the stop signal.
    pub grace: Duration,
}

impl Deps {
    /// What `config` asks for. Leases keep wall time whatever the domain clock says.
    #[must_use]
    pub fn new(config: &Config, db: Db, login_keys: KeySource) -> Self {
        Self {
            queue: Queue::new(db.clone(), Clock::system()),
            db,
            login_keys,
            anchor_dir: config.journal.anchor_dir.clone(),
            privacy: config.privacy.clone(),
            grace: Duration::from_secs(config.http.shutdown_grace_s),
        }
    }
}

/// Background work that has been started.
#[must_use = "work that is dropped is interrupted"]
pub struct Jobs {
    tasks: JoinSet<()>,
    sequencer: JoinHandle<()>,
    stop_sequencer: CancellationToken,
    deps: Deps,
}

/// Starts all background work. It winds up when `stop` is cancelled; see [`Jobs::finish`].
pub fn start(deps: Deps, stop: &CancellationToken) -> Jobs {
    let mut tasks = JoinSet::new();
    tasks.spawn(anchors::run(
        deps.db.clone(),
        deps.anchor_dir.clone(),
        stop.clone(),
    ));
    tasks.spawn(keep_login_keys(deps.login_keys.clone(), stop.clone()));
    tasks.spawn(worker(&deps).run(stop.clone()));
    tasks.spawn(schedules::ask(deps.clone(), stop.clone()));
    for job in periodic::TABLE {
        tasks.spawn(periodic::run(job, deps.clone(), stop.clone()));
    }
    // The sequencer stops last, because what the others end with has to be placed as well.
    let stop_sequencer = CancellationToken::new();
    let sequencer = tokio::spawn(sequencer::run(deps.db.clone(), stop_sequencer.clone()));
    Jobs {
        tasks,
        sequencer,
        stop_sequencer,
        deps,
    }
}

impl Jobs {
    /// Waits for the work to wind up once the stop signal of [`start`] was given, for the grace
    /// period at most, and interrupts what is left; then writes the refusals still counted and
    /// places every entry of the journal.
    pub async fn finish(mut self) {
        let wind_up = async { while self.tasks.join_next().await.is_some() {} };
        // The queue's own bound is the same; it needs a moment more to give leases back.
        let bound = self.deps.grace + POLL;
        if tokio::time::timeout(bound, wind_up).await.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "background work is interrupted");
            self.tasks.shutdown().await;
        }
        if let Err(error) = self.deps.db.refusals().finish().await {
            tracing::warn!(%error, "the last refusals are not in the journal");
        }
        self.stop_sequencer.cancel();
        let placed = tokio::time::timeout(bound, self.sequencer).await;
        if !matches!(placed, Ok(Ok(()))) {
            tracing::warn!("journal entries may stay pending; the next start places them");
        }
    }
}

fn worker(deps: &Deps) -> Worker {
    let settings = WorkerSettings {
        owner: ids::encode(deps.db.ids().next::<JobId>()),
        concurrency: CONCURRENCY,
        lease_for: LEASE,
        poll: POLL,
        grace: deps.grace,
    };
    schedules::register(Worker::new(deps.queue.clone(), settings), deps)
}

async fn keep_login_keys(keys: KeySource, stop: CancellationToken) {
    tokio::select! {
        // A request to the issuer that is under way is not waited for.
        () = stop.cancelled() => {}
        () = keys.keep_fresh(stop.clone()) => {}
    }
}
