//! Batches of months and standings, each within the scope of its own session; one statement per
//! batch, or one per set of arguments where a query asks for several.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{Contribution, InsuranceKind, Standing};
use super::super::{policy, service};
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::year_month::YearMonth;
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::ScopedLoader;

/// The people of each set of arguments.
fn by_arguments<K, A: Hash + Eq>(
    keys: &[K],
    split: impl Fn(&K) -> (WorkerId, A),
) -> HashMap<A, Vec<WorkerId>> {
    let mut groups: HashMap<A, Vec<WorkerId>> = HashMap::new();
    for (worker, arguments) in keys.iter().map(split) {
        groups.entry(arguments).or_default().push(worker);
    }
    groups
}

/// The newest rows of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContributionsOf {
    /// The person.
    pub worker: WorkerId,
    /// At most so many.
    pub first: u64,
    /// Of one insurance only.
    pub kind: Option<InsuranceKind>,
}

/// Newest rows by person.
pub struct ContributionLoader(ReadSession);

impl ScopedLoader for ContributionLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_CONTRIBUTIONS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<ContributionsOf> for ContributionLoader {
    type Value = Vec<Contribution>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[ContributionsOf],
    ) -> Result<HashMap<ContributionsOf, Vec<Contribution>>, Arc<Failure>> {
        let mut found = HashMap::new();
        for ((first, kind), workers) in by_arguments(keys, |k| (k.worker, (k.first, k.kind))) {
            let rows = service::newest(&self.0, &workers, first, kind).await?;
            found.extend(rows.into_iter().map(|(worker, rows)| {
                let key = ContributionsOf {
                    worker,
                    first,
                    kind,
                };
                (key, rows)
            }));
        }
        Ok(found)
    }
}

/// The months of one person in one insurance that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MonthsOf {
    /// The person.
    pub worker: WorkerId,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// First month.
    pub from: YearMonth,
    /// Last month.
    pub to: YearMonth,
}

/// Months that count, by person.
pub struct MonthsLoader(ReadSession);

impl ScopedLoader for MonthsLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_MONTHS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<MonthsOf> for MonthsLoader {
    type Value = Vec<YearMonth>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[MonthsOf],
    ) -> Result<HashMap<MonthsOf, Vec<YearMonth>>, Arc<Failure>> {
        let mut found = HashMap::new();
        for ((kind, from, to), workers) in
            by_arguments(keys, |k| (k.worker, (k.kind, k.from, k.to)))
        {
            let months = service::insured_months(&self.0, &workers, kind, (from, to)).await?;
            found.extend(months.into_iter().map(|(worker, months)| {
                let key = MonthsOf {
                    worker,
                    kind,
                    from,
                    to,
                };
                (key, months)
            }));
        }
        Ok(found)
    }
}

/// Standings in all five insurances, by person.
pub struct StandingLoader(ReadSession);

impl ScopedLoader for StandingLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_STANDING;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for StandingLoader {
    type Value = Vec<Standing>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[WorkerId],
    ) -> Result<HashMap<WorkerId, Vec<Standing>>, Arc<Failure>> {
        Ok(service::standings(&self.0, keys).await?)
    }
}
