//! How the capabilities that take deliveries record them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

pub use super::model::{Counts, Dataset};

use super::repo;
use crate::kernel::error::Failure;
use crate::kernel::ids::SubmissionId;
use crate::platform::authn::Agency;
use crate::platform::db::{Session, WriteSession};

/// Records a delivery with what became of its rows.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn record_in(
    tx: &mut WriteSession,
    agency: Agency,
    dataset: Dataset,
    counts: Counts,
) -> Result<SubmissionId, Failure> {
    repo::insert_in(tx, agency, dataset, counts).await
}

/// When each agency delivered rows of a dataset for the first time; agencies that never did are
/// left out.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn first_deliveries(
    session: &impl Session,
    dataset: Dataset,
) -> Result<HashMap<Agency, DateTime<Utc>>, Failure> {
    repo::first_deliveries(session, dataset).await
}
