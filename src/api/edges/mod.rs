//! Fields that lead from one capability's object to another's.
//!
//! Capabilities must not know each other's objects, and the graph of people, jobs, employers and
//! insurance has cycles; so these fields live above them all, one file per object.

mod audit;
mod employer;
mod employment;
mod insurance;
mod region;
mod worker;

use async_graphql::{Context, Error};

use crate::capability::worker::graphql::{WorkerLoader, WorkerNode};
use crate::kernel::ids::WorkerId;
use crate::platform::gql::ContextExt as _;

/// Somebody whom another record leads to, as the caller may see them; null when they may not. It has
/// an entry for that person, unless the request has left one or they stood in a list that is one.
async fn person(ctx: &Context<'_>, id: WorkerId) -> Option<Result<WorkerNode, Error>> {
    ctx.show_one::<WorkerLoader, _>(id)
        .await
        .map(|found| found.map(|worker| WorkerNode::seen_by(ctx.caller(), worker)))
        .transpose()
}
