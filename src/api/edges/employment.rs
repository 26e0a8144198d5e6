//! From jobs to the people and employers they tie together.

use async_graphql::{ComplexObject, Context, Error};

use super::person;
use crate::capability::employer::graphql::{EmployerLoader, EmployerNode};
use crate::capability::employment::graphql::EmploymentNode;
use crate::capability::worker::graphql::WorkerNode;
use crate::kernel::ids::EmployerId;
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl EmploymentNode {
    /// Who works; null when the caller may not see the person, such as an employer whose job has
    /// ended.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<WorkerNode, Error>> {
        person(ctx, self.worker_key).await
    }

    /// The unit that signs and insures; null for own business and flexible work, while it is known
    /// by name only, and when the caller may not see it.
    async fn employer(&self, ctx: &Context<'_>) -> Option<Result<EmployerNode, Error>> {
        employer(ctx, self.employer_key?).await
    }

    /// Labour dispatch: the unit that hosts; null without dispatch, and when the caller may not
    /// see it.
    async fn host(&self, ctx: &Context<'_>) -> Option<Result<EmployerNode, Error>> {
        employer(ctx, self.host_key?).await
    }
}

async fn employer(ctx: &Context<'_>, id: EmployerId) -> Option<Result<EmployerNode, Error>> {
    ctx.load::<EmployerLoader, _>(id)
        .await
        .map(|found| found.map(EmployerNode::from))
        .transpose()
}
