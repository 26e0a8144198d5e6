//! The registry in the schema: objects, inputs, loaders and short resolvers.

mod households;
mod inputs;
mod life;
mod loaders;
mod mutations;
mod objects;
mod queries;

pub use households::{
    HouseholdMutations, MergeHouseholdsPayload, MoveHouseholdPayload, MoveWorkerPayload,
    SplitHouseholdPayload,
};
pub use life::{
    AssignHelperPayload, LeavePublicPostPayload, RecordDeathPayload, RegisterWorkerResult,
    RegisterWorkersPayload, RevealPersonalDataPayload, UpdateWorkerPayload, WorkerLifeMutations,
};
pub use loaders::{CategoryLoader, HouseholdLoader, WorkerLoader};
pub use loaders::{MemberLoader, ResidenceLoader};
pub use mutations::{RegisterHouseholdPayload, RegisterWorkerPayload, WorkerMutations};
pub use objects::ResidenceObject;
pub use objects::{CategorySpellObject, HouseholdNode, WorkerConnection, WorkerEdge, WorkerNode};
pub use queries::WorkerQueries;

use super::model::{
    CategorySource, DeathReceipt, Education, PersonalField, PovertyCategory, WorkSplit, WorkStatus,
};
use super::public::WorkerOrderField;
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(
    CategorySource,
    DeathReceipt,
    Education,
    PersonalField,
    PovertyCategory,
    WorkSplit,
    WorkStatus,
    WorkerOrderField,
);
