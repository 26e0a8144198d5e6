//! Findings and matchings in the schema: objects, inputs, loaders and short resolvers.

mod inputs;
mod loaders;
mod matching;
mod mutations;
mod objects;
mod queries;

pub use inputs::{
    AnswerFindingInput, CloseFindingInput, FindingFilterInput, MatchRecordsInput,
    RecordFindingInput, ReopenFindingInput,
};
pub use loaders::{FindingLoader, StepLoader};
pub use matching::{MatchRecordsPayload, MatchingMutations, RecordMatchObject};
pub use mutations::{
    AnswerFindingPayload, CloseFindingPayload, FindingMutations, RecordFindingPayload,
    ReopenFindingPayload,
};
pub use objects::{FindingConnection, FindingEdge, FindingNode, FindingStepObject};
pub use queries::FindingQueries;

use super::model::{FindingOutcome, FindingState, FindingStepKind, FindingSubjectKind, MatchKind};
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(
    FindingOutcome,
    FindingState,
    FindingStepKind,
    FindingSubjectKind,
    MatchKind,
);
