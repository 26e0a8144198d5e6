//! Following divisions that have ended: a current job there is one in the successor from then on.

use serde::{Deserialize, Serialize};

use super::super::repo::workplaces;
use crate::capability::region::public::{self as region, Succession};
use crate::capability::worker;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmploymentId, WorkerId};
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, WriteSession};
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
    let mut jobs = 0;
    let successions = {
        let tx = db.write(permit.clone()).await?;
        region::succeeded(&tx).await?
    };
    for succession in successions {
        loop {
            let done = match db.work(permit, |tx| apply_batch(tx, succession)).await {
                Ok(batch) => batch.jobs,
                Err(Refusal::Failed(failure)) => return Err(failure),
                Err(Refusal::Expected(errors)) => {
                    return Err(Failure::internal(format!("a job was refused: {errors:?}")));
                }
            };
            jobs += done;
            if done == 0 {
                break;
            }
        }
    }
    Ok(jobs)
}

async fn apply_batch(mut tx: WriteSession, succession: Succession) -> Result<Batch, Refusal> {
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
    // A day on which nothing was succeeded leaves no entry.
    if batch.jobs > 0 {
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch)
}
