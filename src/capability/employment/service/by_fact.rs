//! Jobs that count because of a fact delivered in bulk: a ledger of the origin, or a month of
//! insurance.

use std::collections::{BTreeSet, HashMap};

use super::super::model::{ConfirmedBy, Employment, EmploymentState, Job};
use super::super::repo::employments::{self, Changes, Insertion};
use super::super::rules;
use super::reporter;
use crate::capability::{employer, worker};
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::Change;

/// The fields of a job that is recorded, as the journal names them.
pub const RECORDED_FIELDS: &[&str] = &["record"];
/// The fields of a job that begins to count.
pub(super) const CONFIRMED: &[&str] = &["state", "confirmedBy", "lastConfirmedOn"];

/// A job that the origin states about somebody who is registered.
#[derive(Clone, Debug)]
pub struct NewEmployment {
    /// Who works.
    pub worker: WorkerId,
    /// The person's village of registration: whether the job is outside the province follows.
    pub origin: RegionCode,
    /// The job; its values have been read already.
    pub job: Job,
}

/// Records a job on the origin's word, in the caller's unit of work, and derives the person's
/// status anew. The same job again (same person, form, employer and first day) changes nothing,
/// also when it was voided since: a ledger does not undo a decision. One that was only reported is
/// confirmed. Returns the job and whether anything was recorded.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn record_in(
    tx: &mut WriteSession,
    new: NewEmployment,
) -> Result<(EmploymentId, bool), Failure> {
    let NewEmployment {
        worker,
        origin,
        job,
    } = new;
    if let Some(known) = employments::find_same_in(tx, worker, &job).await? {
        return match known.state {
            EmploymentState::Confirmed | EmploymentState::Voided => Ok((known.id, false)),
            EmploymentState::Reported => {
                let changes = Changes {
                    confirmed_by: Some(ConfirmedBy::Origin),
                    last_confirmed_on: Some(tx.today()),
                    ..Changes::default()
                };
                confirm_in(tx, &known, changes).await?;
                worker::public::rederive_in(tx, worker).await?;
                Ok((known.id, true))
            }
        };
    }
    let new = NewEmployment {
        worker,
        origin,
        job,
    };
    let id = open_in(tx, new).await?;
    Ok((id, true))
}

/// Records a job that the origin states, without looking for an earlier record of it.
pub(super) async fn open_in(
    tx: &mut WriteSession,
    new: NewEmployment,
) -> Result<EmploymentId, Failure> {
    let NewEmployment {
        worker,
        origin,
        job,
    } = new;
    let id: EmploymentId = tx.next_id();
    let insertion = Insertion {
        id,
        worker,
        outside_province: rules::is_outside_province(origin, job.workplace),
        job,
        confirmed_by: Some(ConfirmedBy::Origin),
        reporter: reporter(tx),
        reported_at: tx.now(),
    };
    employments::insert_in(tx, insertion).await?;
    tx.changed(Change::new(id, 1, RECORDED_FIELDS));
    worker::public::rederive_in(tx, worker).await?;
    Ok(id)
}

/// Makes a reported job count; the caller derives the person's status anew.
pub(super) async fn confirm_in(
    tx: &mut WriteSession,
    reported: &Employment,
    changes: Changes,
) -> Result<(), Failure> {
    if !employments::update_in(tx, reported.id, reported.version, changes).await? {
        return Err(Failure::Contended("a job changed while confirmed".into()));
    }
    tx.changed(Change::new(reported.id, reported.version + 1, CONFIRMED));
    Ok(())
}

/// Confirms the reported jobs of which a month of insurance has come in: those of the same person
/// and employer that had started by the month's end. Call it after the months are written, in
/// their unit of work. Returns how many jobs were confirmed.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn confirm_by_insurance_in(
    tx: &mut WriteSession,
    months: &[(WorkerId, EmployerId, YearMonth)],
) -> Result<u64, Failure> {
    if months.is_empty() {
        return Ok(0);
    }
    let mut latest: HashMap<(WorkerId, EmployerId), YearMonth> = HashMap::new();
    for (worker, employer, month) in months {
        let known = latest.entry((*worker, *employer)).or_insert(*month);
        *known = (*known).max(*month);
    }
    let workers: BTreeSet<WorkerId> = latest.keys().map(|(worker, _)| *worker).collect();
    let employers: BTreeSet<EmployerId> = latest.keys().map(|(_, employer)| *employer).collect();
    let workers: Vec<_> = workers.into_iter().collect();
    let employers: Vec<_> = employers.into_iter().collect();
    let codes: HashMap<String, EmployerId> = employer::public::find_many(tx, &employers)
        .await?
        .into_values()
        .map(|known| (known.credit_code.to_string(), known.id))
        .collect();
    let written: Vec<String> = codes.keys().cloned().collect();
    let mut touched = BTreeSet::new();
    let mut confirmed = 0;
    for job in employments::reported_in(tx, &workers, &employers, &written).await? {
        let resolved = (job.job.employer_name.as_ref()).and_then(|name| codes.get(name).copied());
        let Some(employer) = job.job.employer.or(resolved) else {
            continue;
        };
        let Some(month) = latest
            .get(&(job.worker, employer))
            .filter(|month| rules::is_confirmed_by_month(job.job.started_on, **month))
        else {
            continue;
        };
        let changes = Changes {
            confirmed_by: Some(ConfirmedBy::Insurance),
            // The month says that the job went on until its end, or until now.
            last_confirmed_on: Some(month.last_day().min(tx.today())),
            employer: Some(employer),
            ..Changes::default()
        };
        confirm_in(tx, &job, changes).await?;
        touched.insert(job.worker);
        confirmed += 1;
    }
    for worker in touched {
        worker::public::rederive_in(tx, worker).await?;
    }
    Ok(confirmed)
}
