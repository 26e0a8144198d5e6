//! Findings, their states and transitions, and what is matched.

use chrono::{DateTime, Utc};

use super::error::FindingRejection;
use crate::kernel::closed::closed;
use crate::kernel::ids::{EmployerId, EmploymentId, FindingId, WorkerId};
use crate::kernel::region_code::RegionCode;

/// Longest clause, in characters.
pub const MAX_CLAUSE: usize = 200;
/// Longest evidence, answer, remark or reason, in characters.
pub const MAX_TEXT: usize = 4_000;
/// Shortest and longest purpose of a matching, in characters.
pub const PURPOSE: std::ops::RangeInclusive<usize> = 5..=200;
/// The most people that one matching may find; more takes a shorter list.
pub const MOST_MATCHED: usize = 2_000;

closed! {
    /// How far a finding has come.
    FindingState {
        /// The responsible county has to answer.
        Open = "OPEN",
        /// The county has answered; the auditor has to decide.
        Answered = "ANSWERED",
        /// The auditor has decided.
        Closed = "CLOSED",
    }
}

closed! {
    /// What came of a finding.
    FindingOutcome {
        /// It was right, and the county has put it right.
        Remedied = "REMEDIED",
        /// It was right and is not put right; others take it further.
        Upheld = "UPHELD",
        /// The answer shows that nothing was wrong.
        Dismissed = "DISMISSED",
        /// It was recorded by mistake; the only way to close a finding that nobody has answered.
        Withdrawn = "WITHDRAWN",
    }
}

closed! {
    /// What was done about a finding after it was recorded.
    FindingStepKind {
        /// The responsible county, or a region around it, answered.
        Answered = "ANSWERED",
        /// The auditor decided what comes of it.
        Closed = "CLOSED",
        /// The auditor asks for another answer.
        Reopened = "REOPENED",
    }
}

closed! {
    /// What kind of record a finding is about.
    FindingSubjectKind {
        /// A person of the registry.
        Worker = "WORKER",
        /// An employer.
        Employer = "EMPLOYER",
        /// A job, and with it the person who holds it.
        Employment = "EMPLOYMENT",
    }
}

closed! {
    /// What kind of number is compared with the records.
    MatchKind {
        /// Resident ids of 18 characters, or old ones of 15.
        ResidentId = "RESIDENT_ID",
        /// Bank accounts of 12 to 19 digits. Several people may share one.
        BankAccount = "BANK_ACCOUNT",
    }
}

/// The record a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    Worker(WorkerId),
    /// An employer.
    Employer(EmployerId),
    /// A job.
    Employment {
        /// The job.
        id: EmploymentId,
        /// Who holds it.
        worker: WorkerId,
    },
}

impl Subject {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(self) -> FindingSubjectKind {
        match self {
            Self::Worker(_) => FindingSubjectKind::Worker,
            Self::Employer(_) => FindingSubjectKind::Employer,
            Self::Employment { .. } => FindingSubjectKind::Employment,
        }
    }

    /// The person concerned, if any.
    #[must_use]
    pub const fn worker(self) -> Option<WorkerId> {
        match self {
            Self::Worker(worker) | Self::Employment { worker, .. } => Some(worker),
            Self::Employer(_) => None,
        }
    }

    /// The employer it is about, if it is about one.
    #[must_use]
    pub const fn employer(self) -> Option<EmployerId> {
        match self {
            Self::Employer(employer) => Some(employer),
            Self::Worker(_) | Self::Employment { .. } => None,
        }
    }

    /// The job it is about, if it is about one.
    #[must_use]
    pub const fn employment(self) -> Option<EmploymentId> {
        match self {
            Self::Employment { id, .. } => Some(id),
            Self::Worker(_) | Self::Employer(_) => None,
        }
    }
}

/// The record that somebody names as a subject, before it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectRef {
    /// A person.
    Worker(WorkerId),
    /// An employer.
    Employer(EmployerId),
    /// A job.
    Employment(EmploymentId),
}

/// Which findings a list shows; every filter narrows, none is required.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// In this state.
    pub state: Option<FindingState>,
    /// To be answered by this county, or by one in this region.
    pub region: Option<RegionCode>,
    /// About this record; for a person also about their jobs.
    pub subject: Option<SubjectRef>,
}

/// An auditor's finding as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Identity.
    pub id: FindingId,
    /// What it is about; `None` for one about the county's own work.
    pub subject: Option<Subject>,
    /// The county that has to answer.
    pub responsible_county: RegionCode,
    /// The rule that is held to be broken.
    pub clause: String,
    /// What was found.
    pub evidence: String,
    /// How far it has come.
    pub state: FindingState,
    /// What came of it; `None` until it is closed.
    pub outcome: Option<FindingOutcome>,
    /// Subject of the auditor's token.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises by one with every step.
    pub version: i64,
}

/// What was done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingStep {
    /// The finding.
    pub finding: FindingId,
    /// What was done.
    pub kind: FindingStepKind,
    /// What came of it, for a closing.
    pub outcome: Option<FindingOutcome>,
    /// The answer, the remark or the reason.
    pub text: String,
    /// Subject of the token.
    pub by: String,
    /// Role of the token.
    pub role: String,
    /// Region of an officer.
    pub region: Option<RegionCode>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A step that somebody wants to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answer it.
    Answer,
    /// Decide what comes of it.
    Close(FindingOutcome),
    /// Ask for another answer.
    Reopen,
}

impl Act {
    /// The step it leaves.
    #[must_use]
    pub const fn kind(self) -> FindingStepKind {
        match self {
            Self::Answer => FindingStepKind::Answered,
            Self::Close(_) => FindingStepKind::Closed,
            Self::Reopen => FindingStepKind::Reopened,
        }
    }

    /// What comes of the finding by it.
    #[must_use]
    pub const fn outcome(self) -> Option<FindingOutcome> {
        match self {
            Self::Close(outcome) => Some(outcome),
            Self::Answer | Self::Reopen => None,
        }
    }
}

impl FindingState {
    /// The state after a step. A finding goes from open to answered to closed; from answered and
    /// closed it can be opened again. What nobody has answered can only be withdrawn.
    ///
    /// # Errors
    /// `NOT_OPEN`, `NOT_ANSWERED`, `ALREADY_CLOSED`, `STILL_OPEN`.
    pub const fn after(self, act: Act) -> Result<Self, FindingRejection> {
        match (self, act) {
            (Self::Open, Act::Answer) => Ok(Self::Answered),
            (Self::Answered | Self::Closed, Act::Answer) => Err(FindingRejection::NotOpen),
            (Self::Open, Act::Close(FindingOutcome::Withdrawn))
            | (Self::Answered, Act::Close(_)) => Ok(Self::Closed),
            (
                Self::Open,
                Act::Close(
                    FindingOutcome::Remedied | FindingOutcome::Upheld | FindingOutcome::Dismissed,
                ),
            ) => Err(FindingRejection::NotAnswered),
            (Self::Closed, Act::Close(_)) => Err(FindingRejection::AlreadyClosed),
            (Self::Answered | Self::Closed, Act::Reopen) => Ok(Self::Open),
            (Self::Open, Act::Reopen) => Err(FindingRejection::StillOpen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::closed::Closed as _;

    #[test]
    fn a_finding_is_answered_once_per_opening_and_decided_after_its_answer() {
        use FindingState::{Answered, Closed, Open};
        assert_eq!(Open.after(Act::Answer), Ok(Answered));
        assert_eq!(Open.after(Act::Reopen), Err(FindingRejection::StillOpen));
        for state in [Answered, Closed] {
            assert_eq!(state.after(Act::Answer), Err(FindingRejection::NotOpen));
            assert_eq!(state.after(Act::Reopen), Ok(Open));
        }
        for outcome in FindingOutcome::VALUES {
            let close = Act::Close(*outcome);
            let withdrawn = *outcome == FindingOutcome::Withdrawn;
            let unanswered = if withdrawn {
                Ok(Closed)
            } else {
                Err(FindingRejection::NotAnswered)
            };
            assert_eq!(Open.after(close), unanswered, "{outcome:?}");
            assert_eq!(Answered.after(close), Ok(Closed));
            assert_eq!(Closed.after(close), Err(FindingRejection::AlreadyClosed));
        }
    }
}
