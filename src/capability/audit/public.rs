//! What other capabilities may know of audits.

use super::repo::findings;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::platform::db::Session;

/// What the actions of this capability begin with, as the journal names them.
pub const ACTIONS: &str = "audit.";

/// Whether a finding about a person, or about a job of theirs, is not closed yet. Whoever asks
/// tells nobody.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn is_under_way(session: &impl Session, worker: WorkerId) -> Result<bool, Failure> {
    findings::is_open_about(session, worker).await
}
