//! Months that were here before somebody reported the job.
//!
//! A delivery confirms what has been reported by then. What is reported later is matched here, apart
//! from the request that reports it: neither its answer nor its time may tell whether months of that
//! person are known.

use std::collections::HashSet;

use uuid::Uuid;

use super::super::policy;
use super::super::repo::reported::{self, InsuredReport};
use super::evidence;
use crate::capability::employment::public as employment;
use crate::capability::worker::public as registry;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmployerId, EmploymentId, RecordId as _, WorkerId};
use crate::platform::authz::Caller;
use crate::platform::db::{Db, WriteSession};
use crate::platform::journal::AuditEntry;

/// Reported jobs looked at in one statement.
const BATCH: u64 = 500;

/// Confirms every reported job of which a recent month is here. Running it again, or on two servers at
/// once, changes nothing more. Returns how many jobs were confirmed.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn confirm_reported(db: &Db, caller: &Caller) -> Result<u64, Failure> {
    let permit = caller.permit(&policy::CONFIRM_REPORTED)?;
    let mut after = EmploymentId::from_uuid(Uuid::nil());
    let mut confirmed = 0;
    loop {
        let session = db.read(caller.permit(&policy::SEE_MONTHS)?);
        let batch = reported::insured_after(&session, after, BATCH).await?;
        let Some(last) = batch.last() else {
            return Ok(confirmed);
        };
        after = last.job;
        let jobs: HashSet<(WorkerId, EmployerId)> = batch
            .iter()
            .filter(|report| employment::is_confirmed_by_month(report.started_on, report.last))
            .map(|report: &InsuredReport| (report.worker, report.employer))
            .collect();
        if jobs.is_empty() {
            continue;
        }
        let done = db.run(&permit, None, |tx| confirm(tx, jobs.clone()));
        confirmed += match done.await {
            Ok(confirmed) => confirmed,
            Err(Refusal::Failed(failure)) => return Err(failure),
            Err(Refusal::Expected(errors)) => {
                return Err(Failure::internal(format!("a job was refused: {errors:?}")));
            }
        };
    }
}

async fn confirm(
    mut tx: WriteSession,
    jobs: HashSet<(WorkerId, EmployerId)>,
) -> Result<u64, Refusal> {
    let people: Vec<WorkerId> = jobs.iter().map(|(worker, _)| *worker).collect();
    // What is evidence stays so until the jobs are confirmed: a corrected id takes months away.
    registry::lock_in(&tx, &people).await?;
    let months = evidence::of_jobs_in(&tx, &jobs).await?;
    let confirmed = employment::confirm_by_insurance_in(&mut tx, &months).await?;
    if confirmed > 0 {
        tx.commit(AuditEntry::done(&confirmed)?).await?;
    }
    Ok(confirmed)
}
