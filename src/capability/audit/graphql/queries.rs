//! Root fields that look at findings.

use async_graphql::{Context, Error, ID, Object};

use super::super::{policy, service};
use super::inputs::FindingFilterInput;
use super::objects::{FindingConnection, FindingNode};
use crate::kernel::ids::FindingId;
use crate::kernel::page::PageRequest;
use crate::platform::gql::ContextExt as _;

/// The findings' part of the query root.
#[derive(Default)]
pub struct FindingQueries;

#[Object]
impl FindingQueries {
    /// One finding; null when there is none within the caller's reach. Officers of a county and
    /// above reach what a county of their region has to answer. Opening a finding is recorded, for
    /// the person it is about as well.
    async fn finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id of the record.")] id: ID,
    ) -> Option<Result<FindingNode, Error>> {
        let open = async {
            let session = ctx.reading(&policy::READ)?;
            let found = service::get(&session, ctx.id(&id)?).await;
            found.map_err(|failure| ctx.refuse(&failure))
        };
        open.await
            .transpose()
            .map(|found| found.map(FindingNode::from))
    }

    /// Findings within the caller's reach, narrowed by a filter, the latest recorded first. A list
    /// is recorded as one entry.
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<FindingFilterInput>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<FindingConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ)?;
            let filter = filter.map(|filter| filter.read(ctx)).transpose()?;
            let request = PageRequest::<FindingId>::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let page = service::list(&session, &filter.unwrap_or_default(), &request)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(FindingConnection::from_page(
                page,
                |finding| finding.id,
                FindingNode::from,
            ))
        };
        Some(read.await)
    }
}
