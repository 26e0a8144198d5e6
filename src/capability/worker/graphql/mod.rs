//! The registry in the schema: objects, inputs, loaders and short resolvers.

mod categories;
mod corrections;
mod households;
mod inputs;
mod life;
mod loaders;
mod mutations;
mod objects;
mod queries;

pub use categories::{CategoryItemResultObject, CategoryMutations, SubmitCategoriesPayload};
pub use corrections::{
    CorrectionConnection, CorrectionEdge, CorrectionMutations, CorrectionNode, CorrectionQueries,
    DecideNameCorrectionPayload, DecideResidentIdCorrectionPayload, NameCorrectionMutations,
    ProposeNameCorrectionPayload, ProposeResidentIdCorrectionPayload,
};
pub use households::{
    HouseholdMutations, MergeHouseholdsPayload, MoveHouseholdPayload, MoveWorkerPayload,
    SplitHouseholdPayload,
};
pub use inputs::{WorkerFilterInput, WorkerOrderInput};
pub use life::{
    AssignHelperPayload, LeavePublicPostPayload, RecordDeathPayload, RegisterWorkerResult,
    RegisterWorkersPayload, RevealPersonalDataPayload, UpdateWorkerPayload, VoidLabourFactPayload,
    WorkerLifeMutations,
};
pub use loaders::{CategoryLoader, HouseholdLoader, WorkerLoader};
pub use loaders::{
    CorrectionLoader, HelperLoader, LabourFactLoader, MemberLoader, ResidenceLoader,
};
pub use loaders::{PeopleList, PeopleOf, RegionPeopleLoader};
pub use mutations::{RegisterHouseholdPayload, RegisterWorkerPayload, WorkerMutations};
pub use objects::{CategorySpellObject, HouseholdNode, WorkerConnection, WorkerEdge, WorkerNode};
pub use objects::{HelperPairingObject, LabourFactObject, ResidenceObject};
pub use queries::WorkerQueries;

use super::model::{
    CategoryItemOutcome, CategorySource, CorrectionKind, CorrectionState, DeathReceipt, Education,
    LabourFactKind, PersonalField, PovertyCategory, WorkSplit, WorkStatus,
};
use super::public::WorkerOrderField;
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(
    CategoryItemOutcome,
    CategorySource,
    CorrectionKind,
    CorrectionState,
    DeathReceipt,
    Education,
    LabourFactKind,
    PersonalField,
    PovertyCategory,
    WorkSplit,
    WorkStatus,
    WorkerOrderField,
);
