//! Expected outcomes other than success.

use serde::{Deserialize, Serialize};

use super::model::{MAX_CLAUSE, MAX_TEXT};
use crate::kernel::error::{Rejection, Text};

/// Why nothing was recorded about a finding, or nothing matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingRejection {
    /// The clause is blank or too long.
    BadClause,
    /// The evidence, answer, remark or reason is blank or too long.
    BadText,
    /// A text names what looks like a number of a person.
    PersonalNumber,
    /// The responsible county is no county in force.
    UnknownRegion,
    /// No county was given, and none follows from the subject.
    CountyNeeded,
    /// Somebody took a step since; the payload carries the current finding.
    StaleVersion,
    /// It has been answered or closed.
    NotOpen,
    /// Nobody has answered it.
    NotAnswered,
    /// It is closed.
    AlreadyClosed,
    /// It is open.
    StillOpen,
    /// The purpose is too short, too long, or names what looks like a number of a person.
    BadPurpose,
}

impl Rejection for FindingRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::BadClause | Self::BadText => "BAD_TEXT",
            Self::PersonalNumber => "PERSONAL_NUMBER",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::CountyNeeded => "COUNTY_NEEDED",
            Self::StaleVersion => "STALE_VERSION",
            Self::NotOpen => "NOT_OPEN",
            Self::NotAnswered => "NOT_ANSWERED",
            Self::AlreadyClosed => "ALREADY_CLOSED",
            Self::StillOpen => "STILL_OPEN",
            Self::BadPurpose => "BAD_PURPOSE",
        }
    }

    fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::BadClause => return length(MAX_CLAUSE),
            Self::BadText => return length(MAX_TEXT),
            Self::PersonalNumber => (
                "文字中含有疑似个人号码（身份证号、手机号、账号）或超过 10 位的数字，请删去，改用 subjectId 指明对象。",
                "The text holds what looks like a number of a person, or more than 10 digits in a row. Leave it out and name the record by subjectId.",
            ),
            Self::UnknownRegion => (
                "没有现行有效的该县级行政区划，请核对代码。",
                "There is no such county in force; check its code.",
            ),
            Self::CountyNeeded => (
                "无法由对象推定责任县，请给出 responsibleCounty。",
                "No county in force follows from the subject; give a responsibleCounty.",
            ),
            Self::StaleVersion => (
                "该问题已被他人处理，请核对返回的当前记录后重试。",
                "Somebody took a step about this finding; look at the one returned and try again.",
            ),
            Self::NotOpen => (
                "该问题已答复或已办结；需补充的，请审计人员重新打开。",
                "It has been answered or closed. To add to the answer, have the auditor reopen it.",
            ),
            Self::NotAnswered => (
                "责任县尚未答复；误记的，可以 WITHDRAWN 办结。",
                "The county has not answered yet. If it was recorded by mistake, close it as WITHDRAWN.",
            ),
            Self::AlreadyClosed => (
                "该问题已办结；需再议的，请先重新打开。",
                "It is closed. Reopen it first.",
            ),
            Self::StillOpen => (
                "该问题正等待答复，无需重新打开。",
                "It waits for an answer; there is nothing to reopen.",
            ),
            Self::BadPurpose => (
                "用途须为 5 到 200 个字符，且不含个人号码。",
                "The purpose must have 5 to 200 characters and name no number of a person.",
            ),
        };
        Text::new(zh, en)
    }
}

fn length(most: usize) -> Text {
    Text::new(
        format!("文字须为 1 到 {most} 个字符，且不含控制字符或乱码（\u{FFFD}）。"),
        format!(
            "The text must have 1 to {most} characters, no control characters and no \u{FFFD}."
        ),
    )
}

/// Why one value of a list was not compared. Kept with the answer of an idempotent request, so it
/// holds codes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueRejection {
    /// It is no resident id, with the kernel's code of the reason.
    ResidentId(String),
    /// It is no bank account, with the kernel's code of the reason.
    BankAccount(String),
}

impl ValueRejection {
    /// Stable SCREAMING_CASE code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::ResidentId(code) | Self::BankAccount(code) => code,
        }
    }

    /// What the auditor reads.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::ResidentId(_) => Text::new(
                "公民身份号码有误，请核对。",
                "The resident id is not valid; check it.",
            ),
            Self::BankAccount(_) => Text::new(
                "银行账号须为 12 到 19 位数字，请核对。",
                "A bank account has 12 to 19 digits; check it.",
            ),
        }
    }
}
