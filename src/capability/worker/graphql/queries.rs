//! Root fields that look at people.

use async_graphql::{Context, Error, ID, Object};

use super::super::model::Worker;
use super::super::public::{WorkerCursor, WorkerOrder};
use super::super::{policy, service};
use super::inputs::{WorkerFilterInput, WorkerOrderInput};
use super::loaders::PeopleList;
use super::objects::{WorkerConnection, WorkerNode};
use crate::kernel::error::{Failure, Text};
use crate::kernel::page::{Page, PageRequest};
use crate::platform::gql::ContextExt as _;

/// The registry's part of the query root.
#[derive(Default)]
pub struct WorkerQueries;

#[Object]
impl WorkerQueries {
    /// One person, by exactly one of id and resident id; null when there is none within the
    /// caller's reach. Opening a record is recorded, and the person can see it.
    async fn worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id of the record.")] id: Option<ID>,
        #[graphql(desc = "Resident id in full; refused in a GET request.")] resident_id: Option<
            String,
        >,
    ) -> Option<Result<WorkerNode, Error>> {
        let open = async {
            let session = ctx.reading(&policy::READ)?;
            let found = match (id, resident_id) {
                (Some(id), None) => service::get(&session, ctx.id(&id)?).await,
                (None, Some(raw)) => service::get_by_resident_id(&session, &raw).await,
                (None, None) | (Some(_), Some(_)) => Err(Failure::BadInput(Text::new(
                    "请在 id 与 residentId 中恰好给出一个。",
                    "Give exactly one of id and residentId.",
                ))),
            };
            found.map_err(|failure| ctx.refuse(&failure))
        };
        open.await
            .transpose()
            .map(|found| found.map(|worker| WorkerNode::seen_by(ctx.caller(), worker)))
    }

    /// People within the caller's reach, narrowed by a filter. A list is recorded as one entry.
    async fn workers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<WorkerFilterInput>,
        #[graphql(desc = "Order of the list; by registration when absent.")] order_by: Option<
            WorkerOrderInput,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<WorkerConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ)?;
            let list = PeopleList::read(ctx, filter, order_by, first, after.as_deref())?;
            let page = service::list(&session, &list.filter, list.order, &list.page())
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(list.connection(ctx, page))
        };
        Some(read.await)
    }
}

impl PeopleList {
    /// The list that the arguments of a field ask for.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` or `LIMIT_EXCEEDED` for arguments that cannot be meant.
    pub fn read(
        ctx: &Context<'_>,
        filter: Option<WorkerFilterInput>,
        order_by: Option<WorkerOrderInput>,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<Self, Error> {
        let filter = filter.map(|f| f.read(ctx)).transpose()?.unwrap_or_default();
        let order = order_by.map_or_else(WorkerOrder::default, Into::into);
        let PageRequest { first, after } =
            PageRequest::parse(first, after).map_err(|failure| ctx.refuse(&failure))?;
        Ok(Self {
            filter,
            order,
            first,
            after,
        })
    }

    pub(super) fn page(&self) -> PageRequest<WorkerCursor> {
        PageRequest {
            first: self.first,
            after: self.after.clone(),
        }
    }

    /// A page of this list as the caller sees it.
    #[must_use]
    pub fn connection(&self, ctx: &Context<'_>, page: Page<Worker>) -> WorkerConnection {
        WorkerConnection::from_page(
            page,
            |worker| WorkerCursor::of(worker, self.order),
            |worker| WorkerNode::seen_by(ctx.caller(), worker),
        )
    }
}
