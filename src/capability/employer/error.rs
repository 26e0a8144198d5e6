//! Expected outcomes other than success.

use serde::{Deserialize, Serialize};

use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Rejection, Severity, Text};
use crate::kernel::unreadable::{Misread, Unreadable};

/// Why a change to one employer was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmployerRejection {
    /// The credit code is known; the payload carries that employer.
    AlreadyRegistered,
    /// The name is blank, too long or holds control characters.
    BadName,
    /// The seat is wider than a county.
    SeatTooWide,
    /// The seat is no division in force.
    UnknownRegion,
    /// Somebody changed the employer since; the payload carries the current one.
    StaleVersion,
    /// The certificate number is blank or too long.
    BadReference,
    /// The last day lies before the first.
    BadPeriod,
    /// The first day lies in the future.
    FutureDate,
    /// An employer states no other kind and seat of itself than its code does.
    CountyDecides,
    /// The employer, or where it would be seated, is another region's to decide about.
    SeatDecides,
    /// Another accreditation of the same kind covers some of these days.
    AccreditationOverlap,
}

impl Rejection for EmployerRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRegistered => "ALREADY_REGISTERED",
            Self::BadName => "BAD_NAME",
            Self::SeatTooWide => "SEAT_TOO_WIDE",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::StaleVersion => "STALE_VERSION",
            Self::BadReference => "BAD_REFERENCE",
            Self::BadPeriod => "BAD_PERIOD",
            Self::FutureDate => "DATE_IN_FUTURE",
            Self::CountyDecides | Self::SeatDecides => "COUNTY_DECIDES",
            Self::AccreditationOverlap => "ACCREDITATION_OVERLAP",
        }
    }

    fn severity(&self) -> Severity {
        Severity::Info
    }

    fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::AlreadyRegistered => (
                "该统一社会信用代码已登记，请使用返回的用人单位。",
                "This credit code is registered already; use the employer returned.",
            ),
            Self::BadName => (
                "单位名称须为 1 到 200 个字符，且不含控制字符、乱码（\u{FFFD}）、身份证号码、手机号码或银行账号。",
                "A name has 1 to 200 characters, no control characters, no \u{FFFD} and no number of a person.",
            ),
            Self::SeatTooWide => (
                "单位所在地须精确到县（区）或更低一级。",
                "Give the seat as a county or a division within one.",
            ),
            Self::UnknownRegion => (
                "没有现行有效的该行政区划，请核对代码。",
                "There is no such division in force; check its code.",
            ),
            Self::CountyDecides => (
                "单位自行登记时，类型和所在地须与信用代码（及其区划变更后的现行区划）一致；如有不同，请由所在县更正。",
                "Kind and seat follow from the code (its division, or what took its place) when an \
                 employer enters itself; ask the county to correct them.",
            ),
            Self::SeatDecides => (
                "该单位（或其新所在地）不在您的辖区，由所在县（区）办理；跨县迁移请联系省级管理员。",
                "The employer, or its new seat, lies outside your region. Ask the county of its seat; \
                 between counties the province moves it.",
            ),
            Self::StaleVersion => (
                "该单位已被他人修改，请核对返回的当前记录后重试。",
                "Somebody changed this employer; look at the record returned and try again.",
            ),
            Self::BadReference => (
                "证书或文件编号须为 1 到 100 个字符。",
                "The certificate number has 1 to 100 characters.",
            ),
            Self::BadPeriod => (
                "截止日期早于起始日期。",
                "The last day lies before the first day.",
            ),
            Self::FutureDate => (
                "起始日期不能晚于今天。",
                "The first day cannot lie in the future.",
            ),
            Self::AccreditationOverlap => (
                "与同类认定的有效期重叠，请先更正原认定的截止日期。",
                "Another accreditation of this kind covers some of these days; end that one first.",
            ),
        };
        Text::new(zh, en)
    }
}

/// Why one line of a bulk submission was not taken. Kept with the answer of an idempotent request,
/// so it holds codes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LineRejection {
    /// A value is not of its type.
    Misread(Misread),
    /// The credit code is not well formed, with the code of the reason.
    CreditCode(String),
    /// Nobody has registered this employer.
    UnknownEmployer,
    /// The employer is seated outside the agency's region.
    OutsideRegion,
    /// The first day lies in the future.
    FutureDate,
    /// The legal representative's resident id is not valid, with the code of the reason.
    ResidentId(String),
}

impl LineRejection {
    /// The path, below the line, of the input field that caused it.
    #[must_use]
    pub fn field(&self) -> Vec<String> {
        let field = match self {
            Self::Misread(misread) => return misread.field.clone(),
            Self::CreditCode(_) | Self::UnknownEmployer | Self::OutsideRegion => "creditCode",
            Self::FutureDate => "since",
            Self::ResidentId(_) => "legalRepresentativeResidentId",
        };
        vec![field.to_owned()]
    }

    /// Stable SCREAMING_CASE code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Misread(misread) => misread.reason.as_str(),
            Self::CreditCode(code) | Self::ResidentId(code) => code,
            Self::UnknownEmployer => "UNKNOWN_EMPLOYER",
            Self::OutsideRegion => "OUTSIDE_REGION",
            Self::FutureDate => EmployerRejection::FutureDate.code(),
        }
    }

    /// What the agency reads.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Misread(misread) => misread.reason.text(),
            Self::CreditCode(code) | Self::ResidentId(code) => Unreadable::text_of(code),
            Self::UnknownEmployer => Text::new(
                "该单位未登记，本行未保存。",
                "This employer is not registered; the line was not kept.",
            ),
            Self::OutsideRegion => Text::new(
                "该单位不在您的管辖区域内。",
                "This employer is seated outside your region.",
            ),
            Self::FutureDate => EmployerRejection::FutureDate.text(),
        }
    }
}
