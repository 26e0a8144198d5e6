//! Reports about people who are not registered: they become reported jobs when the person is
//! registered in time, and are erased otherwise.

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::model::{Job, Reporter, WrittenEmployer};
use super::super::repo::employments::{self, Insertion};
use super::super::repo::reports::{self, KeptReport};
use super::super::rules;
use super::by_fact::RECORDED_FIELDS;
use crate::capability::worker;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmploymentId, WorkerId};
use crate::platform::authz::{Permit, Write};
use crate::platform::crypto::{BlindIndex, Context, Sealed};
use crate::platform::db::{Db, Session, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// Reports that one unit of work takes over.
const BATCH: u64 = 100;

/// What is kept of a report: all of it but the resident id, of which the keyed hash is enough.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedReport {
    pub(super) job: Job,
    pub(super) reporter: Reporter,
}

impl SealedReport {
    /// Bound to the keyed hash of the person whom it is about.
    pub(super) fn seal(
        &self,
        session: &impl Session,
        about: &BlindIndex,
    ) -> Result<Sealed, Failure> {
        let text = serde_json::to_string(self).map_err(Failure::internal)?;
        let ring = &session.keys().ring;
        Ok(ring.seal(Context::UNREGISTERED_REPORT, about.as_bytes(), &text))
    }

    fn open(session: &impl Session, about: &BlindIndex, sealed: &Sealed) -> Result<Self, Failure> {
        let ring = &session.keys().ring;
        let text = ring
            .open(Context::UNREGISTERED_REPORT, about.as_bytes(), sealed)
            .map_err(Failure::internal)?;
        let mut report: Self =
            serde_json::from_str(text.expose_secret()).map_err(Failure::internal)?;
        let Job {
            employer_name,
            employer_code,
            written,
            ..
        } = &mut report.job;
        // Kept by a version that did not tell what was written from what became of it.
        if *written == WrittenEmployer::default() {
            written.name.clone_from(employer_name);
            written.code.clone_from(employer_code);
        }
        Ok(report)
    }
}

/// How far one batch got.
#[derive(Serialize, Deserialize)]
struct Batch {
    adopted: u64,
    last: Option<Uuid>,
}

/// Turns every report about somebody who has been registered since into a reported job, in
/// batches; run it often. Running it again, or on two servers at once, changes nothing more.
/// Returns how many reports became jobs.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn adopt_reports(
    db: &Db,
    permit: &Permit<Write>,
    keep: TimeDelta,
) -> Result<u64, Failure> {
    let mut adopted = 0;
    let mut after = Uuid::nil();
    loop {
        let batch = db
            .run(permit, None, |tx| adopt_batch(tx, after, keep))
            .await
            .map_err(failed)?;
        adopted += batch.adopted;
        match batch.last {
            Some(last) => after = last,
            None => return Ok(adopted),
        }
    }
}

async fn adopt_batch(mut tx: WriteSession, after: Uuid, keep: TimeDelta) -> Result<Batch, Refusal> {
    let kept = reports::adoptable_in(&tx, after, keep, BATCH).await?;
    let last = kept.last().map(|report| report.id);
    let indexes: Vec<BlindIndex> = kept.iter().map(|report| report.index).collect();
    let people = worker::public::identify(&tx, &indexes).await?;
    let ids: Vec<WorkerId> = people.values().map(|person| person.id).collect();
    let locked = worker::public::lock_in(&tx, &ids).await?;
    if locked
        .iter()
        .any(|(_, _, index)| !people.contains_key(index))
    {
        return Err(Failure::Contended(
            "a resident id was corrected while reports were adopted".into(),
        )
        .into());
    }
    let mut taken = Vec::new();
    for report in kept {
        let Some(person) = people.get(&report.index) else {
            continue;
        };
        let id = report.id;
        if adopt_in(&mut tx, report, person).await? {
            taken.push(id);
        }
    }
    let batch = Batch {
        adopted: reports::erase_in(&tx, &taken).await?,
        last,
    };
    if batch.adopted != taken.len() as u64 {
        return Err(Failure::Contended("another server adopts these reports".into()).into());
    }
    if batch.adopted > 0 {
        tx.commit(AuditEntry::done(&batch)?).await?;
    }
    Ok(batch)
}

/// Records one report as a job; `false` for one that cannot be read any more, which waits for its
/// erasure.
async fn adopt_in(
    tx: &mut WriteSession,
    report: KeptReport,
    person: &worker::public::KnownPerson,
) -> Result<bool, Failure> {
    let KeptReport {
        id: report_id,
        index,
        sealed,
        received_at,
    } = report;
    let SealedReport { job, reporter } = match SealedReport::open(tx, &index, &sealed) {
        Ok(report) => report,
        Err(failure) => {
            tracing::error!(%report_id, %failure, "a kept report of a job cannot be read");
            return Ok(false);
        }
    };
    let id: EmploymentId = tx.next_id();
    let insertion = Insertion {
        id,
        worker: person.id,
        outside_province: rules::is_outside_province(person.origin, job.workplace),
        job,
        confirmed_by: None,
        reporter,
        reported_at: received_at,
        checked: None,
    };
    employments::insert_in(tx, insertion).await?;
    tx.changed(Change::new(id, 1, RECORDED_FIELDS));
    Ok(true)
}

/// Erases every report received longer than `keep` ago. Returns how many there were.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn erase_expired_reports(
    db: &Db,
    permit: &Permit<Write>,
    keep: TimeDelta,
) -> Result<u64, Failure> {
    db.run(permit, None, |tx| erase_batch(tx, keep))
        .await
        .map_err(failed)
}

async fn erase_batch(tx: WriteSession, keep: TimeDelta) -> Result<u64, Refusal> {
    let erased = reports::erase_expired_in(&tx, keep).await?;
    // A day without anything to erase leaves no entry.
    if erased > 0 {
        tx.commit(AuditEntry::done(&erased)?).await?;
    }
    Ok(erased)
}

fn failed(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Failed(failure) => failure,
        Refusal::Expected(errors) => {
            Failure::internal(format!("a background job was refused: {errors:?}"))
        }
    }
}
