//! How the capabilities that take deliveries record them.
//!
//! Rows that refer to their delivery need it before they are written, while what became of them is
//! known afterwards: [`open_in`], write, [`close_in`]. Whoever knows the counts before writing
//! calls [`record_in`] once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

pub use super::model::{Counts, Dataset};

use super::repo;
use crate::kernel::error::Failure;
use crate::kernel::ids::SubmissionId;
use crate::platform::authn::Agency;
use crate::platform::db::{Session, WriteSession};

/// Records a delivery whose rows will refer to it, with no counts yet. The unit of work must end
/// with [`close_in`].
///
/// # Errors
/// [`Failure`] of the database.
pub async fn open_in(
    tx: &mut WriteSession,
    agency: Agency,
    dataset: Dataset,
) -> Result<SubmissionId, Failure> {
    repo::insert_in(tx, agency, dataset, Counts::default()).await
}

/// States what became of the rows of a delivery opened in the same unit of work.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn close_in(
    tx: &mut WriteSession,
    id: SubmissionId,
    counts: Counts,
) -> Result<(), Failure> {
    repo::set_counts_in(tx, id, counts).await
}

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
