//! From people and households to everything else.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::worker::graphql::{
    CategoryLoader, CategorySpellObject, CorrectionNode, HouseholdLoader, HouseholdNode,
    MemberLoader, ResidenceLoader, ResidenceObject, WorkerLoader, WorkerNode,
};
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl WorkerNode {
    /// The person's household; null for roles that see no poverty details.
    async fn household(&self, ctx: &Context<'_>) -> Option<Result<HouseholdNode, Error>> {
        let household = self.household_key?;
        ctx.load::<HouseholdLoader, _>(household)
            .await
            .map(|found| found.map(Into::into))
            .transpose()
    }

    /// Where the person is and was registered, oldest first; null for roles that see no poverty
    /// details.
    async fn residences(&self, ctx: &Context<'_>) -> Option<Result<Vec<ResidenceObject>, Error>> {
        self.household_key?;
        let found = ctx.load::<ResidenceLoader, _>(self.key).await;
        Some(found.map(|history| history.into_iter().flatten().map(Into::into).collect()))
    }
}

#[ComplexObject]
impl HouseholdNode {
    /// Every standing statement of the household's category, oldest first.
    async fn category_history(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<CategorySpellObject>, Error>> {
        let found = ctx.load::<CategoryLoader, _>(self.key).await;
        Some(found.map(|spells| {
            spells
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect()
        }))
    }

    /// The people of the household within the caller's reach, at most 100, in the order of
    /// registration.
    async fn members(&self, ctx: &Context<'_>) -> Option<Result<Vec<WorkerNode>, Error>> {
        let found = ctx.load::<MemberLoader, _>(self.key).await;
        Some(found.map(|members| {
            let seen = |worker| WorkerNode::seen_by(ctx.caller(), worker);
            members.into_iter().flatten().map(seen).collect()
        }))
    }
}

#[ComplexObject]
impl CorrectionNode {
    /// The person the correction is about.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<WorkerNode, Error>> {
        let found = ctx.load::<WorkerLoader, _>(self.worker_key).await;
        found
            .map(|worker| worker.map(|worker| WorkerNode::seen_by(ctx.caller(), worker)))
            .transpose()
    }
}
