//! Findings as the schema shows them.
//!
//! Columns of the row are plain fields; steps are resolved on request by [`FindingRecords`], which
//! is flattened into the same object. Fields that lead to the record concerned are edges.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::super::model::{
    Finding, FindingOutcome, FindingState, FindingStep, FindingStepKind, FindingSubjectKind,
    Subject,
};
use super::super::rules;
use super::loaders::StepLoader;
use crate::kernel::ids::{self, FindingId};
use crate::kernel::region_code::RegionCode;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, DateTime};

/// An auditor's finding: a rule that is held to be broken, what was found, and what the
/// responsible county and the auditor have said since.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Finding", complex)]
pub struct FindingNode {
    #[graphql(skip)]
    pub(crate) subject: Option<Subject>,
    /// Opaque id of the record.
    pub id: ID,
    /// What kind of record it is about; null for one about the county's own work. The record is
    /// `worker`, `employer` or `employment`.
    pub subject_kind: Option<FindingSubjectKind>,
    /// Code of the county that has to answer.
    pub responsible_county: RegionCode,
    /// The rule that is held to be broken.
    pub clause: String,
    /// What was found.
    pub evidence: String,
    /// How far it has come.
    pub state: FindingState,
    /// What came of it; null until it is closed.
    pub outcome: Option<FindingOutcome>,
    /// Subject of the token of the auditor who recorded it.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime,
    /// Grows by one with every step; give it back in the next one.
    pub version: i64,
    #[graphql(flatten)]
    records: FindingRecords,
}

impl From<Finding> for FindingNode {
    fn from(finding: Finding) -> Self {
        let Finding {
            id,
            subject,
            responsible_county,
            clause,
            evidence,
            state,
            outcome,
            recorded_by,
            recorded_at,
            version,
        } = finding;
        Self {
            subject,
            id: ID(ids::encode(id)),
            subject_kind: subject.map(Subject::kind),
            responsible_county,
            clause,
            evidence,
            state,
            outcome,
            recorded_by,
            recorded_at: DateTime(recorded_at),
            version,
            records: FindingRecords(id),
        }
    }
}

/// What is kept about a finding besides its row.
#[derive(Clone, Copy)]
struct FindingRecords(FindingId);

impl FindingRecords {
    async fn taken(self, ctx: &Context<'_>) -> Result<Vec<FindingStep>, Error> {
        let found = ctx.load::<StepLoader, _>(self.0).await?;
        Ok(found.unwrap_or_default())
    }
}

#[Object]
impl FindingRecords {
    /// The answer that stands: the last one since the finding was last opened; null before. Earlier
    /// answers are among the steps.
    async fn answer(&self, ctx: &Context<'_>) -> Option<Result<FindingStepObject, Error>> {
        match self.taken(ctx).await {
            Ok(steps) => rules::standing_answer(&steps).map(|step| Ok(step.clone().into())),
            Err(error) => Some(Err(error)),
        }
    }

    /// Everything that was done about it since it was recorded, in that order.
    async fn steps(&self, ctx: &Context<'_>) -> Option<Result<Vec<FindingStepObject>, Error>> {
        let steps = self.taken(ctx).await;
        Some(steps.map(|steps| steps.into_iter().map(Into::into).collect()))
    }
}

connection!(FindingNode, FindingConnection, FindingEdge, "findings");

/// One step about a finding: an answer, a closing or a reopening. Kept as it was written.
#[derive(Clone, SimpleObject)]
#[graphql(name = "FindingStep")]
pub struct FindingStepObject {
    /// What was done.
    pub kind: FindingStepKind,
    /// What came of the finding; null for anything but a closing.
    pub outcome: Option<FindingOutcome>,
    /// The answer, the remark or the reason.
    pub text: String,
    /// Subject of the token of whoever took the step.
    pub by: String,
    /// Role of that token, such as `OFFICER`.
    pub role: String,
    /// Code of the region of an officer; null for an auditor.
    pub region_code: Option<RegionCode>,
    /// When.
    pub at: DateTime,
}

impl From<FindingStep> for FindingStepObject {
    fn from(step: FindingStep) -> Self {
        let FindingStep {
            finding: _,
            kind,
            outcome,
            text,
            by,
            role,
            region,
            at,
        } = step;
        Self {
            kind,
            outcome,
            text,
            by,
            role,
            region_code: region,
            at: DateTime(at),
        }
    }
}
