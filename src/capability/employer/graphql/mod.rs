//! Employers in the schema: objects, inputs, loaders and short resolvers.

mod inputs;
mod loaders;
mod mutations;
mod objects;
mod queries;

pub use inputs::{
    EmployerFilterInput, EmployerOrderInput, EmployerStatusItemInput, RecordAccreditationInput,
    RegisterEmployerInput, SubmitEmployerStatusesInput, UpdateEmployerInput,
};
pub use loaders::{AccreditationLoader, EmployerLoader, StatusLoader};
pub use mutations::{
    EmployerMutations, EmployerStatusResult, RecordAccreditationPayload, RegisterEmployerPayload,
    SubmitEmployerStatusesPayload, UpdateEmployerPayload,
};
pub use objects::{
    AccreditationObject, EmployerConnection, EmployerEdge, EmployerNode, EmployerStatusFactObject,
};
pub use queries::EmployerQueries;

use super::model::{
    AccreditationKind, EmployerKind, EmployerLineOutcome, EmployerOrderField, EmployerStanding,
    EmployerStatus,
};
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(
    AccreditationKind,
    EmployerKind,
    EmployerLineOutcome,
    EmployerOrderField,
    EmployerStanding,
    EmployerStatus,
);
