//! Taking back what was recorded about a person by mistake.

use super::super::error::WorkerRejection;
use super::super::model::LabourFactKind;
use super::super::repo::facts;
use super::super::repo::workers::{self, Changes};
use super::derive::revise_in;
use super::parse;
use super::residence::refused;
use super::update::{WorkerDone, field_of};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{LabourFactId, WorkerId};
use crate::platform::db::WriteSession;
use crate::platform::journal::AuditEntry;

/// A fact that was a mistake.
#[derive(Clone, Debug)]
pub struct VoidLabourFact {
    /// About whom.
    pub worker: WorkerId,
    /// Which.
    pub fact: LabourFactId,
    /// Why, in the officer's words.
    pub reason: String,
}

/// Takes back a fact about a person of the caller's origin, with all that followed from it. It stays
/// on record as voided. A death is taken back by somebody other than whoever recorded it.
///
/// # Errors
/// `SECOND_PERSON_REQUIRED`, `ALREADY_VOIDED`, `BAD_TEXT`, `PERSONAL_NUMBER`; [`Failure::NotFound`] for a person out of
/// scope, or a fact that is not theirs.
pub async fn void_labour_fact(
    mut tx: WriteSession,
    command: VoidLabourFact,
) -> Result<WorkerDone, Refusal> {
    let VoidLabourFact {
        worker,
        fact,
        reason,
    } = command;
    let worker = workers::find_locked_in(&tx, worker)
        .await?
        .ok_or(Failure::NotFound)?;
    let found = facts::find_in(&tx, worker.id, fact)
        .await?
        .ok_or(Failure::NotFound)?;
    let reason = parse::words(&reason, "reason")?;
    if found.voided.is_some() {
        return Err(refused("factId", &WorkerRejection::AlreadyVoided));
    }
    let own = found.recorded_by == tx.permit().principal().subject();
    if own && found.fact.kind == LabourFactKind::Deceased {
        return Err(refused("factId", &WorkerRejection::SecondPersonRequired));
    }
    facts::void_in(&tx, fact, &reason).await?;
    let field = field_of(found.fact.kind);
    revise_in(&mut tx, &worker, Changes::default(), vec![field]).await?;
    let answer = WorkerDone { worker: worker.id };
    let entry = AuditEntry::done(&answer)?.for_purpose(reason);
    tx.commit(entry).await?;
    Ok(answer)
}
