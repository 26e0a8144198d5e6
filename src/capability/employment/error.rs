//! Expected outcomes of the use cases about jobs.

use serde::{Deserialize, Serialize};

use crate::kernel::closed::{Closed as _, closed};
use crate::kernel::error::{Failure, Refusal, Rejection, Text, UserError};
use crate::kernel::resident_id::ResidentIdError;

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
        /// The contract ends before it begins.
        BadPeriod = "BAD_PERIOD",
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
        let (zh, en) = match self {
            Self::Missing => ("必填项为空。", "A required value is missing."),
            Self::BadCheckDigit => (
                "身份证号码校验位错误，请核对证件。",
                "The check digit of the resident id is wrong. Compare with the card.",
            ),
            Self::BadBirthDate => (
                "身份证号码中的出生日期无效。",
                "The birth date in the resident id does not exist or lies in the future.",
            ),
            Self::MangledBySpreadsheet => (
                "号码已被电子表格改写，请将该列设为文本后重新录入。",
                "A spreadsheet has mangled the number. Format the column as text and enter it again.",
            ),
            Self::Malformed => (
                "身份证号码应为18位（或旧15位）。",
                "A resident id has 18 characters, or 15 in its old form.",
            ),
            Self::OnePersonPlease => (
                "请在 residentId 与 workerId 中恰好给出一个。",
                "Give exactly one of residentId and workerId.",
            ),
            Self::NotFound => (
                "未找到该人员，或不在您的权限范围内。",
                "There is no such person within your reach.",
            ),
            Self::BadCreditCode => (
                "统一社会信用代码有误，请核对。",
                "The credit code is not valid; check it.",
            ),
            Self::UnknownEmployer => (
                "该单位未登记，请先登记用人单位。",
                "This employer is not registered; register it first.",
            ),
            Self::BadName => (
                "单位名称须为 1 到 200 个字符，且不含控制字符。",
                "A name has 1 to 200 characters and no control characters.",
            ),
            Self::EmployerNotAllowed => (
                "自主经营和灵活就业不填写用人单位。",
                "Own business and flexible work have no employer; leave it out.",
            ),
            Self::HostIsEmployer => (
                "用工单位不能与用人单位相同。",
                "The hosting unit must differ from the employer that signs.",
            ),
            Self::NotTheEmployer => (
                "用人单位只能办理本单位签约人员的事项。",
                "An employer acts for its own jobs only.",
            ),
            Self::BadText => (
                "文字须为 1 到 200 个字符。",
                "The text must have 1 to 200 characters.",
            ),
            Self::BadWage => ("月工资须大于零。", "A monthly wage is above nothing."),
            Self::UnknownRegion => (
                "本省没有该行政区划，请核对代码。",
                "The province has no such division; check its code.",
            ),
            Self::WorkplaceTooWide => (
                "务工地须精确到县（区）或更低一级。",
                "Give the workplace as a county or a division within one.",
            ),
            Self::DateInFuture => ("日期不能晚于今天。", "The date must not lie after today."),
            Self::BadPeriod => (
                "合同终止日期早于起始日期。",
                "The contract ends before it begins.",
            ),
            Self::EndBeforeStart => (
                "离职日期早于入职日期。",
                "The job cannot end before its first day.",
            ),
            Self::TermNotLater => (
                "续签合同的起始日期须晚于上一期。",
                "A further term begins after the latest one began.",
            ),
            Self::NotReported => (
                "该记录不是待确认的报告。",
                "The record is no report that waits for a decision.",
            ),
            Self::EmployerKnown => (
                "该记录已关联用人单位；如有误，请作废后重新登记。",
                "The record names a registered employer; if it is wrong, void it and record anew.",
            ),
            Self::NotConfirmed => (
                "该务工记录尚未确认，请先由户籍地确认。",
                "The job is only reported; the origin has to confirm it first.",
            ),
            Self::AlreadyEnded => ("该务工记录已终止。", "The job has ended already."),
            Self::AlreadyVoided => (
                "该务工记录已作废。",
                "The job was voided as recorded by mistake.",
            ),
            Self::NotCountysDecision => (
                "该务工记录由参保月份或本人报告确认，不是县（区）的决定，不能退回；如属误登，请作废。",
                "This job counts on a month of insurance or on the person's report, not on a \
                 county's decision; it cannot be returned. If it is a mistake, void it.",
            ),
            Self::PersonalNumber => (
                "文字中疑似含有身份证号码、手机号码或银行账号，请删去后重试。",
                "The text holds what looks like a resident id, phone or account number; leave it out.",
            ),
            Self::NotRecordingSide => (
                "该就业记录不属于本地，请联系其户籍地或就业地县（区）办理。",
                "This job is another county's to decide; ask the county of origin or of work.",
            ),
            Self::AlreadyConfirmed => (
                "同一工作已有确认记录；如本条为重复上报，请作废本条。",
                "A confirmed record of this job exists; void this report if it repeats it.",
            ),
            Self::StaleVersion => (
                "记录已被他人更新，请查看当前记录后重试。",
                "The record has changed since. Look at the current record and try again.",
            ),
        };
        Text::new(zh, en)
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
