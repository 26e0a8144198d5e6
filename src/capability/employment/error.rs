//! Expected outcomes of the use cases about jobs.

mod texts;

use serde::{Deserialize, Serialize};

use crate::kernel::closed::{Closed as _, closed};
use crate::kernel::error::{Failure, Refusal, Rejection, Text, UserError};
use crate::kernel::resident_id::ResidentIdError;
use crate::kernel::unreadable::{Misread, Unreadable};

closed! {
    /// Why a request about a job was not carried out. Holds no values, so that it can be kept with
    /// the answer of an idempotent request.
    EmploymentRejection {
        /// A required value is missing.
        Missing = "MISSING",
        /// The resident id's check character does not fit.
        BadCheckDigit = "BAD_CHECK_DIGIT",
        /// The resident id's birth date is no real past day.
        BadBirthDate = "BAD_BIRTH_DATE",
        /// A spreadsheet took the resident id for a number.
        MangledBySpreadsheet = "MANGLED_BY_SPREADSHEET",
        /// The resident id has neither 18 nor 15 characters of the right kind.
        Malformed = "MALFORMED",
        /// Neither or both of resident id and worker id are given.
        OnePersonPlease = "ONE_PERSON_PLEASE",
        /// There is no such person within reach.
        NotFound = "NOT_FOUND",
        /// The credit code is not valid.
        BadCreditCode = "BAD_CREDIT_CODE",
        /// Nobody has registered this employer.
        UnknownEmployer = "UNKNOWN_EMPLOYER",
        /// The employer's name is blank, too long or holds control characters.
        BadName = "BAD_NAME",
        /// Own business and flexible work have no employer.
        EmployerNotAllowed = "EMPLOYER_NOT_ALLOWED",
        /// The hosting unit is the one that signs.
        HostIsEmployer = "HOST_IS_EMPLOYER",
        /// An employer speaks for its own jobs only.
        NotTheEmployer = "NOT_THE_EMPLOYER",
        /// A text is blank or too long.
        BadText = "BAD_TEXT",
        /// A wage is above nothing.
        BadWage = "BAD_WAGE",
        /// There is no such division.
        UnknownRegion = "UNKNOWN_REGION",
        /// A workplace is a county or narrower.
        WorkplaceTooWide = "WORKPLACE_TOO_WIDE",
        /// The day lies in the future.
        DateInFuture = "DATE_IN_FUTURE",
        /// The day lies before anybody in the registry worked.
        DateTooEarly = "DATE_TOO_EARLY",
        /// The job or its contract would begin before the person was born.
        DateBeforeBirth = "DATE_BEFORE_BIRTH",
        /// A contract begins or ends further ahead than anybody agrees.
        DateTooLate = "DATE_TOO_LATE",
        /// The contract ends before it begins.
        BadPeriod = "BAD_PERIOD",
        /// The contract ends before the first day of work.
        ContractEndsBeforeJob = "CONTRACT_ENDS_BEFORE_JOB",
        /// The job would end before it began.
        EndBeforeStart = "END_BEFORE_START",
        /// The further term does not begin after the latest one.
        TermNotLater = "TERM_NOT_LATER",
        /// The job is not waiting for a decision.
        NotReported = "NOT_REPORTED",
        /// The job's employer is resolved already.
        EmployerKnown = "EMPLOYER_KNOWN",
        /// The job is only reported.
        NotConfirmed = "NOT_CONFIRMED",
        /// The job has ended.
        AlreadyEnded = "ALREADY_ENDED",
        /// The job was recorded by mistake.
        AlreadyVoided = "ALREADY_VOIDED",
        /// The job counts on no decision of the county.
        NotCountysDecision = "NOT_COUNTYS_DECISION",
        /// A text that is kept for good holds what looks like a number of a person.
        PersonalNumber = "PERSONAL_NUMBER",
        /// Neither the person's origin nor the workplace is the caller's, or the other of the two
        /// recorded the job.
        NotRecordingSide = "NOT_RECORDING_SIDE",
        /// A confirmed record of the same job exists.
        AlreadyConfirmed = "ALREADY_CONFIRMED",
        /// The person died before.
        PersonDeceased = "PERSON_DECEASED",
        /// The record changed since the caller read it.
        StaleVersion = "STALE_VERSION",
    }
}

impl From<ResidentIdError> for EmploymentRejection {
    fn from(error: ResidentIdError) -> Self {
        match error {
            ResidentIdError::Missing => Self::Missing,
            ResidentIdError::BadCheckDigit => Self::BadCheckDigit,
            ResidentIdError::BadBirthDate => Self::BadBirthDate,
            ResidentIdError::MangledBySpreadsheet => Self::MangledBySpreadsheet,
            ResidentIdError::Malformed => Self::Malformed,
        }
    }
}

impl Rejection for EmploymentRejection {
    fn code(&self) -> &'static str {
        self.as_str()
    }

    fn text(&self) -> Text {
        match self {
            Self::Missing => Unreadable::Missing.text(),
            Self::BadCheckDigit => Unreadable::BadCheckDigit.text(),
            Self::BadBirthDate => Unreadable::BadBirthDate.text(),
            Self::MangledBySpreadsheet => Unreadable::MangledBySpreadsheet.text(),
            Self::Malformed => Unreadable::Malformed.text(),
            Self::OnePersonPlease => texts::ONE_PERSON_PLEASE,
            Self::NotFound => texts::NOT_FOUND,
            Self::BadCreditCode => Unreadable::BadCreditCode.text(),
            Self::UnknownEmployer => texts::UNKNOWN_EMPLOYER,
            Self::BadName => texts::BAD_NAME,
            Self::EmployerNotAllowed => texts::EMPLOYER_NOT_ALLOWED,
            Self::HostIsEmployer => texts::HOST_IS_EMPLOYER,
            Self::NotTheEmployer => texts::NOT_THE_EMPLOYER,
            Self::BadText => texts::BAD_TEXT,
            Self::BadWage => texts::BAD_WAGE,
            Self::UnknownRegion => texts::UNKNOWN_REGION,
            Self::WorkplaceTooWide => texts::WORKPLACE_TOO_WIDE,
            Self::DateInFuture => texts::DATE_IN_FUTURE,
            Self::DateTooEarly => texts::DATE_TOO_EARLY,
            Self::DateBeforeBirth => texts::DATE_BEFORE_BIRTH,
            Self::DateTooLate => texts::DATE_TOO_LATE,
            Self::BadPeriod => texts::BAD_PERIOD,
            Self::ContractEndsBeforeJob => texts::CONTRACT_ENDS_BEFORE_JOB,
            Self::EndBeforeStart => texts::END_BEFORE_START,
            Self::TermNotLater => texts::TERM_NOT_LATER,
            Self::NotReported => texts::NOT_REPORTED,
            Self::EmployerKnown => texts::EMPLOYER_KNOWN,
            Self::NotConfirmed => texts::NOT_CONFIRMED,
            Self::AlreadyEnded => texts::ALREADY_ENDED,
            Self::AlreadyVoided => texts::ALREADY_VOIDED,
            Self::NotCountysDecision => texts::NOT_COUNTYS_DECISION,
            Self::PersonalNumber => texts::PERSONAL_NUMBER,
            Self::NotRecordingSide => texts::NOT_RECORDING_SIDE,
            Self::AlreadyConfirmed => texts::ALREADY_CONFIRMED,
            Self::PersonDeceased => texts::PERSON_DECEASED,
            Self::StaleVersion => texts::STALE_VERSION,
        }
    }
}

/// A rejection with the input field it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Name of the field within its input object.
    pub field: String,
    /// What is wrong.
    pub rejection: EmploymentRejection,
}

impl Rejected {
    /// Points a rejection at a field.
    #[must_use]
    pub fn at(field: &str, rejection: EmploymentRejection) -> Self {
        Self {
            field: field.to_owned(),
            rejection,
        }
    }
}

/// Why an item of a bulk request was not taken. Kept with the answer of an idempotent request, a refusal
/// as former versions kept it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ItemRejected {
    /// A value is not of its type.
    Misread(Misread),
    /// What it says is refused.
    Refused(Rejected),
}

/// Why one job was not recorded: alone it ends the request, in bulk only its item.
#[derive(Debug)]
pub enum Problem {
    /// An expected outcome.
    Expected(Rejected),
    /// No such person within reach.
    NotFound,
    /// The end of the request, alone or in bulk.
    Failed(Failure),
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        Self::Expected(rejected)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Rejected> for Refusal {
    fn from(rejected: Rejected) -> Self {
        let Rejected { field, rejection } = rejected;
        UserError::at(&["input", &field], &rejection).into()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Expected(rejected) => rejected.into(),
            Problem::NotFound => Failure::NotFound.into(),
            Problem::Failed(failure) => failure.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::error::Locale;

    #[test]
    fn every_refusal_says_what_to_do_or_what_holds() {
        let told = ["请", "须", "不能", "只能", "不填"];
        for rejection in EmploymentRejection::VALUES {
            let text = rejection.text();
            let zh = text.in_locale(Locale::ZhCn);
            assert!(
                told.iter().any(|word| zh.contains(word)),
                "{rejection:?}: {zh}"
            );
        }
    }

    #[test]
    fn a_refusal_that_a_former_version_kept_is_read() {
        let kept = r#"{"field":"startedOn","rejection":"DATE_IN_FUTURE"}"#;
        let former = Rejected::at("startedOn", EmploymentRejection::DateInFuture);
        assert_eq!(
            serde_json::from_str::<ItemRejected>(kept).unwrap(),
            ItemRejected::Refused(former)
        );
        let misread = ItemRejected::Misread(Misread::at("workplace", Unreadable::BadRegionCode));
        let kept = serde_json::to_string(&misread).unwrap();
        assert_eq!(
            serde_json::from_str::<ItemRejected>(&kept).unwrap(),
            misread
        );
    }
}
