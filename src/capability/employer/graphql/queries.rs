//! Root fields that look at employers.

use async_graphql::{Context, Error, ID, Object};

use super::super::model::{EmployerCursor, EmployerOrderField};
use super::super::service::EmployerKey;
use super::super::{policy, service};
use super::inputs::{EmployerFilterInput, EmployerOrderInput};
use super::objects::{EmployerConnection, EmployerNode};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Text};
use crate::kernel::page::PageRequest;
use crate::platform::gql::ContextExt as _;

/// The employers' part of the query root.
#[derive(Default)]
pub struct EmployerQueries;

#[Object]
impl EmployerQueries {
    /// One employer, by exactly one of id and credit code; null when there is none within the
    /// caller's reach. Opening a record is recorded.
    async fn employer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id of the record.")] id: Option<ID>,
        #[graphql(desc = "Unified social credit code.")] credit_code: Option<CreditCode>,
    ) -> Option<Result<EmployerNode, Error>> {
        let open = async {
            let session = ctx.reading(&policy::OPEN)?;
            let key = match (id, credit_code) {
                (Some(id), None) => EmployerKey::Id(ctx.id(&id)?),
                (None, Some(code)) => EmployerKey::CreditCode(code),
                (None, None) | (Some(_), Some(_)) => {
                    return Err(ctx.refuse(&Failure::BadInput(Text::new(
                        "请在 id 与 creditCode 中恰好给出一个。",
                        "Give exactly one of id and creditCode.",
                    ))));
                }
            };
            let found = service::get(&session, &key).await;
            found.map_err(|failure| ctx.refuse(&failure))
        };
        open.await
            .transpose()
            .map(|found| found.map(EmployerNode::from))
    }

    /// Employers within the caller's reach, narrowed by a filter. A list is recorded as one entry.
    async fn employers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the list.")] filter: Option<EmployerFilterInput>,
        #[graphql(desc = "Order of the list; by registration when absent.")] order_by: Option<
            EmployerOrderInput,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<EmployerConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::LIST)?;
            let filter = filter.map(Into::into).unwrap_or_default();
            let order = order_by.map_or(EmployerOrderField::Registered, |order| order.field);
            let request = PageRequest::<EmployerCursor>::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let page = service::list(&session, filter, order, &request)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(EmployerConnection::from_page(
                page,
                |employer| EmployerCursor::of(employer, order),
                EmployerNode::from,
            ))
        };
        Some(read.await)
    }
}
