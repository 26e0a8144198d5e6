//! What other capabilities may know of jobs and ask of this one.

use std::collections::HashMap;

pub use super::model::{
    ConfirmedBy, ContractKind, Employment, EmploymentForm, EmploymentState, EndReason, FoundBy,
    Job, WrittenEmployer,
};
pub use super::repo::workplaces::with_job_in;
pub use super::rules::is_confirmed_by_month;
pub use super::service::{
    InsuredAt, NewEmployment, RECORDED_FIELDS, Stated, confirm_by_insurance_in, record_in,
    withdraw_insurance_in,
};

use super::repo::employments;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, WorkerId};
use crate::platform::db::Session;

/// A job the session reaches; `None` when out of scope or missing.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn visible(
    session: &impl Session,
    id: EmploymentId,
) -> Result<Option<Employment>, Failure> {
    employments::find(session, id).await
}

/// The confirmed jobs of these people that have not ended and that the session reaches, newest
/// first; in one statement. Whoever has none is left out.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn current_of(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Employment>>, Failure> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for job in employments::current_of(session, workers).await? {
        found.entry(job.worker).or_default().push(job);
    }
    Ok(found)
}
