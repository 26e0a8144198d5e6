//! From divisions to the people who are registered there.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::region::graphql::RegionNode;
use crate::capability::worker::graphql::{
    PeopleList, PeopleOf, RegionPeopleLoader, WorkerConnection, WorkerFilterInput, WorkerOrderInput,
};
use crate::kernel::page::Page;
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl RegionNode {
    /// The people registered in it, at any depth, within the caller's reach: as `workers` filtered
    /// by `origin`, and for the roles that may filter so. Showing them is recorded as a list.
    async fn workers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list further.")] filter: Option<WorkerFilterInput>,
        #[graphql(desc = "Order of the list; by registration when absent.")] order_by: Option<
            WorkerOrderInput,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<WorkerConnection, Error>> {
        let read = async {
            let list = PeopleList::read(ctx, filter, order_by, first, after.as_deref())?;
            let key = PeopleOf {
                region: self.code,
                list: list.clone(),
            };
            let found = ctx.load::<RegionPeopleLoader, _>(key).await?;
            let nobody = Page {
                rows: Vec::new(),
                has_next: false,
            };
            Ok(list.connection(ctx, found.unwrap_or(nobody)))
        };
        Some(read.await)
    }
}
