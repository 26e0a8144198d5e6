//! Use cases about findings and matchings: validate, decide, write.

mod matching;
mod record;
mod successors;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use matching::{MatchRecords, Matched, MatchedValue, match_records, shown_again};
pub use record::{RecordFinding, record};
pub use successors::apply_successors;

use super::error::FindingRejection;
use super::model::{Act, Finding, FindingFilter, FindingOutcome, FindingStep, MAX_TEXT, Subject};
use super::repo::{findings, steps};
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::FindingId;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::personal::{FreeTextError, free_text};
use crate::platform::db::{ReadSession, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// The finding a use case left behind, as it is kept for a repeated request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingDone {
    /// Which one.
    pub finding_id: FindingId,
}

/// A step about a finding as it came in.
#[derive(Clone, Debug)]
pub struct TakeStep {
    /// Which finding.
    pub id: FindingId,
    /// The version the caller has seen.
    pub version: i64,
    /// The answer, remark or reason, as typed.
    pub text: String,
}

/// Answers a finding for the responsible county.
///
/// # Errors
/// Expected: `STALE_VERSION`, `NOT_OPEN`, `BAD_TEXT`, `PERSONAL_NUMBER`. [`Failure::NotFound`] for
/// a finding that no county of the caller's region has to answer.
pub async fn answer(tx: WriteSession, cmd: TakeStep) -> Result<FindingDone, Refusal> {
    take(tx, cmd, (Act::Answer, "answer")).await
}

/// Decides what comes of a finding.
///
/// # Errors
/// Expected: `STALE_VERSION`, `NOT_ANSWERED`, `ALREADY_CLOSED`, `BAD_TEXT`, `PERSONAL_NUMBER`.
/// [`Failure::NotFound`] for no finding.
pub async fn close(
    tx: WriteSession,
    cmd: TakeStep,
    outcome: FindingOutcome,
) -> Result<FindingDone, Refusal> {
    take(tx, cmd, (Act::Close(outcome), "remark")).await
}

/// Asks for another answer; the earlier ones stay.
///
/// # Errors
/// Expected: `STALE_VERSION`, `STILL_OPEN`, `BAD_TEXT`, `PERSONAL_NUMBER`. [`Failure::NotFound`]
/// for no finding.
pub async fn reopen(tx: WriteSession, cmd: TakeStep) -> Result<FindingDone, Refusal> {
    take(tx, cmd, (Act::Reopen, "reason")).await
}

/// Takes a step whose text came in `field`.
async fn take(
    mut tx: WriteSession,
    cmd: TakeStep,
    (act, field): (Act, &'static str),
) -> Result<FindingDone, Refusal> {
    let TakeStep { id, version, text } = cmd;
    let finding = findings::find_locked_in(&tx, id)
        .await?
        .ok_or(Failure::NotFound)?;
    if finding.version != version {
        return Err(rejected("version", FindingRejection::StaleVersion));
    }
    let state = finding
        .state
        .after(act)
        .map_err(|rejection| rejected("id", rejection))?;
    let text = words(&text, (field, MAX_TEXT), FindingRejection::BadText)?;
    if !findings::advance_in(&tx, id, version, (state, act.outcome())).await? {
        return Err(Failure::Contended("a finding changed meanwhile".into()).into());
    }
    steps::add_in(&tx, id, version + 1, (act, text)).await?;
    let fields: &[_] = match act {
        Act::Answer => &["state", "answer"],
        Act::Close(_) => &["state", "outcome", "remark"],
        Act::Reopen => &["state", "outcome", "reason"],
    };
    tx.changed(Change::new(id, version + 1, fields));
    finish(tx, &finding).await
}

/// Commits; the person concerned is named in the trail too.
async fn finish(tx: WriteSession, finding: &Finding) -> Result<FindingDone, Refusal> {
    let done = FindingDone {
        finding_id: finding.id,
    };
    let entry = AuditEntry::done(&done)?;
    let worker = finding.subject.and_then(Subject::worker);
    tx.commit(match worker {
        Some(worker) => entry.about(worker),
        None => entry,
    })
    .await?;
    Ok(done)
}

/// Opens one finding; missing and out of reach alike are `None`. A person it is about is named in
/// the trail too.
///
/// # Errors
/// [`Failure`] of the database or the journal.
pub async fn get(session: &ReadSession, id: FindingId) -> Result<Option<Finding>, Failure> {
    let found = findings::find_many(session, &[id]).await?.pop();
    let Some(finding) = &found else {
        session.record_missed();
        return Ok(None);
    };
    session.record_opened(finding.id).await?;
    if let Some(worker) = finding.subject.and_then(Subject::worker) {
        session.record_opened(worker).await?;
    }
    Ok(found)
}

/// One page of the findings within reach, a list of those whom they are about as well.
///
/// # Errors
/// [`Failure`] of the database or the journal.
pub async fn list(
    session: &ReadSession,
    filter: &FindingFilter,
    request: &PageRequest<FindingId>,
) -> Result<Page<Finding>, Failure> {
    let page = findings::page(session, filter, request).await?;
    let subjects = page.rows.iter().filter_map(|finding| finding.subject);
    let people = subjects.filter_map(Subject::worker);
    session.record_list_of(people.map(Into::into)).await?;
    Ok(page)
}

/// The findings within reach among these.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(session: &ReadSession, ids: &[FindingId]) -> Result<Vec<Finding>, Failure> {
    findings::find_many(session, ids).await
}

/// The steps about each of the findings within reach, in the order in which they were taken.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn steps_of(
    session: &ReadSession,
    ids: &[FindingId],
) -> Result<HashMap<FindingId, Vec<FindingStep>>, Failure> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for step in steps::of_many(session, ids).await? {
        found.entry(step.finding).or_default().push(step);
    }
    Ok(found)
}

/// What a caller wrote in `field`, of 1 to `most` characters and without anybody's number.
fn words(
    raw: &str,
    (field, most): (&'static str, usize),
    bad: FindingRejection,
) -> Result<String, Refusal> {
    free_text(raw, 1..=most).map_err(|error| match error {
        FreeTextError::Length => rejected(field, bad),
        FreeTextError::PersonalNumber => rejected(field, FindingRejection::PersonalNumber),
    })
}

fn rejected(field: &str, rejection: FindingRejection) -> Refusal {
    UserError::at(&["input", field], &rejection).into()
}
