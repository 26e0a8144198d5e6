//! From people and households to everything else.

use async_graphql::{ComplexObject, Context, Error};

use super::{insurance, person};
use crate::capability::employment::graphql::{
    CurrentJobsLoader, EmploymentConnection, EmploymentNode, JobsLoader, PageKey,
};
use crate::capability::insurance::graphql::{
    ContributionNode, ContributionsOf, InsuranceStandingObject, MonthsOf,
};
use crate::capability::insurance::public::InsuranceKind;
use crate::capability::worker::graphql::{
    CategoryLoader, CategorySpellObject, CorrectionNode, HelperLoader, HelperPairingObject,
    HouseholdLoader, HouseholdNode, LabourFactLoader, LabourFactObject, MemberLoader,
    ResidenceLoader, ResidenceObject, WorkerNode,
};
use crate::kernel::page::PageRequest;
use crate::kernel::year_month::YearMonth;
use crate::platform::gql::ContextExt as _;

#[ComplexObject]
impl WorkerNode {
    /// The person's household; null for roles that see no poverty details.
    async fn household(&self, ctx: &Context<'_>) -> Option<Result<HouseholdNode, Error>> {
        let household = self.household_key?;
        ctx.load::<HouseholdLoader, _>(household)
            .await
            .map(|found| found.map(Into::into))
            .transpose()
    }

    /// Insurance months as agencies posted them, the newest month first; null for roles that do
    /// not see what somebody earns. An employer sees the rows that it paid.
    async fn contributions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Of one insurance only.")] kind: Option<InsuranceKind>,
    ) -> Option<Result<Vec<ContributionNode>, Error>> {
        let worker = self.key;
        let of = |first| ContributionsOf {
            worker,
            first,
            kind,
        };
        insurance::contributions(ctx, of, first).await
    }

    /// The months of one insurance that count, oldest first: those for which more was paid than
    /// given back. Null for roles that do not see months; for an employer those that it paid.
    async fn insured_months(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which insurance.")] kind: InsuranceKind,
        #[graphql(desc = "First month.")] from: YearMonth,
        #[graphql(desc = "Last month, at most 600 from the first.")] to: YearMonth,
    ) -> Option<Result<Vec<YearMonth>, Error>> {
        let worker = self.key;
        let of = MonthsOf {
            worker,
            kind,
            from,
            to,
        };
        insurance::insured_months(ctx, of).await
    }

    /// Whether the person is insured today, for each of the five insurances; null for roles that
    /// do not see it, employers among them.
    async fn insured_now(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<InsuranceStandingObject>, Error>> {
        insurance::insured_now(ctx, self.key).await
    }

    /// Every record of a job of the person within the caller's reach, newest first, ended and
    /// voided ones included. Reported ones are shown to the origin and to the person only.
    async fn employments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<EmploymentConnection, Error>> {
        let read = async {
            let request = PageRequest::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let key = PageKey::new(self.key, (), &request);
            let page = ctx.load::<JobsLoader, _>(key).await?;
            Ok(EmploymentConnection::seen_by(ctx.caller(), page))
        };
        Some(read.await)
    }

    /// The jobs that count now within the caller's reach, newest first; more than one where jobs
    /// overlap. The first is the principal job, from which the work status follows.
    async fn current_employments(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<EmploymentNode>, Error>> {
        let found = ctx.load::<CurrentJobsLoader, _>(self.key).await;
        Some(found.map(|jobs| {
            let jobs = jobs.unwrap_or_default().into_iter();
            jobs.map(|job| EmploymentNode::seen_by(ctx.caller(), job))
                .collect()
        }))
    }

    /// What was stated about the person and work, by whom and from which day on, by the first day;
    /// statements that were taken back included. Null for roles that see no poverty details.
    async fn labour_facts(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<LabourFactObject>, Error>> {
        self.household_key?;
        let found = ctx.load::<LabourFactLoader, _>(self.key).await;
        let seen = |fact| LabourFactObject::seen_by(ctx.caller(), fact);
        Some(found.map(|facts| facts.into_iter().flatten().map(seen).collect()))
    }

    /// Who helps the person now; null when nobody does, and for everybody but the origin's intake,
    /// which pairs people with helpers.
    async fn helper(&self, ctx: &Context<'_>) -> Option<Result<HelperPairingObject, Error>> {
        if !self.helper_shown {
            return None;
        }
        let found = ctx.load::<HelperLoader, _>(self.key).await;
        found
            .map(|helper| helper.map(HelperPairingObject::from))
            .transpose()
    }

    /// Where the person is and was registered, oldest first; null for roles that see no poverty
    /// details.
    async fn residences(&self, ctx: &Context<'_>) -> Option<Result<Vec<ResidenceObject>, Error>> {
        self.household_key?;
        let found = ctx.load::<ResidenceLoader, _>(self.key).await;
        Some(found.map(|history| history.into_iter().flatten().map(Into::into).collect()))
    }
}

#[ComplexObject]
impl HouseholdNode {
    /// What was stated of the household's category, by the first day: every statement that stands, and
    /// the latest fifty that others took the place of.
    async fn category_history(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<CategorySpellObject>, Error>> {
        let found = ctx.load::<CategoryLoader, _>(self.key).await;
        Some(found.map(|spells| {
            spells
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect()
        }))
    }

    /// The household it was merged into; null while it stands, and where that one is not within the
    /// caller's reach.
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<HouseholdNode, Error>> {
        let found = ctx.load::<HouseholdLoader, _>(self.merged_into_key?).await;
        found.map(|found| found.map(Into::into)).transpose()
    }

    /// The people of the household within the caller's reach, at most 100, in the order of
    /// registration.
    async fn members(&self, ctx: &Context<'_>) -> Option<Result<Vec<WorkerNode>, Error>> {
        let found = ctx.load::<MemberLoader, _>(self.key).await;
        Some(found.map(|members| {
            let seen = |worker| WorkerNode::seen_by(ctx.caller(), worker);
            members.into_iter().flatten().map(seen).collect()
        }))
    }
}

#[ComplexObject]
impl CorrectionNode {
    /// The person the correction is about.
    async fn worker(&self, ctx: &Context<'_>) -> Option<Result<WorkerNode, Error>> {
        person(ctx, self.worker_key).await
    }
}
