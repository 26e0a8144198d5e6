//! Correcting a resident id or a name, which takes two people: one proposes, another decides.
//!
//! By the name other counties and ledgers make sure that an id is the one they mean. The id is the key under which a person exists once in the province. So nobody may change it
//! alone, and nobody may use a proposal to find out whether an id is registered somewhere: only
//! the second person's approval looks beyond the caller's own reach, and then says no more than
//! that the identity cannot be confirmed.

use futures::future::BoxFuture;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::super::error::{CorrectionRejection, WorkerRejection};
use super::super::model::{Correction, CorrectionKind, CorrectionState, Worker};
use super::super::repo::corrections::{Proposal, Proposed};
use super::super::repo::workers::Changes;
use super::super::repo::{corrections, workers};
use super::derive::revise_in;
use super::parse;
use super::reach::person_in;
use super::register::{disclosure_left, disclosures_used_up};
use super::residence::{at_version, refused};
use super::void::matched_deaths_in;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{CorrectionId, RecordId as _, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::resident_id::ResidentId;
use crate::platform::crypto::{Context, Sealed};
use crate::platform::db::{ReadSession, Session, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// A resident id to be corrected, as typed.
#[derive(Clone)]
pub struct ProposeCorrection {
    /// Whose.
    pub worker: WorkerId,
    /// The right one.
    pub resident_id: String,
    /// Why the present one is wrong.
    pub reason: String,
    /// The version of the person the caller has read.
    pub version: i64,
}

/// The proposal that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionProposed {
    /// Its id.
    pub correction: CorrectionId,
}

/// Proposes to correct the resident id of a person of the caller's origin.
///
/// # Errors
/// `STALE_VERSION`, `CORRECTION_OPEN`, `SAME_VALUE`, `UNDER_WORKING_AGE`, `BAD_TEXT`, `PERSONAL_NUMBER`, the kernel's
/// codes about the id; `ALREADY_REGISTERED` for the id of somebody else the caller sees;
/// `ORIGIN_DECIDES` for a person whom the caller only reads; [`Failure::NotFound`] for any other.
pub async fn propose_correction(
    tx: WriteSession,
    command: ProposeCorrection,
) -> Result<CorrectionProposed, Refusal> {
    let ProposeCorrection {
        worker,
        resident_id,
        reason,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let worker = held_in(&tx, worker, version).await?;
    let resident_id = parse::working_resident_id(&tx, &resident_id)?;
    let index = parse::index_of(&tx, &resident_id);
    if let Some(holder) = workers::find_by_index(&tx, &index).await? {
        return Err(if holder.id == worker.id {
            refused("residentId", &CorrectionRejection::SameValue)
        } else {
            refused("residentId", &WorkerRejection::RegisteredHere)
        });
    }
    let value = parse::sealed_resident_id(&tx, worker.id, &resident_id);
    let proposal = Proposal {
        worker: worker.id,
        value: Proposed::ResidentId(value, index),
        reason,
    };
    propose(tx, proposal, "residentId").await
}

/// A name to be corrected, as typed.
#[derive(Clone, Debug)]
pub struct ProposeNameCorrection {
    /// Whose.
    pub worker: WorkerId,
    /// The right one.
    pub name: String,
    /// Why the present one is wrong.
    pub reason: String,
    /// The version of the person the caller has read.
    pub version: i64,
}

/// Proposes to correct the name of a person of the caller's origin.
///
/// # Errors
/// `STALE_VERSION`, `CORRECTION_OPEN`, `SAME_VALUE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// `ORIGIN_DECIDES` for a person whom the caller only reads; [`Failure::NotFound`] for any other.
pub async fn propose_name_correction(
    tx: WriteSession,
    command: ProposeNameCorrection,
) -> Result<CorrectionProposed, Refusal> {
    let ProposeNameCorrection {
        worker,
        name,
        reason,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let worker = held_in(&tx, worker, version).await?;
    let name = parse::text(&name, "name")?;
    if name == worker.name {
        return Err(refused("name", &CorrectionRejection::SameValue));
    }
    let proposal = Proposal {
        worker: worker.id,
        value: Proposed::Name(name),
        reason,
    };
    propose(tx, proposal, "name").await
}

/// The person to be corrected, at the version that the caller has read.
async fn held_in(tx: &WriteSession, worker: WorkerId, version: i64) -> Result<Worker, Refusal> {
    let worker = person_in(tx, "workerId", worker).await?;
    at_version("version", worker.version, version)?;
    Ok(worker)
}

async fn propose(
    mut tx: WriteSession,
    proposal: Proposal,
    field: &'static str,
) -> Result<CorrectionProposed, Refusal> {
    let worker = proposal.worker;
    let correction = corrections::propose_in(&tx, proposal)
        .await?
        .ok_or_else(|| refused("workerId", &CorrectionRejection::StillOpen))?;
    tx.changed(Change::new(correction, 1, &[field, "reason"]));
    let answer = CorrectionProposed { correction };
    let entry = AuditEntry::done(&answer)?.about(worker);
    tx.commit(entry).await?;
    Ok(answer)
}

/// Somebody whose resident id a unit of work corrects.
#[derive(Clone, Copy, Debug)]
pub struct Corrected {
    /// Whose.
    pub worker: WorkerId,
    /// Their version with the right id.
    pub version: i64,
    /// The correction that was approved.
    pub correction: CorrectionId,
}

/// What else follows from a corrected id, in the same unit of work: what was matched with the person
/// by the former one belongs to capabilities that lean on this one, so that the schema, which is put
/// together above them all, says what it is.
#[derive(Clone, Copy)]
pub struct AfterCorrection(
    /// Called with the person locked, once they have the right id.
    pub for<'a> fn(&'a mut WriteSession, Corrected) -> BoxFuture<'a, Result<(), Failure>>,
);

/// A decision on a proposal.
#[derive(Clone, Debug)]
pub struct DecideCorrection {
    /// Which proposal.
    pub correction: CorrectionId,
    /// What it puts right; a proposal of another kind is not there.
    pub kind: CorrectionKind,
    /// Whether the correction is right.
    pub approve: bool,
    /// Why; kept in the trail.
    pub reason: String,
    /// The version of the proposal the caller has read.
    pub version: i64,
}

/// How a decision ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// It is decided.
    Decided,
    /// It stays open: somebody the caller sees holds the id.
    Known,
    /// It stays open: the identity cannot be confirmed. Nothing more may be said.
    NotConfirmed,
    /// It stays open: the caller's quota of answers about people out of reach is used up for today,
    /// whether the id is free or not.
    QuotaUsed,
}

/// Decides a proposal about a person of the caller's origin. An approved one of a resident id is
/// followed by what `after` says: by the name nothing was matched.
///
/// # Errors
/// `SECOND_PERSON_REQUIRED` for whoever proposed it, `ALREADY_DECIDED`, `STALE_VERSION`,
/// `BAD_TEXT`, `PERSONAL_NUMBER`; [`Failure::NotFound`] for a proposal about a person out of scope.
pub async fn decide_correction(
    mut tx: WriteSession,
    command: DecideCorrection,
    after: AfterCorrection,
) -> Result<Decision, Refusal> {
    let DecideCorrection {
        correction: id,
        kind,
        approve,
        reason,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let (correction, sealed) = corrections::find_sealed(&tx, id, kind)
        .await?
        .ok_or(Failure::NotFound)?;
    let worker = workers::find_locked_in(&tx, correction.worker)
        .await?
        .ok_or(Failure::NotFound)?;
    check_open(&tx, &correction)?;
    at_version("version", correction.version, version)?;
    let state = if approve {
        CorrectionState::Approved
    } else {
        CorrectionState::Refused
    };
    let decision = match state {
        CorrectionState::Approved => match kind {
            CorrectionKind::ResidentId => put_in_force(&mut tx, &worker, sealed).await?,
            CorrectionKind::Name => rename(&mut tx, &worker, correction.proposed).await?,
        },
        CorrectionState::Refused | CorrectionState::Proposed => Decision::Decided,
    };
    let entry = match decision {
        Decision::Decided => {
            if (state, kind) == (CorrectionState::Approved, CorrectionKind::ResidentId) {
                let corrected = Corrected {
                    worker: worker.id,
                    version: worker.version + 1,
                    correction: id,
                };
                (after.0)(&mut tx, corrected).await?;
            }
            if !corrections::decide_in(&tx, id, version, state).await? {
                return Err(Failure::Contended("a correction was decided meanwhile".into()).into());
            }
            tx.changed(Change::new(id, version + 1, &["state"]));
            AuditEntry::done(&decision)?
        }
        Decision::Known => left_open("ALREADY_REGISTERED", &decision, id)?,
        Decision::NotConfirmed => left_open("IDENTITY_NOT_CONFIRMED", &decision, id)?,
        Decision::QuotaUsed => left_open("DISCLOSURE_QUOTA_USED", &decision, id)?,
    };
    tx.commit(entry.for_purpose(reason)).await?;
    Ok(decision)
}

/// A second person decides, and once.
fn check_open(tx: &WriteSession, correction: &Correction) -> Result<(), Refusal> {
    if correction.proposed_by == tx.permit().principal().subject() {
        let rejection = CorrectionRejection::SecondPersonRequired;
        return Err(refused("correctionId", &rejection));
    }
    if correction.state != CorrectionState::Proposed {
        let rejection = CorrectionRejection::AlreadyDecided;
        return Err(refused("correctionId", &rejection));
    }
    Ok(())
}

/// The entry of a decision that leaves the proposal as it is.
fn left_open(
    outcome: &'static str,
    decision: &Decision,
    id: CorrectionId,
) -> Result<AuditEntry, Failure> {
    let entry = AuditEntry::with_outcome(outcome, decision)?;
    Ok(entry.about(id).to_be_decided_anew())
}

/// Gives a locked person the proposed id, unless somebody has it.
async fn put_in_force(
    tx: &mut WriteSession,
    worker: &Worker,
    sealed: Option<Sealed>,
) -> Result<Decision, Failure> {
    let sealed =
        sealed.ok_or_else(|| Failure::internal("a proposed resident id has nothing sealed"))?;
    let opened = tx
        .keys()
        .ring
        .open(Context::RESIDENT_ID, worker.id.uuid().as_bytes(), &sealed)
        .map_err(Failure::internal)?;
    let resident_id =
        ResidentId::from_canonical(opened.expose_secret()).map_err(Failure::internal)?;
    let index = parse::index_of(tx, &resident_id);
    if workers::find_by_index(tx, &index).await?.is_some() {
        return Ok(Decision::Known);
    }
    // Before anybody out of reach is looked up, as where people are registered.
    if disclosures_used_up(tx).await? {
        return Ok(Decision::QuotaUsed);
    }
    if !workers::identify(tx, &[index]).await?.is_empty() {
        return Ok(if disclosure_left(tx).await? {
            Decision::NotConfirmed
        } else {
            Decision::QuotaUsed
        });
    }
    // Sealed anew: the active key may have changed since the proposal.
    let value = parse::sealed_resident_id(tx, worker.id, &resident_id);
    let changes = Changes {
        resident_id: Some((value, index, resident_id.birth_year())),
        ..Changes::default()
    };
    let mut fields = vec!["residentId"];
    fields.extend(matched_deaths_in(tx, worker.id).await?);
    revise_in(tx, worker, changes, fields).await?;
    Ok(Decision::Decided)
}

/// Gives a locked person the proposed name.
async fn rename(tx: &mut WriteSession, worker: &Worker, name: String) -> Result<Decision, Failure> {
    let changes = Changes {
        name: Some(name),
        ..Changes::default()
    };
    revise_in(tx, worker, changes, vec!["name"]).await?;
    Ok(Decision::Decided)
}

/// A page of the proposals about the people the session reaches, the oldest first.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn list_corrections(
    session: &ReadSession,
    state: Option<CorrectionState>,
    request: &PageRequest<CorrectionId>,
) -> Result<Page<Correction>, Failure> {
    let found = corrections::page(session, state, request).await?;
    let people = found.rows.iter().map(|proposal| proposal.worker.into());
    session.record_list_of(people).await?;
    Ok(found)
}

/// Several proposals at once, each about a person the session reaches.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn corrections(
    session: &impl Session,
    ids: &[CorrectionId],
) -> Result<Vec<Correction>, Failure> {
    corrections::find_many(session, ids).await
}
