//! Expected outcomes of a delivery, and of one line of it other than its reception.
//!
//! Those of lines speak about the form of the line and about employers, which are public, and never about
//! the person: a line about somebody registered and one about somebody unknown end alike.

use serde::{Deserialize, Serialize};

use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Rejection, Text};
use crate::kernel::unreadable::{Misread, Unreadable};

/// Why a whole delivery is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryRejection {
    /// The agency's region lies in another province than the exchange.
    AnotherProvince,
}

impl Rejection for DeliveryRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::AnotherProvince => "ANOTHER_PROVINCE",
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::AnotherProvince => Text::new(
                "贵部门所属地区不在本省，本批数据未接收。",
                "Your region lies in another province; nothing of the delivery was taken.",
            ),
        }
    }
}

/// Which employer of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Party {
    /// The one that employs.
    Employer,
    /// The head office that pays.
    Payer,
}

/// Which amount of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Amount {
    /// The contribution base.
    Base,
    /// The employer's share.
    Employer,
    /// The personal share.
    Personal,
}

/// Why one line was not taken. Kept with the answer of an idempotent request, so it holds codes
/// only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LineRejection {
    /// A value is not of its type.
    Misread(Misread),
    /// The resident id is not valid, with the kernel's code of the reason.
    ResidentId(String),
    /// A credit code is not valid, with the kernel's code of the reason.
    CreditCode(Party, String),
    /// A name is blank, too long or holds control characters.
    EmployerName(Party),
    /// Nobody has registered the employer and the line does not name it.
    UnknownEmployer(Party),
    /// The agency does not speak for this insurance.
    NotYourKind,
    /// Not a month, or after this one.
    PeriodMonth,
    /// Not a month, after this one, or before the period.
    PostingMonth,
    /// Missing for a correction, given where nothing is corrected, or not a month from the period
    /// to the posting.
    CorrectedMonth,
    /// Not an amount, out of bounds, or of a sign that does not fit the entry.
    BadAmount(Amount),
    /// A pension in payment is a fact of pension insurance only.
    FactOfOtherKind,
    /// The first day lies in the future.
    FutureDate,
}

impl LineRejection {
    /// The path, below the line, of the input field that caused it.
    #[must_use]
    pub fn field(&self) -> Vec<String> {
        let field = match self {
            Self::Misread(misread) => return misread.field.clone(),
            Self::ResidentId(_) => "residentId",
            Self::CreditCode(Party::Employer, _) | Self::UnknownEmployer(Party::Employer) => {
                "employerCreditCode"
            }
            Self::CreditCode(Party::Payer, _) | Self::UnknownEmployer(Party::Payer) => {
                "payerCreditCode"
            }
            Self::EmployerName(Party::Employer) => "employerName",
            Self::EmployerName(Party::Payer) => "payerName",
            Self::NotYourKind => "kind",
            Self::PeriodMonth => "periodMonth",
            Self::PostingMonth => "postingMonth",
            Self::CorrectedMonth => "correctsPostingMonth",
            Self::BadAmount(Amount::Base) => "base",
            Self::BadAmount(Amount::Employer) => "employerAmount",
            Self::BadAmount(Amount::Personal) => "personalAmount",
            Self::FactOfOtherKind => "fact",
            Self::FutureDate => "since",
        };
        vec![field.to_owned()]
    }

    /// Stable SCREAMING_CASE code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Misread(misread) => misread.reason.as_str(),
            Self::ResidentId(code) | Self::CreditCode(_, code) => code,
            Self::EmployerName(_) => "BAD_NAME",
            Self::UnknownEmployer(_) => "UNKNOWN_EMPLOYER",
            Self::NotYourKind => "NOT_YOUR_KIND",
            Self::PeriodMonth | Self::PostingMonth | Self::CorrectedMonth => "BAD_MONTH",
            Self::BadAmount(_) => "BAD_AMOUNT",
            Self::FactOfOtherKind => "FACT_OF_OTHER_KIND",
            Self::FutureDate => "DATE_IN_FUTURE",
        }
    }

    /// What the agency reads.
    #[must_use]
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Misread(misread) => return misread.reason.text(),
            Self::ResidentId(code) | Self::CreditCode(_, code) => return Unreadable::text_of(code),
            Self::EmployerName(_) => (
                "单位名称须为 1 到 200 个字符，且不含控制字符或乱码（\u{FFFD}）。",
                "A name has 1 to 200 characters, no control characters and no \u{FFFD}.",
            ),
            Self::UnknownEmployer(_) => (
                "该单位未登记，请同时提供单位名称。",
                "Nobody has registered this employer; give its name as well.",
            ),
            Self::NotYourKind => (
                "该险种不由贵部门报送。",
                "Your agency does not submit this insurance.",
            ),
            Self::PeriodMonth => (
                "费款所属期须为 YYYY-MM，且不晚于本月。",
                "The period is written YYYY-MM and does not lie after this month.",
            ),
            Self::PostingMonth => (
                "入账月份须为 YYYY-MM，不早于费款所属期，且不晚于本月。",
                "The posting month is written YYYY-MM, not before the period and not after this month.",
            ),
            Self::CorrectedMonth => (
                "更正须给出被更正记录的入账月份；正常缴费和补缴不得给出。",
                "A correction gives the posting month of the row it corrects; a payment gives none.",
            ),
            Self::BadAmount(_) => (
                "金额须为两位小数以内的元，绝对值不超过一千万，基数不为负；缴费两项均不为负，退费均不为正，两项合计不为零。",
                "Amounts are yuan with two places, at most ten million, the base not below zero; for \
                 payments no share is below zero, for refunds none above, and the shares never add up \
                 to zero.",
            ),
            Self::FactOfOtherKind => (
                "待遇领取只适用于养老保险。",
                "A pension in payment belongs to pension insurance.",
            ),
            Self::FutureDate => (
                "起始日期不能晚于今天。",
                "The first day cannot lie in the future.",
            ),
        };
        Text::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::error::Locale;

    #[test]
    fn a_resident_id_is_told_what_is_wrong_with_it() {
        for (code, told) in [
            ("MALFORMED", "18"),
            ("BAD_CHECK_DIGIT", "check digit"),
            ("MANGLED_BY_SPREADSHEET", "spreadsheet"),
        ] {
            let text = LineRejection::ResidentId(code.to_owned()).text();
            assert!(text.in_locale(Locale::En).contains(told), "{text:?}");
        }
    }
}
