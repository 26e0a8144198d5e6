//! From an insurance month to its employers, and what people's fields show of insurance.

use async_graphql::{ComplexObject, Context, Error};

use crate::capability::employer::graphql::{EmployerLoader, EmployerNode};
use crate::capability::insurance::graphql::{
    ContributionLoader, ContributionNode, ContributionsOf, InsuranceStandingObject, MonthsLoader,
    MonthsOf, StandingLoader,
};
use crate::capability::insurance::policy;
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::{EmployerId, WorkerId};
use crate::kernel::page::PageRequest;
use crate::kernel::year_month::YearMonth;
use crate::platform::gql::ContextExt as _;

/// The most months of one `insuredMonths`: a working life.
const MOST_MONTHS: u64 = 600;

#[ComplexObject]
impl ContributionNode {
    /// The unit that employs and insures; null for a flexible payer, and when the caller does not
    /// reach it: an employer sees itself, a worker or helper the employers of jobs they see.
    async fn employer(&self, ctx: &Context<'_>) -> Option<Result<EmployerNode, Error>> {
        employer(ctx, self.employer_key?).await
    }

    /// The head office that paid for the employer; null when it paid itself, and as `employer`.
    async fn payer(&self, ctx: &Context<'_>) -> Option<Result<EmployerNode, Error>> {
        employer(ctx, self.payer_key?).await
    }
}

async fn employer(ctx: &Context<'_>, id: EmployerId) -> Option<Result<EmployerNode, Error>> {
    ctx.load::<EmployerLoader, _>(id)
        .await
        .map(|found| found.map(Into::into))
        .transpose()
}

/// `Worker.contributions`: as the arguments say; `None` for roles that do not see rows.
pub(super) async fn contributions(
    ctx: &Context<'_>,
    of: impl FnOnce(u64) -> ContributionsOf,
    first: Option<i32>,
) -> Option<Result<Vec<ContributionNode>, Error>> {
    if !ctx.caller().holds(&policy::SEE_CONTRIBUTIONS) {
        return None;
    }
    let load = async {
        let page = PageRequest::<()>::parse(first, None).map_err(|failure| ctx.refuse(&failure))?;
        let rows = ctx.load::<ContributionLoader, _>(of(page.first)).await?;
        Ok(rows
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect())
    };
    Some(load.await)
}

/// `Worker.insuredMonths`; `None` for roles that do not see months.
pub(super) async fn insured_months(
    ctx: &Context<'_>,
    of: MonthsOf,
) -> Option<Result<Vec<YearMonth>, Error>> {
    if !ctx.caller().holds(&policy::SEE_MONTHS) {
        return None;
    }
    if let Err(failure) = bounded(of.from, of.to) {
        return Some(Err(ctx.refuse(&failure)));
    }
    let found = ctx.load::<MonthsLoader, _>(of).await;
    Some(found.map(Option::unwrap_or_default))
}

/// From the first month to the last, at most [`MOST_MONTHS`].
fn bounded(from: YearMonth, to: YearMonth) -> Result<(), Failure> {
    let months = u64::try_from(from.months_between(to)).map_err(|_| {
        Failure::BadInput(Text::new(
            "from 不能晚于 to。",
            "from must not lie after to.",
        ))
    })?;
    if months < MOST_MONTHS {
        return Ok(());
    }
    Err(Failure::Limit {
        limit: "months",
        bound: MOST_MONTHS,
        found: months + 1,
    })
}

/// `Worker.insuredNow`; `None` for roles that do not see standings.
pub(super) async fn insured_now(
    ctx: &Context<'_>,
    worker: WorkerId,
) -> Option<Result<Vec<InsuranceStandingObject>, Error>> {
    if !ctx.caller().holds(&policy::SEE_STANDING) {
        return None;
    }
    let found = ctx.load::<StandingLoader, _>(worker).await;
    Some(found.map(|standings| {
        let standings = standings.unwrap_or_default();
        standings.into_iter().map(Into::into).collect()
    }))
}
