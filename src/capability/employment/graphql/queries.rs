//! Root fields that look at jobs.

use async_graphql::{Context, Error, ID, Object};

use super::super::{policy, service};
use super::objects::EmploymentNode;
use crate::platform::gql::ContextExt as _;

/// The jobs' part of the query root.
#[derive(Default)]
pub struct EmploymentQueries;

#[Object]
impl EmploymentQueries {
    /// One job; null when there is none within the caller's reach. Opening it is recorded, and the
    /// person can see it.
    async fn employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id of the record.")] id: ID,
    ) -> Option<Result<EmploymentNode, Error>> {
        let open = async {
            let session = ctx.reading(&policy::READ)?;
            let found = service::get(&session, ctx.id(&id)?).await;
            found.map_err(|failure| ctx.refuse(&failure))
        };
        open.await
            .transpose()
            .map(|found| found.map(|job| EmploymentNode::seen_by(ctx.caller(), job)))
    }
}
