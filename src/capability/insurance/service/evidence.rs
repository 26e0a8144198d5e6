//! Which months say that somebody works somewhere now.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::model::{Contribution, Statement};
use super::super::repo::{contributions, standing};
use super::super::rules;
use crate::capability::employment::public::InsuredAt;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, WorkerId};
use crate::platform::db::{Session as _, WriteSession};

/// Of these people with these employers, those with a month that is evidence of a job there now,
/// with each such month.
///
/// # Errors
/// [`Failure`] of the database.
pub(super) async fn of_jobs_in(
    tx: &WriteSession,
    pairs: &HashSet<(WorkerId, EmployerId)>,
) -> Result<Vec<InsuredAt>, Failure> {
    let workers: BTreeSet<WorkerId> = pairs.iter().map(|(worker, _)| *worker).collect();
    let workers: Vec<WorkerId> = workers.into_iter().collect();
    let periods = rules::recent_months(tx.today());
    if workers.is_empty() || periods.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: HashMap<WorkerId, Vec<Contribution>> = HashMap::new();
    for row in contributions::known_in(tx, &workers, &periods).await? {
        let row = row.contribution;
        rows.entry(row.worker).or_default().push(row);
    }
    let mut stated: HashMap<WorkerId, Vec<Statement>> = HashMap::new();
    for statement in standing::statements_in(tx, &workers).await? {
        stated.entry(statement.worker).or_default().push(statement);
    }
    let mut found = BTreeSet::new();
    for (worker, rows) in rows {
        let stated = stated.remove(&worker).unwrap_or_default();
        for (employer, month) in rules::employed_in(&rows, &stated, tx.today()) {
            if pairs.contains(&(worker, employer)) {
                found.insert((worker, employer, month));
            }
        }
    }
    Ok(found.into_iter().collect())
}
