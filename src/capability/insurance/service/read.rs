//! Looking at insurance; each look is one statement for however many people.

use std::collections::HashMap;

use super::super::model::{Contribution, InsuranceKind, InsuredMonth, Standing};
use super::super::repo::{contributions, standing};
use super::super::rules;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::year_month::YearMonth;
use crate::platform::db::Session;

/// The newest rows of each person, at most `first` of them: by month, then by posting.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn newest(
    session: &impl Session,
    workers: &[WorkerId],
    first: u64,
    kind: Option<InsuranceKind>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    contributions::newest(session, workers, first, kind).await
}

/// The months of one insurance that count, from the first to the last given or of all time; by
/// month, several for a month that several employers paid.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn months(
    session: &impl Session,
    workers: &[WorkerId],
    kind: InsuranceKind,
    range: Option<(YearMonth, YearMonth)>,
) -> Result<HashMap<WorkerId, Vec<InsuredMonth>>, Failure> {
    let rows = contributions::of_kind(session, workers, kind, range).await?;
    Ok(rows
        .into_iter()
        .map(|(worker, rows)| (worker, rules::insured_months(&rows)))
        .collect())
}

/// The months of one insurance that count, each once.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn insured_months(
    session: &impl Session,
    workers: &[WorkerId],
    kind: InsuranceKind,
    range: (YearMonth, YearMonth),
) -> Result<HashMap<WorkerId, Vec<YearMonth>>, Failure> {
    let found = months(session, workers, kind, Some(range)).await?;
    Ok(found
        .into_iter()
        .map(|(worker, months)| {
            let mut periods: Vec<YearMonth> = months.into_iter().map(|m| m.period).collect();
            periods.dedup();
            (worker, periods)
        })
        .collect())
}

/// Where each person stands today, in all five insurances.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn standings(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Standing>>, Failure> {
    let positions = standing::positions(session, workers).await?;
    let today = session.today();
    Ok(workers
        .iter()
        .map(|worker| {
            let known = positions.get(worker);
            let standings = InsuranceKind::VALUES.iter().map(|kind| {
                let position = known.and_then(|known| known.get(kind)).copied();
                let position = position.unwrap_or_default();
                Standing {
                    kind: *kind,
                    insured: rules::insured_now(*kind, &position, today),
                    position,
                }
            });
            (*worker, standings.collect())
        })
        .collect())
}
