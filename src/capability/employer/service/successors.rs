//! Following divisions that have ended: whoever is seated in one is seated in its successor. The
//! county of the seat is whose employer it is, so that without this nobody could correct it.

use serde::{Deserialize, Serialize};

use super::super::model::Seat;
use super::super::repo::employers::{self, Revision};
use super::revise;
use crate::capability::region::public::{self as region, Succession};
use crate::kernel::error::{Failure, Refusal};
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession};
use crate::platform::journal::AuditEntry;

/// Employers in one unit of work.
const BATCH: u64 = 200;

/// What one unit of work did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Batch {
    employers: u64,
}

/// Brings employers seated in divisions that have ended to their successors; how many that were.
/// Repeating it changes nothing. Seats read from credit codes follow too: a code keeps the division
/// that gave it.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn apply_successors(db: &Db, permit: &Permit<Write>) -> Result<u64, Failure> {
    region::follow(db, permit, is_left, apply_batch).await
}

async fn is_left(session: ReadSession, succession: Succession) -> Result<bool, Failure> {
    employers::any_seated(&session, succession.from).await
}

async fn apply_batch(mut tx: WriteSession, succession: Succession) -> Result<u64, Refusal> {
    let seated = employers::seated_in(&tx, succession.from, BATCH).await?;
    let batch = Batch {
        employers: seated.len() as u64,
    };
    let revision = Revision {
        seat: Some(Seat::stated(succession.to)),
        ..Revision::default()
    };
    for mut employer in seated {
        revise(&mut tx, &mut employer, &revision, &["regionCode"]).await?;
    }
    // Where another server came first, no entry is left.
    if batch.employers > 0 {
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch.employers)
}
