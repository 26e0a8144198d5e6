//! Inputs of the queries and mutations about findings, and of matching.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::model::{FindingFilter, FindingOutcome, FindingState, MatchKind, SubjectRef};
use super::super::service::{MatchRecords, RecordFinding, TakeStep};
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::{EmployerId, EmploymentId, RecordId, WorkerId, decode_any};
use crate::kernel::region_code::RegionCode;
use crate::platform::gql::ContextExt as _;

/// Narrows a list of findings. Every part given must hold; the caller's own reach always applies.
#[derive(InputObject)]
#[graphql(name = "FindingFilter")]
pub struct FindingFilterInput {
    /// In this state.
    pub state: Option<FindingState>,
    /// To be answered by this county, or by a county of this prefecture or province.
    pub region: Option<RegionCode>,
    /// About the person, employer or job with this id; for a person also about their jobs.
    pub subject_id: Option<ID>,
}

impl FindingFilterInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<FindingFilter, Error> {
        let Self {
            state,
            region,
            subject_id,
        } = self;
        Ok(FindingFilter {
            state: *state,
            region: *region,
            subject: subject(ctx, subject_id.as_ref())?,
        })
    }
}

/// A finding to be recorded.
#[derive(InputObject)]
pub struct RecordFindingInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The person, employer or job it is about; absent for one about the county's own work.
    pub subject_id: Option<ID>,
    /// Code of the county that has to answer, in force. When absent the county where the person is
    /// registered, the employer seated or the job done; that of registration for a job outside the
    /// province.
    pub responsible_county: Option<RegionCode>,
    /// The rule that is held to be broken, 1 to 200 characters.
    pub clause: String,
    /// What was found, 1 to 4,000 characters, without resident ids, phone numbers and accounts:
    /// what looks like one is refused.
    pub evidence: String,
}

impl RecordFindingInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<RecordFinding, Error> {
        let Self {
            idempotency_key: _,
            subject_id,
            responsible_county,
            clause,
            evidence,
        } = self;
        Ok(RecordFinding {
            subject: subject(ctx, subject_id.as_ref())?,
            responsible_county: *responsible_county,
            clause: clause.clone(),
            evidence: evidence.clone(),
        })
    }
}

/// The responsible county's answer.
#[derive(InputObject)]
pub struct AnswerFindingInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The finding.
    pub id: ID,
    /// The version that was read; with an older one nothing is answered.
    pub version: i64,
    /// The answer, 1 to 4,000 characters, without resident ids, phone numbers and accounts.
    pub answer: String,
}

impl AnswerFindingInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<TakeStep, Error> {
        step(ctx, (&self.id, self.version), &self.answer)
    }
}

/// What comes of a finding.
#[derive(InputObject)]
pub struct CloseFindingInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The finding.
    pub id: ID,
    /// The version that was read; with an older one nothing is closed.
    pub version: i64,
    /// What comes of it; before an answer only `WITHDRAWN`.
    pub outcome: FindingOutcome,
    /// Why, 1 to 4,000 characters, without resident ids, phone numbers and accounts.
    pub remark: String,
}

impl CloseFindingInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<TakeStep, Error> {
        step(ctx, (&self.id, self.version), &self.remark)
    }
}

/// A finding that needs another answer.
#[derive(InputObject)]
pub struct ReopenFindingInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The finding.
    pub id: ID,
    /// The version that was read; with an older one nothing is reopened.
    pub version: i64,
    /// What is missing, 1 to 4,000 characters, without resident ids, phone numbers and accounts.
    pub reason: String,
}

impl ReopenFindingInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<TakeStep, Error> {
        step(ctx, (&self.id, self.version), &self.reason)
    }
}

/// A list to be compared with the records.
#[derive(InputObject)]
pub struct MatchRecordsInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller. People
    /// shown again by it have another entry in their access logs.
    pub idempotency_key: Option<String>,
    /// What for, 5 to 200 characters, without numbers of people. Everybody found reads it in the
    /// own access log.
    pub purpose: String,
    /// What kind of numbers the values are.
    pub kind: MatchKind,
    /// The numbers, 1 to 1,000; a wrong one is an error of its result alone. They are not kept.
    pub values: Vec<String>,
}

impl From<&MatchRecordsInput> for MatchRecords {
    fn from(input: &MatchRecordsInput) -> Self {
        let MatchRecordsInput {
            idempotency_key: _,
            purpose,
            kind,
            values,
        } = input;
        Self {
            purpose: purpose.clone(),
            kind: *kind,
            values: values.clone(),
        }
    }
}

fn step(ctx: &Context<'_>, (id, version): (&ID, i64), text: &str) -> Result<TakeStep, Error> {
    Ok(TakeStep {
        id: ctx.id(id)?,
        version,
        text: text.to_owned(),
    })
}

fn subject(ctx: &Context<'_>, id: Option<&ID>) -> Result<Option<SubjectRef>, Error> {
    let Some(id) = id else { return Ok(None) };
    let known = decode_any(id)
        .ok()
        .and_then(|(kind, key)| match kind.as_str() {
            WorkerId::TYPE => Some(SubjectRef::Worker(WorkerId::from_uuid(key))),
            EmployerId::TYPE => Some(SubjectRef::Employer(EmployerId::from_uuid(key))),
            EmploymentId::TYPE => Some(SubjectRef::Employment(EmploymentId::from_uuid(key))),
            _ => None,
        });
    let unknown = || {
        ctx.refuse(&Failure::BadInput(Text::new(
            "subjectId 须为人员、用人单位或就业记录的标识。",
            "subjectId must be the id of a person, an employer or a job.",
        )))
    };
    known.map(Some).ok_or_else(unknown)
}
