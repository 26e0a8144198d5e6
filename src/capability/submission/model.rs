//! A delivery as a value.

use chrono::{DateTime, Utc};

use crate::kernel::closed::closed;
use crate::kernel::ids::SubmissionId;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Agency;

closed! {
    /// What an agency delivers in bulk.
    Dataset {
        /// Poverty categories of households.
        Categories = "CATEGORIES",
        /// Insurance months.
        Contributions = "CONTRIBUTIONS",
        /// Enrolment, stop, arrears and pension dates.
        InsuranceFacts = "INSURANCE_FACTS",
        /// Standing of employers.
        EmployerStatuses = "EMPLOYER_STATUSES",
    }
}

/// What became of the rows of a delivery. Every row is in exactly one of the four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that changed something.
    pub accepted: i32,
    /// Rows that were known already.
    pub unchanged: i32,
    /// Rows about people, households or employers that are not registered; they are not stored.
    pub dropped: i32,
    /// Rows with an error.
    pub refused: i32,
}

impl Counts {
    /// All rows: the sum of the four.
    #[must_use]
    pub const fn received(self) -> i32 {
        self.accepted + self.unchanged + self.dropped + self.refused
    }
}

/// One delivery of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The record's id.
    pub id: SubmissionId,
    /// Who delivered.
    pub agency: Agency,
    /// What was delivered.
    pub dataset: Dataset,
    /// The region the agency's token is limited to; the whole province when absent.
    pub region: Option<RegionCode>,
    /// Subject of the token.
    pub submitted_by: String,
    /// When it was received.
    pub submitted_at: DateTime<Utc>,
    /// What became of its rows.
    pub counts: Counts,
}
