//! Expected outcomes of corrections that take two people.

use crate::kernel::error::{Rejection, Severity, Text};

/// Why a correction was not proposed or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionRejection {
    /// The value proposed is the present one.
    SameValue,
    /// A correction of this kind about the person waits for its decision already.
    StillOpen,
    /// Whoever proposed it cannot decide it.
    SecondPersonRequired,
    /// It was decided before.
    AlreadyDecided,
}

impl Rejection for CorrectionRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::SameValue => "SAME_VALUE",
            Self::StillOpen => "CORRECTION_OPEN",
            Self::SecondPersonRequired => "SECOND_PERSON_REQUIRED",
            Self::AlreadyDecided => "ALREADY_DECIDED",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::SecondPersonRequired => Severity::Warning,
            Self::SameValue | Self::StillOpen | Self::AlreadyDecided => Severity::Info,
        }
    }

    fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::SameValue => (
                "与现登记的内容相同，无需更正。",
                "This is what is on record; there is nothing to correct.",
            ),
            Self::StillOpen => (
                "此人已有待审的更正，请先办结。",
                "Such a correction about this person is open already. Have it decided first.",
            ),
            Self::SecondPersonRequired => (
                "更正须由提出人以外的另一人审定。",
                "Somebody other than the proposer must decide the correction.",
            ),
            Self::AlreadyDecided => (
                "该更正已办结；如仍有误，请另行提出更正。",
                "The correction was decided before. Propose another one if it is still wrong.",
            ),
        };
        Text::new(zh, en)
    }
}
