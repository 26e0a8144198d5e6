//! Jobs in the schema: objects, inputs, loaders and short resolvers.

mod inputs;
mod loaders;
mod mutations;
mod objects;
mod queries;

pub use loaders::{
    CurrentJobsLoader, EmploymentLoader, JobsLoader, PageKey, RenewalLoader, StaffLoader,
};
pub use mutations::EmploymentMutations;
pub use objects::{EmploymentConnection, EmploymentEdge, EmploymentNode, RenewalObject};
pub use queries::EmploymentQueries;

pub use super::service::{EmploymentCursor, Whose};

use super::model::{
    ConfirmedBy, ContractKind, EmploymentForm, EmploymentState, EndReason, FoundBy, RecordStatus,
};
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(
    ConfirmedBy,
    ContractKind,
    EmploymentForm,
    EmploymentState,
    EndReason,
    FoundBy,
    RecordStatus,
);
