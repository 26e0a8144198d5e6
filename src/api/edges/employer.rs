//! From employers to the people who work for them.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::employer::graphql::EmployerNode;
use crate::capability::employment::graphql::{EmploymentConnection, PageKey, StaffLoader, Whose};
use crate::kernel::page::PageRequest;
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl EmployerNode {
    /// The jobs of its own that count now, newest first: those of people within the caller's
    /// reach. Showing them is recorded as a list.
    async fn staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<EmploymentConnection, Error>> {
        Some(self.jobs(ctx, Whose::Employer, first, after).await)
    }

    /// Labour dispatch: the jobs that it hosts now, newest first, within the same reach.
    async fn hosted_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<EmploymentConnection, Error>> {
        Some(self.jobs(ctx, Whose::Host, first, after).await)
    }
}

impl EmployerNode {
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        whose: Whose,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<EmploymentConnection, Error> {
        let request =
            PageRequest::parse(first, after.as_deref()).map_err(|failure| ctx.refuse(&failure))?;
        let key = PageKey::new(self.key(), whose, &request);
        let page = ctx.load::<StaffLoader, _>(key).await?;
        Ok(EmploymentConnection::seen_by(ctx.caller(), page))
    }
}
