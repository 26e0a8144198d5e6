//! Entries for looks at people, written before the answer leaves.
//!
//! A look is recorded by a group commit: while one batch is on its way to the disk the next one
//! gathers, so a busy server pays one transaction for many looks and an idle one adds a single
//! commit's latency. No answer is given whose entry is not durable.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};

use super::entry::EntryRow;
use super::repo;
use crate::kernel::error::Failure;
use crate::platform::db::Primary;
use crate::platform::telemetry::metrics;

/// Looks waiting for the disk at once; beyond it callers wait, which slows them, not the disk.
const QUEUE: usize = 4_096;
/// Entries in one batch: those of one statement.
const BATCH: usize = repo::ROWS_PER_INSERT;

struct Pending {
    /// `None` when somebody only waits for what was handed over before.
    row: Option<EntryRow>,
    written: Option<oneshot::Sender<Result<(), String>>>,
}

/// Events whose entries were lost on the way, because nobody waited for them.
#[derive(Clone, Default)]
struct Lost(Arc<AtomicU64>);

impl Lost {
    fn add(&self, row: &EntryRow) {
        let events = u64::from(row.repeats.unsigned_abs());
        metrics::refusals_unrecorded(events);
        self.0.fetch_add(events, Ordering::AcqRel);
    }
}

/// The way to the journal for looks and refusals. Cheap to clone.
#[derive(Clone)]
pub struct AccessLog {
    queue: mpsc::Sender<Pending>,
    lost: Lost,
}

impl AccessLog {
    /// Starts the writer on the current runtime. It ends when the last clone is dropped.
    pub(in crate::platform) fn start(primary: Primary) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let lost = Lost::default();
        tokio::spawn(write_batches(primary, waiting, lost.clone()));
        Self { queue, lost }
    }

    /// How many events' entries were handed over and could not be written since the last call.
    pub(in crate::platform) fn take_lost(&self) -> u64 {
        self.lost.0.swap(0, Ordering::AcqRel)
    }

    /// Returns once the entry is durable.
    pub(in crate::platform) async fn record(&self, row: EntryRow) -> Result<(), Failure> {
        self.hand_over(Some(row)).await
    }

    /// Returns once everything handed over before is durable.
    pub(in crate::platform) async fn settled(&self) -> Result<(), Failure> {
        self.hand_over(None).await
    }

    async fn hand_over(&self, row: Option<EntryRow>) -> Result<(), Failure> {
        let (written, done) = oneshot::channel();
        let pending = Pending {
            row,
            written: Some(written),
        };
        self.queue
            .send(pending)
            .await
            .map_err(|_| Failure::Unavailable("the access log has stopped".into()))?;
        match done.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(Failure::Unavailable(cause)),
            Err(_) => Err(Failure::Unavailable("the access log has stopped".into())),
        }
    }

    /// Hands over an entry that nobody waits for; `false` when the queue is full.
    pub(in crate::platform) fn offer(&self, row: EntryRow) -> bool {
        let pending = Pending {
            row: Some(row),
            written: None,
        };
        self.queue.try_send(pending).is_ok()
    }
}

async fn write_batches(primary: Primary, mut waiting: mpsc::Receiver<Pending>, lost: Lost) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        write_batch(std::mem::take(&mut batch), &primary, &lost).await;
    }
}

/// Where looks are written to.
trait Sink: Sync {
    /// Writes all of them durably, or none.
    fn append(&self, rows: &[EntryRow]) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl Sink for Primary {
    async fn append(&self, rows: &[EntryRow]) -> Result<(), Failure> {
        repo::append_alone(self, rows).await
    }
}

/// Tells whoever waits how it ended; what was lost with nobody waiting is counted.
fn tell(pending: Pending, result: &Result<(), String>, lost: &Lost) {
    match (pending.written, pending.row) {
        (Some(waiter), _) => {
            // A caller that has gone away needs no answer.
            let _gone = waiter.send(result.clone());
        }
        (None, Some(row)) if result.is_err() => lost.add(&row),
        (None, _) => {}
    }
}

/// Writes a batch and tells everybody who waits. Where the batch is refused, each look is written
/// by itself, so that one which cannot be written fails its own caller only.
async fn write_batch(batch: Vec<Pending>, sink: &impl Sink, lost: &Lost) {
    let rows: Vec<EntryRow> = batch.iter().filter_map(|p| p.row.clone()).collect();
    let result = match sink.append(&rows).await {
        Err(error) if rows.len() > 1 && !is_away(&error) => {
            tracing::warn!(%error, entries = rows.len(), "looks are written one by one");
            return write_each(batch, sink, lost).await;
        }
        result => told(result),
    };
    for pending in batch {
        tell(pending, &result, lost);
    }
}

async fn write_each(batch: Vec<Pending>, sink: &impl Sink, lost: &Lost) {
    // Whoever only waits, or comes after the journal has gone away, is told of the last failure.
    let mut latest = Ok(());
    let mut away = false;
    for pending in batch {
        let Some(row) = pending.row.as_ref().filter(|_| !away) else {
            tell(pending, &latest, lost);
            continue;
        };
        let written = sink.append(std::slice::from_ref(row)).await;
        away = written.as_ref().is_err_and(is_away);
        let result = told(written);
        if result.is_err() {
            latest.clone_from(&result);
        }
        tell(pending, &result, lost);
    }
}

/// A journal that is away refuses every entry, and takes its time for each.
const fn is_away(error: &Failure) -> bool {
    matches!(error, Failure::Unavailable(_))
}

/// The result as whoever waits is told, and an operator in the log.
fn told(result: Result<(), Failure>) -> Result<(), String> {
    result.map_err(|error| {
        tracing::error!(%error, "looks could not be written to the journal");
        error.to_string()
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::platform::journal::entry::tests::row;

    /// A log with room for so many entries, which nobody writes before the room is dropped.
    pub(in crate::platform::journal) struct Room(mpsc::Receiver<Pending>);

    impl Room {
        pub(in crate::platform::journal) fn of(entries: usize) -> (AccessLog, Self) {
            let (queue, waiting) = mpsc::channel(entries);
            let lost = Lost::default();
            (AccessLog { queue, lost }, Self(waiting))
        }

        /// Takes what was handed over, which makes room again.
        pub(in crate::platform::journal) fn taken(&mut self) -> Vec<EntryRow> {
            std::iter::from_fn(|| self.0.try_recv().ok())
                .filter_map(|pending| pending.row)
                .collect()
        }

        /// Loses what was handed over.
        pub(in crate::platform::journal) fn lose(&mut self, log: &AccessLog) {
            for row in self.taken() {
                log.lost.add(&row);
            }
        }
    }

    type Told = oneshot::Receiver<Result<(), String>>;

    /// Looks by these subjects, with what each of them is told.
    fn looks(subjects: &[&str]) -> (Vec<Pending>, Vec<Told>) {
        let look = |subject: &&str| {
            let (written, told) = oneshot::channel();
            let row = EntryRow {
                subject: (*subject).to_owned(),
                ..row()
            };
            let pending = Pending {
                row: Some(row),
                written: Some(written),
            };
            (pending, told)
        };
        subjects.iter().map(look).unzip()
    }

    async fn heard(all: Vec<Told>) -> Vec<bool> {
        let answers = futures::future::join_all(all).await;
        answers
            .into_iter()
            .map(|answer| answer.expect("told").is_ok())
            .collect()
    }

    /// Refuses one subject's look, and counts how often it is asked.
    struct Refusing(&'static str, fn() -> Failure, AtomicUsize);

    impl Refusing {
        fn new(subject: &'static str, failure: fn() -> Failure) -> Self {
            Self(subject, failure, AtomicUsize::new(0))
        }
    }

    impl Sink for Refusing {
        async fn append(&self, rows: &[EntryRow]) -> Result<(), Failure> {
            self.2.fetch_add(1, Ordering::Relaxed);
            if rows.iter().any(|row| row.subject == self.0) {
                return Err(self.1());
            }
            Ok(())
        }
    }

    #[tokio::test]
    async fn one_look_that_cannot_be_written_fails_nobody_elses() {
        let (batch, answers) = looks(&["a", "bad", "b"]);
        let sink = Refusing::new("bad", || Failure::internal("this row is refused"));
        write_batch(batch, &sink, &Lost::default()).await;
        assert_eq!(heard(answers).await, [true, false, true]);
    }

    #[tokio::test]
    async fn a_journal_that_is_away_is_asked_once_for_all() {
        let (batch, answers) = looks(&["a", "b", "c"]);
        let sink = Refusing::new("a", || Failure::Unavailable("away".into()));
        write_batch(batch, &sink, &Lost::default()).await;
        assert_eq!(heard(answers).await, [false; 3]);
        assert_eq!(sink.2.into_inner(), 1);
    }

    #[tokio::test]
    async fn what_is_lost_with_nobody_waiting_is_counted() {
        for failure in [
            (|| Failure::Unavailable("away".into())) as fn() -> Failure,
            || Failure::internal("this row is refused"),
        ] {
            let (mut batch, _answers) = looks(&["a", "bad", "b"]);
            for pending in &mut batch {
                pending.written = None;
                pending.row.as_mut().expect("a row").repeats = 7;
            }
            let lost = Lost::default();
            write_batch(batch, &Refusing::new("bad", failure), &lost).await;
            let away = matches!(failure(), Failure::Unavailable(_));
            assert_eq!(lost.0.load(Ordering::Acquire), if away { 21 } else { 7 });
        }
    }
}
