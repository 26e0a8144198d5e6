//! Corrections of a resident id or a name: proposed by one person, decided by another.

use chrono::{DateTime, Utc};

use crate::kernel::closed::closed;
use crate::kernel::ids::{CorrectionId, WorkerId};

closed! {
    /// What a correction puts right.
    CorrectionKind {
        /// The resident id.
        ResidentId = "RESIDENT_ID",
        /// The name.
        Name = "NAME",
    }
}

closed! {
    /// How far a proposed correction has come.
    CorrectionState {
        /// It waits for a second person.
        Proposed = "PROPOSED",
        /// The second person agreed; the value is in force.
        Approved = "APPROVED",
        /// The second person refused; nothing changed.
        Refused = "REFUSED",
    }
}

/// A proposed correction; a resident id is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The record's id.
    pub id: CorrectionId,
    /// Whose.
    pub worker: WorkerId,
    /// What it puts right.
    pub kind: CorrectionKind,
    /// How far it has come.
    pub state: CorrectionState,
    /// What is proposed: a resident id masked, a name as it is.
    pub proposed: String,
    /// Why the present one is wrong, in the proposer's words.
    pub reason: String,
    /// Subject of the first person.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Subject of the second person.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Grows by one with every change.
    pub version: i64,
}
