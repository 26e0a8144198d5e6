//! What other capabilities may know of insurance.

use std::collections::HashMap;

pub use super::model::{InsuranceKind, InsuredMonth, InsuredNow, Position, Standing};

use super::service;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::platform::db::Session;

/// The months of one insurance that count, of everybody among these people whom the session
/// reaches, by month, each with the posting month since which it has counted and the employer that
/// paid; one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn months(
    session: &impl Session,
    workers: &[WorkerId],
    kind: InsuranceKind,
) -> Result<HashMap<WorkerId, Vec<InsuredMonth>>, Failure> {
    service::months(session, workers, kind, None).await
}

/// Where each of these people stands today in all five insurances; one statement. Whoever the
/// session does not reach is unknown in all of them.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn standings(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Standing>>, Failure> {
    service::standings(session, workers).await
}
