//! What other capabilities may know of audits.

use chrono::{DateTime, Utc};

use super::model::Finding;
use super::repo::{findings, steps};
use crate::kernel::error::Failure;
use crate::kernel::ids::{FindingId, WorkerId};
use crate::platform::db::Session;

/// What the actions of this capability begin with, as the journal names them.
pub const ACTIONS: &str = "audit.";

/// Since when a finding about a person, or about a job of theirs, is open: recorded and not closed,
/// or reopened. `None` while there is none. Whoever asks tells nobody.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn under_way_since(
    session: &impl Session,
    worker: WorkerId,
) -> Result<Option<DateTime<Utc>>, Failure> {
    let open: Vec<Finding> = findings::open_about(session, worker).await?;
    let ids: Vec<FindingId> = open.iter().map(|finding| finding.id).collect();
    let reopened = steps::reopened(session, &ids).await?;
    let since = open.iter().map(|finding| {
        let again = reopened.get(&finding.id).copied();
        again.unwrap_or(finding.recorded_at)
    });
    Ok(since.min())
}
