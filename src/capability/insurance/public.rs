//! What other capabilities may know of insurance, and what follows for it from what they do.

use std::collections::HashMap;

use futures::FutureExt as _;
use futures::future::BoxFuture;

pub use super::model::{InsuranceKind, InsuredMonth, InsuredNow, Position, Standing};

use super::service;
use crate::capability::worker::public::Corrected;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::platform::db::{Session, WriteSession};

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

/// What follows for insurance when a resident id is corrected: the registry's
/// [`AfterCorrection`](crate::capability::worker::public::AfterCorrection).
pub fn after_correction(
    tx: &mut WriteSession,
    corrected: Corrected,
) -> BoxFuture<'_, Result<(), Failure>> {
    service::set_aside_in(tx, corrected).boxed()
}
