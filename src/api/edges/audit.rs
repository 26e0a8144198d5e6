//! From findings to the records they are about, and from matched values to the people they belong
//! to.

use async_graphql::{ComplexObject, Context, Error};

use super::person;
use crate::capability::audit::graphql::{FindingNode, RecordMatchObject};
use crate::capability::audit::model::Subject;
use crate::capability::employer::graphql::{EmployerLoader, EmployerNode};
use crate::capability::employment::graphql::{EmploymentLoader, EmploymentNode};
use crate::capability::worker::graphql::{WorkerLoader, WorkerNode};
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl FindingNode {
    /// The person it is about, or who holds the job it is about; null for a finding about neither,
    /// and when the caller may not see the person.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<WorkerNode, Error>> {
        let worker = self.subject.and_then(Subject::worker)?;
        person(ctx, worker).await
    }

    /// The employer it is about; null for a finding about none. The employer of a job stands on
    /// the job.
    async fn employer(&self, ctx: &Context<'_>) -> Option<Result<EmployerNode, Error>> {
        let employer = self.subject.and_then(Subject::employer)?;
        ctx.load::<EmployerLoader, _>(employer)
            .await
            .map(|found| found.map(EmployerNode::from))
            .transpose()
    }

    /// The job it is about; null for a finding about none, and when the caller may not see the
    /// job.
    async fn employment(&self, ctx: &Context<'_>) -> Option<Result<EmploymentNode, Error>> {
        let employment = self.subject.and_then(Subject::employment)?;
        ctx.load::<EmploymentLoader, _>(employment)
            .await
            .map(|found| found.map(|job| EmploymentNode::seen_by(ctx.caller(), job)))
            .transpose()
    }
}

#[ComplexObject]
impl RecordMatchObject {
    /// The people that the value belongs to, masked, in the order of registration; empty when it
    /// belongs to nobody, null when it was not compared. Several people may share an account.
    async fn workers(&self, ctx: &Context<'_>) -> Option<Result<Vec<WorkerNode>, Error>> {
        let people = self.people.as_deref()?;
        let loading = people.iter().map(|id| ctx.load::<WorkerLoader, _>(*id));
        let found = futures::future::try_join_all(loading).await;
        Some(found.map(|found| {
            let seen = |worker| WorkerNode::seen_by(ctx.caller(), worker);
            found.into_iter().flatten().map(seen).collect()
        }))
    }
}
