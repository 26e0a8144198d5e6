//! Reports about people who are not registered: they become reported jobs when the person is
//! registered in time, and are erased otherwise.

use std::collections::HashMap;

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::model::{Job, Reporter, WrittenEmployer};
use super::super::repo::reports::{self, KeptReport};
use super::report::{Report, report_in};
use super::subjects::Subject;
use crate::capability::employer::public::EmployerRef;
use crate::capability::{employer, worker};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::WorkerId;
use crate::platform::authz::{Permit, Write};
use crate::platform::crypto::{BlindIndex, Context, Sealed};
use crate::platform::db::{Db, Session, WriteSession};
use crate::platform::journal::AuditEntry;

/// What a report is known by that is sent again.
const SAME_REPORT: Context = Context::new("employment.same_report");

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

    /// By which a report that is sent again is known: everything it says, so that one that says
    /// something else of the same job is kept beside it.
    pub(super) fn digest(
        &self,
        session: &impl Session,
        about: &BlindIndex,
    ) -> Result<BlindIndex, Failure> {
        let mut whole = about.as_bytes().to_vec();
        whole.extend(serde_json::to_vec(self).map_err(Failure::internal)?);
        Ok(session.keys().index.index_exactly(SAME_REPORT, &whole))
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

/// Turns every report about somebody who has been registered since into a reported job, or joins it
/// with the one that is there, in batches; run it often. Running it again, or on two servers at once, changes nothing more.
/// Returns how many reports were taken over.
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
    let opened = opened(&tx, kept).await?;
    let codes: Vec<CreditCode> = opened
        .iter()
        .filter_map(|(_, _, told)| told.job.employer_code.clone())
        .collect();
    let employers = employer::public::find_by_credit_codes(&tx, &codes).await?;
    let taken: Vec<Uuid> = opened.iter().map(|(report, _, _)| report.id).collect();
    let mut all_repeated = Vec::new();
    for (kept, subject, SealedReport { job, reporter }) in opened {
        let report = Report {
            subject,
            job: resolved(job, &employers),
            reporter,
            reported_at: kept.received_at,
            checked: None,
        };
        all_repeated.extend(report_in(&mut tx, report).await?.repeated);
    }
    let batch = Batch {
        adopted: reports::erase_in(&tx, &taken).await?,
        last,
    };
    if batch.adopted != taken.len() as u64 {
        return Err(Failure::Contended("another server adopts these reports".into()).into());
    }
    if batch.adopted > 0 {
        let all_repeated = all_repeated.into_iter();
        let entry = all_repeated.fold(AuditEntry::done(&batch)?, |entry, one| one.note(entry));
        tx.commit(entry).await?;
    }
    Ok(batch)
}

/// The kept reports whose people are registered by now, and locked here; one that cannot be read
/// waits for its erasure.
async fn opened(
    tx: &WriteSession,
    kept: Vec<KeptReport>,
) -> Result<Vec<(KeptReport, Subject, SealedReport)>, Failure> {
    let indexes: Vec<BlindIndex> = kept.iter().map(|report| report.index).collect();
    let people = worker::public::identify(tx, &indexes).await?;
    let ids: Vec<WorkerId> = people.values().map(|person| person.id).collect();
    let locked = worker::public::lock_in(tx, &ids).await?;
    let mut indexes = locked.iter().map(|(_, _, index)| index);
    if indexes.any(|index| !people.contains_key(index)) {
        return Err(Failure::Contended(
            "a resident id was corrected while reports were adopted".into(),
        ));
    }
    let mut opened = Vec::new();
    for report in kept {
        let Some(person) = people.get(&report.index) else {
            continue;
        };
        let subject = Subject {
            worker: person.id,
            origin: person.origin,
        };
        match SealedReport::open(tx, &report.index, &report.sealed) {
            Ok(told) => opened.push((report, subject, told)),
            Err(failure) => {
                let report_id = report.id;
                tracing::error!(%report_id, %failure, "a kept report of a job cannot be read");
            }
        }
    }
    Ok(opened)
}

/// A job whose employer may have been registered since it was reported.
fn resolved(job: Job, employers: &HashMap<CreditCode, EmployerRef>) -> Job {
    let found = job
        .employer_code
        .as_ref()
        .and_then(|code| employers.get(code));
    match found {
        Some(employer) => Job {
            employer: Some(employer.id),
            employer_code: None,
            ..job
        },
        None => job,
    }
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
