//! Insurance in the schema: objects, inputs, loaders and short resolvers. The fields of a person
//! that lead here are in `api/edges`.

mod inputs;
mod loaders;
mod mutations;
mod objects;

pub use inputs::{
    ContributionItemInput, InsuranceFactItemInput, SubmitContributionsInput,
    SubmitInsuranceFactsInput, TakeRequeryListInput,
};
pub use loaders::{ContributionLoader, ContributionsOf, MonthsLoader, MonthsOf, StandingLoader};
pub use mutations::{
    DeliveryLineResult, InsuranceMutations, RequeryPersonObject, SubmitContributionsPayload,
    SubmitInsuranceFactsPayload, TakeRequeryListPayload,
};
pub use objects::{ContributionNode, InsuranceStandingObject};

use super::model::{EntryKind, InsuranceFactKind, InsuranceKind, InsuredNow};
use crate::kernel::closed::closed;
use crate::platform::gql::closed::graphql_enums;

closed! {
    /// What an agency learns about one line of its delivery. It speaks about the line's form only.
    DeliveryLineOutcome {
        /// Well formed. Whether it is about somebody registered is not said; what is not, is dropped.
        Received = "RECEIVED",
        /// It has an error; nothing of it was kept.
        Refused = "REFUSED",
    }
}

graphql_enums!(
    DeliveryLineOutcome,
    EntryKind,
    InsuranceFactKind,
    InsuranceKind,
    InsuredNow,
);
