//! Looking at deliveries.

use super::model::Submission;
use super::repo;
use crate::kernel::error::Failure;
use crate::kernel::ids::SubmissionId;
use crate::kernel::page::{Page, PageRequest};
use crate::platform::db::ReadSession;

/// A page of the deliveries within reach, the latest first.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn list(
    session: &ReadSession,
    request: &PageRequest<SubmissionId>,
) -> Result<Page<Submission>, Failure> {
    let found = repo::page(session, request).await?;
    session.record_listed().await?;
    Ok(found)
}
