//! What becomes of the lines of a delivery.

use serde::{Deserialize, Serialize};

use crate::kernel::closed::closed;

closed! {
    /// What became of one line of a bulk submission.
    EmployerLineOutcome {
        /// It changed something.
        Accepted = "ACCEPTED",
        /// All of it was known already.
        Unchanged = "UNCHANGED",
        /// It is about an employer that nobody has registered; nothing of it was kept.
        Dropped = "DROPPED",
        /// It has an error; nothing of it was kept.
        Refused = "REFUSED",
    }
}

/// How many lines of a submission ended in each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineCounts {
    /// Changed something.
    pub accepted: i32,
    /// Were known already.
    pub unchanged: i32,
    /// Were about employers that nobody has registered.
    pub dropped: i32,
    /// Had an error.
    pub refused: i32,
}

impl LineCounts {
    /// Counts outcomes; a submission has at most a thousand.
    #[must_use]
    pub fn of(outcomes: impl Iterator<Item = EmployerLineOutcome>) -> Self {
        outcomes.fold(Self::default(), |mut counts, outcome| {
            *counts.of_outcome(outcome) += 1;
            counts
        })
    }

    /// All lines.
    #[must_use]
    pub const fn received(self) -> i32 {
        self.accepted + self.unchanged + self.dropped + self.refused
    }

    const fn of_outcome(&mut self, outcome: EmployerLineOutcome) -> &mut i32 {
        match outcome {
            EmployerLineOutcome::Accepted => &mut self.accepted,
            EmployerLineOutcome::Unchanged => &mut self.unchanged,
            EmployerLineOutcome::Dropped => &mut self.dropped,
            EmployerLineOutcome::Refused => &mut self.refused,
        }
    }
}
