//! Deliveries in the schema.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::model::{Dataset, Submission};
use super::{policy, service};
use crate::kernel::closed::Closed as _;
use crate::kernel::ids::{self, SubmissionId};
use crate::kernel::page::PageRequest;
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Caller;
use crate::platform::gql::closed::graphql_enums;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, DateTime};

graphql_enums!(Dataset);

/// One delivery of data by an agency.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Submission")]
pub struct SubmissionNode {
    /// Opaque id of the delivery.
    pub id: ID,
    /// The agency that delivered, as its token names it, such as `AGRICULTURE`.
    pub agency: String,
    /// What was delivered.
    pub dataset: Dataset,
    /// The region the delivering token was limited to; null for the whole province.
    pub region_code: Option<RegionCode>,
    /// Subject of the token that delivered.
    pub submitted_by: String,
    /// When it was received.
    pub submitted_at: DateTime,
    /// Rows received, 0 or more: the sum of the four counts below.
    pub received: i32,
    /// Rows that changed something. This count and the next two are null for an agency that
    /// delivered insurance months or dates: they would tell it who is registered.
    pub accepted: Option<i32>,
    /// Rows that were known already; null as `accepted`.
    pub unchanged: Option<i32>,
    /// Rows about somebody or something that is not registered, which were not stored; null as
    /// `accepted`.
    pub dropped: Option<i32>,
    /// Rows with an error.
    pub refused: i32,
}

impl SubmissionNode {
    /// The delivery as this caller's role may see it.
    fn seen_by(caller: &Caller, submission: Submission) -> Self {
        let Submission {
            id,
            agency,
            dataset,
            region,
            submitted_by,
            submitted_at,
            counts,
        } = submission;
        let matches = match dataset {
            Dataset::Contributions | Dataset::InsuranceFacts => caller.holds(&policy::SEE_MATCHES),
            Dataset::Categories | Dataset::EmployerStatuses => true,
        };
        Self {
            id: ID(ids::encode(id)),
            agency: agency.as_str().to_owned(),
            dataset,
            region_code: region,
            submitted_by,
            submitted_at: DateTime(submitted_at),
            received: counts.received(),
            accepted: matches.then_some(counts.accepted),
            unchanged: matches.then_some(counts.unchanged),
            dropped: matches.then_some(counts.dropped),
            refused: counts.refused,
        }
    }
}

connection!(
    SubmissionNode,
    SubmissionConnection,
    SubmissionEdge,
    "deliveries"
);

/// The deliveries' part of the query root.
#[derive(Default)]
pub struct SubmissionQueries;

#[Object]
impl SubmissionQueries {
    /// Deliveries of data, the latest first: an agency sees its own.
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<SubmissionConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ)?;
            let request = PageRequest::<SubmissionId>::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let page = service::list(&session, &request)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(SubmissionConnection::from_page(
                page,
                |submission| submission.id,
                |submission| SubmissionNode::seen_by(ctx.caller(), submission),
            ))
        };
        Some(read.await)
    }
}
