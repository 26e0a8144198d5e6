//! Gives every committed entry its place in one total order, right after its commit.
//!
//! Commit order is not id order on PostgreSQL: a transaction that took its ids early may commit
//! late. The sequencer therefore never remembers "the last id seen"; it takes what is marked as
//! pending, and a mark becomes visible exactly when its transaction commits, so that a late one
//! is placed late but never skipped. One server sequences at a time: the head's row lock sees to
//! it, and another server takes over with the next tick when the first one dies.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::repo::{self, Head};
use crate::kernel::error::Failure;
use crate::platform::db::Db;

/// Entries placed in one transaction.
const BATCH: u64 = 1_000;
/// Pause after a commit woke the sequencer, so that a burst is placed by few transactions; also
/// the bulk of the lag, which stays far below a second.
const GATHER: Duration = Duration::from_millis(50);
/// How often to look without being woken: entries of other servers.
const TICK: Duration = Duration::from_millis(400);

/// The longest pause after failures: what stays broken is not said at every tick.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Places everything that is pending; returns how many entries were placed.
///
/// # Errors
/// [`Failure::Internal`] for a journal without a head; [`Failure`] of the database. Nothing of the
/// failing batch is placed.
pub async fn place_pending(db: &Db) -> Result<u64, Failure> {
    let mut placed = 0;
    loop {
        let batch = place_batch(db).await?;
        placed += batch;
        if batch < BATCH {
            return Ok(placed);
        }
    }
}

/// How the journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Links of the chain.
    pub links: i64,
    /// Committed entries that wait for their place.
    pub waiting: u64,
}

/// How the journal stands, for `exchange doctor`.
///
/// # Errors
/// [`Failure::Internal`] for a journal without a head; [`Failure`] of the database.
pub async fn standing(db: &Db) -> Result<Standing, Failure> {
    let head = repo::head(db.latest()).await?;
    Ok(Standing {
        links: head.position,
        waiting: repo::count_pending(db.latest()).await?,
    })
}

async fn place_batch(db: &Db) -> Result<u64, Failure> {
    // Looking first keeps an idle sequencer from taking SQLite's only write lock at every tick.
    if !repo::anything_pending(db.latest()).await? {
        return Ok(0);
    }
    let primary = db.primary();
    let tx = primary.begin().await?;
    let Some(mut head) = repo::lock_head_in(&tx).await? else {
        // Held by another server; or gone, which is no state to go on from in silence.
        drop(tx);
        repo::head(primary.connection()).await?;
        return Ok(0);
    };
    let waiting = repo::unplaced_in(&tx, BATCH).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let count = waiting.len() as u64;
    let mut links = Vec::with_capacity(waiting.len());
    for entry in waiting {
        let position = head.position + 1;
        let hash = entry.row.chained(&head.hash, position, entry.id);
        head = Head { position, hash };
        links.push((entry.id, head.clone()));
    }
    repo::place_in(&tx, links, &head).await?;
    // Not `primary.commit`: placing must not wake the sequencer again.
    primary.commit_quietly(tx).await?;
    Ok(count)
}

/// Runs until `stop` is cancelled, then places what is left.
pub async fn run(db: Db, stop: CancellationToken) {
    let mut pause = TICK;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = db.committed(), if pause == TICK => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(pause) => {}
        }
        pause = match place_pending(&db).await {
            Ok(_) => TICK,
            Err(error) => {
                tracing::warn!(%error, "journal entries could not be placed; it will be tried again");
                Ord::min(pause * 2, LONGEST_PAUSE)
            }
        };
    }
    if let Err(error) = place_pending(&db).await {
        tracing::warn!(%error, "journal entries stay pending; the next start places them");
    }
}
