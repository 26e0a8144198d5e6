//! From people and households to everything else.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::employment::graphql::{
    CurrentJobsLoader, EmploymentConnection, EmploymentNode, JobsLoader, PageKey,
};
use crate::capability::worker::graphql::{
    CategoryLoader, CategorySpellObject, HouseholdLoader, HouseholdNode, WorkerNode,
};
use crate::kernel::page::PageRequest;
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

    /// Every record of a job of the person within the caller's reach, newest first, ended and
    /// voided ones included. Reported ones are shown to the origin and to the person only.
    async fn employments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<EmploymentConnection, Error>> {
        let read = async {
            let request = PageRequest::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let key = PageKey::new(self.key, (), &request);
            let page = ctx.load::<JobsLoader, _>(key).await?;
            Ok(EmploymentConnection::seen_by(ctx.caller(), page))
        };
        Some(read.await)
    }

    /// The jobs that count now within the caller's reach, newest first; more than one where jobs
    /// overlap. The first is the principal job, from which the work status follows.
    async fn current_employments(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<EmploymentNode>, Error>> {
        let found = ctx.load::<CurrentJobsLoader, _>(self.key).await;
        Some(found.map(|jobs| {
            let jobs = jobs.unwrap_or_default().into_iter();
            jobs.map(|job| EmploymentNode::seen_by(ctx.caller(), job))
                .collect()
        }))
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
