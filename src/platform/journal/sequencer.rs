//! Gives every committed entry its place in one total order, right after its commit.
//!
//! Commit order is not id order on PostgreSQL: a transaction that took its ids early may commit
//! late. The sequencer therefore never remembers "the last id seen"; it takes what is marked as
//! pending, and a mark becomes visible exactly when its transaction commits, so that a late one
//! is placed late but never skipped. One server sequences at a time: the head's row lock sees to
//! it, and another server takes over with the next tick when the first one dies.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::repo::{self, Head};
use crate::kernel::error::Failure;
use crate::platform::db::Db;
use crate::platform::queue::Queue;

/// Entries placed in one transaction.
const BATCH: u64 = 1_000;
/// Pause after a commit woke the sequencer, so that a burst is placed by few transactions; also
/// the bulk of the lag, which stays far below a second.
const GATHER: Duration = Duration::from_millis(50);
/// How often to look without being woken: entries of other servers.
const TICK: Duration = Duration::from_millis(400);

/// The longest pause after failures: what stays broken is not said at every tick.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// An entry that waits for longer beside servers that work has been left behind.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// What was about to be placed when it was looked at has its place by then.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Places everything that is pending; returns how many entries were placed.
///
/// # Errors
/// [`Failure::Internal`] for a journal without a head; [`Failure`] of the database. Nothing of the
/// failing batch is placed.
pub async fn place_pending(db: &Db) -> Result<u64, Failure> {
    place_all(db).await.map(|round| round.placed)
}

/// What one batch, or all of them, came to.
#[derive(Default)]
struct Round {
    placed: u64,
    /// Whether marks were met that no entry belongs to.
    strays: bool,
}

async fn place_all(db: &Db) -> Result<Round, Failure> {
    let mut round = Round::default();
    loop {
        let batch = place_batch(db).await?;
        round.placed += batch.placed;
        round.strays |= batch.strays;
        if batch.placed < BATCH {
            return Ok(round);
        }
    }
}

/// How the journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Links of the chain.
    pub links: i64,
    /// What is marked as waiting for its place.
    pub waiting: u64,
    /// Marks among the first thousand that no entry belongs to: somebody has written to the
    /// journal's tables.
    pub strays: u64,
    /// When the oldest entry that waits happened, in domain time.
    pub since: Option<DateTime<Utc>>,
    /// Whether servers have worked for more than a minute since, and left it where it is. While none
    /// runs nothing is placed, and that is no failure: a backup of a busy exchange holds such entries.
    pub left_behind: bool,
}

/// How the journal stands, for `exchange doctor` and whoever verifies.
///
/// # Errors
/// [`Failure::Internal`] for a journal without a head; [`Failure`] of the database.
pub async fn standing(db: &Db) -> Result<Standing, Failure> {
    let (oldest, standing) = look(db).await?;
    if !standing.left_behind {
        return Ok(standing);
    }
    // A clock that was set makes an entry old that was written a moment ago.
    tokio::time::sleep(SECOND_LOOK).await;
    let (still, standing) = look(db).await?;
    Ok(Standing {
        left_behind: standing.left_behind && still == oldest,
        ..standing
    })
}

/// How the journal stands at this moment, and the entry that waits longest.
async fn look(db: &Db) -> Result<(Option<i64>, Standing), Failure> {
    let links = repo::head(db.latest()).await?.position;
    let marks = repo::oldest_marks(db.latest()).await?;
    let since = marks.oldest.map(|(_, at)| at);
    let standing = Standing {
        links,
        waiting: marks.all,
        strays: marks.strays,
        since,
        left_behind: match since {
            Some(at) => last_work(db)
                .await?
                .is_some_and(|end| end - at > LONGEST_WAIT),
            None => false,
        },
    };
    Ok((marks.oldest.map(|(id, _)| id), standing))
}

/// When a server last did something of its own: one that runs does so every minute.
async fn last_work(db: &Db) -> Result<Option<DateTime<Utc>>, Failure> {
    let queue = Queue::new(db.clone(), db.clock().clone());
    let schedules = queue.schedules().await?;
    Ok(schedules
        .values()
        .filter_map(|known| known.last_success)
        .max())
}

/// What waits for its place, as a server shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// What is marked as waiting.
    pub marks: u64,
    /// Marks among the first thousand that no entry belongs to.
    pub strays: u64,
    /// For how long the oldest entry has waited; zero when none does.
    pub longest: TimeDelta,
}

/// What waits for its place, for the metrics.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn waits(db: &Db) -> Result<Waits, Failure> {
    let marks = repo::oldest_marks(db.latest()).await?;
    let waited = marks.oldest.map(|(_, at)| db.clock().now() - at);
    Ok(Waits {
        marks: marks.all,
        strays: marks.strays,
        longest: waited.unwrap_or_default().max(TimeDelta::zero()),
    })
}

async fn place_batch(db: &Db) -> Result<Round, Failure> {
    // Looking first keeps an idle sequencer from taking SQLite's only write lock at every tick.
    if !repo::anything_pending(db.latest()).await? {
        return Ok(Round::default());
    }
    let primary = db.primary();
    let tx = primary.begin().await?;
    let Some(mut head) = repo::lock_head_in(&tx).await? else {
        // Held by another server; or gone, which is no state to go on from in silence.
        drop(tx);
        repo::head(primary.connection()).await?;
        return Ok(Round::default());
    };
    let waiting = repo::unplaced_in(&tx, BATCH).await?;
    let round = Round {
        placed: waiting.entries.len() as u64,
        strays: waiting.strays,
    };
    if waiting.entries.is_empty() {
        return Ok(round);
    }
    let mut links = Vec::with_capacity(waiting.entries.len());
    for entry in waiting.entries {
        let position = head.position + 1;
        let hash = entry.row.chained(&head.hash, position, entry.id);
        head = Head { position, hash };
        links.push((entry.id, head.clone()));
    }
    repo::place_in(&tx, links, &head).await?;
    // Not `primary.commit`: placing must not wake the sequencer again.
    primary.commit_quietly(tx).await?;
    Ok(round)
}

/// Runs until `stop` is cancelled, then places what is left.
pub async fn run(db: Db, stop: CancellationToken) {
    let mut pause = TICK;
    let mut strays = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = db.committed(), if pause == TICK => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(pause) => {}
        }
        pause = match place_all(&db).await {
            Ok(round) => {
                // Once, not at every tick: `exchange doctor` and the metrics go on saying it.
                if round.strays && !strays {
                    tracing::error!(
                        "the journal marks entries as waiting that do not exist: somebody has \
                         written to its tables"
                    );
                }
                strays = round.strays;
                TICK
            }
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
