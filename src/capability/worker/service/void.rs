//! Taking back what was recorded about a person by mistake.

use super::super::error::WorkerRejection;
use super::super::model::LabourFactKind;
use super::super::repo::workers::Changes;
use super::super::repo::{facts, helpers};
use super::derive::revise_in;
use super::parse;
use super::reach::person_in;
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

/// Takes back a fact about a person of the caller's origin, with all that followed from it: whoever
/// did not die has the helper again whom the death took. It stays on record as voided. A death is taken
/// back by somebody other than whoever recorded it.
///
/// # Errors
/// `SECOND_PERSON_REQUIRED`, `ALREADY_VOIDED`, `BAD_TEXT`, `PERSONAL_NUMBER`; `ORIGIN_DECIDES` for a
/// person whom the caller only reads; [`Failure::NotFound`] for any other out of scope, or a fact that is not theirs.
pub async fn void_labour_fact(
    mut tx: WriteSession,
    command: VoidLabourFact,
) -> Result<WorkerDone, Refusal> {
    let VoidLabourFact {
        worker,
        fact,
        reason,
    } = command;
    let worker = person_in(&tx, "workerId", worker).await?;
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
    let mut fields = vec![field_of(found.fact.kind)];
    if found.fact.kind == LabourFactKind::Deceased && helped_again_in(&tx, worker.id).await? {
        fields.push("helper");
    }
    revise_in(&mut tx, &worker, Changes::default(), fields).await?;
    let answer = WorkerDone { worker: worker.id };
    let entry = AuditEntry::done(&answer)?.for_purpose(reason);
    tx.commit(entry).await?;
    Ok(answer)
}

/// Why a death goes with the resident id under which it came.
const UNDER_WRONG_ID: &str = "身份证号码更正：死亡系按原号码上报 (reported under the id that was \
                              corrected)";

/// Takes back the deaths that agencies reported of whoever has the resident id that a person turned
/// out not to have; the fields that changes. What the county recorded is about the person and stays.
pub(super) async fn matched_deaths_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<Vec<&'static str>, Failure> {
    if !facts::void_matched_deaths_in(tx, worker, UNDER_WRONG_ID).await? {
        return Ok(Vec::new());
    }
    let mut fields = vec![field_of(LabourFactKind::Deceased)];
    if helped_again_in(tx, worker).await? {
        fields.push("helper");
    }
    Ok(fields)
}

/// Gives somebody of whom no death stands any more the helper back whom one took; `false` when nobody
/// is helped again.
async fn helped_again_in(tx: &WriteSession, worker: WorkerId) -> Result<bool, Failure> {
    let standing = facts::of(tx, worker).await?;
    if standing
        .iter()
        .any(|fact| fact.kind == LabourFactKind::Deceased)
    {
        return Ok(false);
    }
    helpers::reopen_in(tx, worker).await
}
