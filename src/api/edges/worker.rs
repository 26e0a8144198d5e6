//! From people and households to everything else.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::worker::graphql::{
    CategoryLoader, CategorySpellObject, HouseholdLoader, HouseholdNode, WorkerNode,
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
}
