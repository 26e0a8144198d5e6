//! What befalls a person once: death, and leaving a public welfare post. Each is a dated fact with
//! its source. Facts that contradict each other coexist, and the latest day speaks; so nothing is
//! overwritten and no version is asked for.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::super::error::WorkerRejection;
use super::super::model::{LabourFact, LabourFactKind, Worker};
use super::super::repo::helpers::Release;
use super::super::repo::workers::{self, Changes};
use super::super::repo::{facts, helpers, people};
use super::derive::revise_in;
use super::parse;
use super::reach::person_in;
use super::update::{WorkerDone, field_of, finish};
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::WorkerId;
use crate::platform::db::WriteSession;
use crate::platform::journal::AuditEntry;

/// A day and who knows of it.
#[derive(Clone, Debug)]
pub struct Dated {
    /// When it happened.
    pub on: NaiveDate,
    /// Who states it: an office, a certificate.
    pub source: String,
}

/// The answer to a report, whoever it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received;

/// Records the death of a person of the caller's origin. Nobody dies on two days: the county takes back
/// the one that is wrong, which takes a second person, before it records another. The same day again
/// changes nothing, except that what an agency reported of whoever has the resident id becomes the
/// county's own statement about the person too.
///
/// # Errors
/// `DATE_IN_FUTURE`, `DATE_BEFORE_BIRTH`, `BAD_TEXT`, `PERSONAL_NUMBER`, `PERSON_DECEASED` for another
/// day than the one on record; `ORIGIN_DECIDES` for a person
/// whom the caller only reads; [`Failure::NotFound`] for any other out of scope.
pub async fn record_death(
    mut tx: WriteSession,
    worker: WorkerId,
    death: Dated,
) -> Result<WorkerDone, Refusal> {
    let worker = person_in(&tx, "workerId", worker).await?;
    let fact = fact(&tx, LabourFactKind::Deceased, "diedOn", death)?;
    if fact.since.year() < worker.birth_year {
        return Err(before_birth("diedOn"));
    }
    let deaths = facts::deaths_in(&tx, worker.id).await?;
    let is_stated = deaths.contains(&(fact.since, false));
    if !deaths.is_empty() && !is_stated && !deaths.contains(&(fact.since, true)) {
        return Err(UserError::at(&["input", "diedOn"], &WorkerRejection::PersonDeceased).into());
    }
    let written = !is_stated && state_in(&mut tx, &worker, fact).await?;
    finish(tx, worker.id, written).await
}

/// Takes the report of a death by an agency that sees nobody's record. It is answered in the same
/// way whether or not the person is registered, and about whoever is not nothing is kept.
///
/// # Errors
/// `DATE_IN_FUTURE`, `DATE_BEFORE_BIRTH`, `BAD_TEXT`, `PERSONAL_NUMBER` and the kernel's codes about the resident id:
/// all follow from the report alone.
pub async fn report_death(
    mut tx: WriteSession,
    resident_id: String,
    death: Dated,
) -> Result<Received, Refusal> {
    let resident_id = parse::resident_id(&tx, &resident_id)?;
    let fact = fact(&tx, LabourFactKind::Deceased, "diedOn", death)?;
    if fact.since < resident_id.birth_date() {
        return Err(before_birth("diedOn"));
    }
    let index = parse::index_of(&tx, &resident_id);
    let known = workers::identify(&tx, &[index]).await?.into_iter().next();
    let mut entry = AuditEntry::with_outcome("RECEIVED", &Received)?;
    // An agency of one region speaks for that region only.
    if let Some((_, person)) = known.filter(|(_, p)| tx.permit().admit(p.origin).is_ok()) {
        let locked = people::lock_in(&tx, &[person.id]).await?;
        if !locked.iter().any(|(_, _, now)| *now == index) {
            return Err(Failure::Contended(
                "a resident id was corrected while a death was matched".into(),
            )
            .into());
        }
        let worker = workers::lock_in(&tx, person.id)
            .await?
            .ok_or_else(|| Failure::Contended("a matched person vanished".into()))?;
        if !state_in(&mut tx, &worker, fact).await? {
            entry = entry.about(worker.id);
        }
    }
    tx.commit(entry).await?;
    Ok(Received)
}

/// Records that a person of the caller's origin left a public welfare post, which makes them one
/// of the third tracked group.
///
/// # Errors
/// `DATE_IN_FUTURE`, `DATE_BEFORE_BIRTH`, `BAD_TEXT`, `PERSONAL_NUMBER`, `PERSON_DECEASED` for a day after the person's
/// death; `ORIGIN_DECIDES` for a person whom the caller only reads; [`Failure::NotFound`] for any other
/// out of scope.
pub async fn leave_public_post(
    mut tx: WriteSession,
    worker: WorkerId,
    leaving: Dated,
) -> Result<WorkerDone, Refusal> {
    let worker = person_in(&tx, "workerId", worker).await?;
    let fact = fact(&tx, LabourFactKind::LeftPublicPost, "leftOn", leaving)?;
    if fact.since.year() < worker.birth_year {
        return Err(before_birth("leftOn"));
    }
    if worker.died_on().is_some_and(|died| fact.since > died) {
        return Err(UserError::at(&["input", "leftOn"], &WorkerRejection::PersonDeceased).into());
    }
    let written = state_in(&mut tx, &worker, fact).await?;
    finish(tx, worker.id, written).await
}

fn before_birth(field: &str) -> Refusal {
    UserError::at(&["input", field], &WorkerRejection::DateBeforeBirth).into()
}

fn fact(
    tx: &WriteSession,
    kind: LabourFactKind,
    field: &'static str,
    dated: Dated,
) -> Result<LabourFact, UserError> {
    let Dated { on, source } = dated;
    Ok(LabourFact {
        kind,
        value: true,
        since: parse::past_day(tx, on, field)?,
        source: parse::words(&source, "source")?,
    })
}

/// Adds a fact with all that follows from it; `false` when the same one stands already.
async fn state_in(
    tx: &mut WriteSession,
    worker: &Worker,
    fact: LabourFact,
) -> Result<bool, Failure> {
    if facts::of(tx, worker.id).await?.contains(&fact) {
        return Ok(false);
    }
    let mut fields = vec![field_of(fact.kind)];
    let died = (fact.kind == LabourFactKind::Deceased).then_some(fact.since);
    facts::add_in(tx, (worker.id, worker.version + 1), &[fact]).await?;
    // Nobody is left to be helped.
    if let Some(day) = died
        && helpers::release_in(tx, worker.id, day, Release::Death).await?
    {
        fields.push("helper");
    }
    revise_in(tx, worker, Changes::default(), fields).await
}
