//! Following divisions that have ended: a current job there is one in the successor from then on.

use serde::{Deserialize, Serialize};

use super::super::repo::workplaces;
use crate::capability::region::public::{self as region, Succession};
use crate::capability::worker;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmploymentId, WorkerId};
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// Jobs in one unit of work.
const BATCH: u64 = 200;

/// What one unit of work did.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Batch {
    jobs: u64,
}

/// Brings current and reported jobs from divisions that have ended to their successors, with who
/// sees the person; how many jobs that were. Repeating it changes nothing, and what ended before
/// stays where it was.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn apply_successors(db: &Db, permit: &Permit<Write>) -> Result<u64, Failure> {
    region::follow(db, permit, is_left, apply_batch).await
}

async fn is_left(session: ReadSession, succession: Succession) -> Result<bool, Failure> {
    workplaces::any_open(&session, succession.from).await
}

async fn apply_batch(mut tx: WriteSession, succession: Succession) -> Result<u64, Refusal> {
    let found = workplaces::open_in(&tx, succession.from, BATCH).await?;
    let people: Vec<WorkerId> = found.iter().map(|job| job.worker).collect();
    worker::public::lock_in(&tx, &people).await?;
    let ids: Vec<EmploymentId> = found.iter().map(|job| job.id).collect();
    let jobs = workplaces::still_open_in(&tx, succession.from, &ids).await?;
    if jobs.len() < found.len() {
        return Err(Failure::Contended("a job changed before it was followed".into()).into());
    }
    let batch = Batch {
        jobs: jobs.len() as u64,
    };
    for job in jobs {
        workplaces::replace_in(&tx, job.id, succession.to).await?;
        tx.changed(Change::new(job.id, job.version + 1, &["workplace"]));
        worker::public::rederive_in(&mut tx, job.worker).await?;
    }
    // Where another server came first, no entry is left.
    if batch.jobs > 0 {
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch.jobs)
}
