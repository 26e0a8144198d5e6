//! Entries for looks at people, written before the answer leaves.
//!
//! A look is recorded by a group commit: while one batch is on its way to the disk the next one
//! gathers, so a busy server pays one transaction for many looks and an idle one adds a single
//! commit's latency. No answer is given whose entry is not durable.

use tokio::sync::{mpsc, oneshot};

use super::entry::EntryRow;
use super::repo;
use crate::kernel::error::Failure;
use crate::platform::db::Primary;

/// Looks waiting for the disk at once; beyond it callers wait, which slows them, not the disk.
const QUEUE: usize = 4_096;
/// Entries in one batch: bounded by the bind parameters of one statement.
const BATCH: usize = 500;

struct Pending {
    /// `None` when somebody only waits for what was handed over before.
    row: Option<EntryRow>,
    written: Option<oneshot::Sender<Result<(), String>>>,
}

/// The way to the journal for looks and refusals. Cheap to clone.
#[derive(Clone)]
pub struct AccessLog {
    queue: mpsc::Sender<Pending>,
}

impl AccessLog {
    /// Starts the writer on the current runtime. It ends when the last clone is dropped.
    pub(in crate::platform) fn start(primary: Primary) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_batches(primary, waiting));
        Self { queue }
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

async fn write_batches(primary: Primary, mut waiting: mpsc::Receiver<Pending>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (rows, waiters): (Vec<_>, Vec<_>) = batch.drain(..).map(|p| (p.row, p.written)).unzip();
        let rows: Vec<EntryRow> = rows.into_iter().flatten().collect();
        let result = repo::append_alone(&primary, &rows).await;
        if let Err(error) = &result {
            tracing::error!(%error, entries = rows.len(), "looks could not be written to the journal");
        }
        for waiter in waiters.into_iter().flatten() {
            // A caller that has gone away needs no answer.
            let _gone = waiter.send(result.as_ref().map(|_| ()).map_err(ToString::to_string));
        }
    }
}
