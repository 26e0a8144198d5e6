//! The schema: one line per capability and root.

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};

use super::node::NodeQueries;
use crate::capability::audit::graphql::{FindingMutations, FindingQueries, MatchingMutations};
use crate::capability::employer::graphql::{EmployerMutations, EmployerQueries};
use crate::capability::employment::graphql::{EmploymentMutations, EmploymentQueries};
use crate::capability::insurance;
use crate::capability::insurance::graphql::InsuranceMutations;
use crate::capability::overview::graphql::OverviewQueries;
use crate::capability::region::graphql::RegionQueries;
use crate::capability::submission::graphql::SubmissionQueries;
use crate::capability::trail::graphql::TrailQueries;
use crate::capability::worker::graphql::{
    CategoryMutations, CorrectionMutations, CorrectionQueries, HouseholdMutations,
    NameCorrectionMutations, WorkerLifeMutations, WorkerMutations, WorkerQueries,
};
use crate::capability::worker::public::AfterCorrection;

/// Everything that can be looked at.
#[derive(Default, MergedObject)]
pub struct Query(
    NodeQueries,
    CorrectionQueries,
    EmployerQueries,
    EmploymentQueries,
    FindingQueries,
    OverviewQueries,
    RegionQueries,
    SubmissionQueries,
    TrailQueries,
    WorkerQueries,
);

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    CategoryMutations,
    CorrectionMutations,
    EmployerMutations,
    EmploymentMutations,
    FindingMutations,
    HouseholdMutations,
    InsuranceMutations,
    MatchingMutations,
    NameCorrectionMutations,
    WorkerLifeMutations,
    WorkerMutations,
);

/// The executable schema.
pub type ExchangeSchema = Schema<Query, Mutation, EmptySubscription>;

/// A builder of the schema, with what one capability does at the word of another that it leans on;
/// the server adds the database.
#[must_use]
pub fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        // Suggestions would name fields that the caller may not know of.
        .disable_suggestions()
        .data(AfterCorrection(insurance::public::after_correction))
}

/// The schema in the schema definition language, as committed in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .prefer_single_line_descriptions()
        .include_specified_by();
    builder().finish().sdl_with_options(options)
}
