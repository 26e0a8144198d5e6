//! Why a typed value could not be read: one code and one text, wherever the value came in.

use serde::{Deserialize, Serialize};

use super::closed::{Closed as _, closed};
use super::error::{Failure, Text};

closed! {
    /// Why a typed value could not be read.
    Unreadable {
        /// Nothing but blanks where a value is needed.
        Missing = "MISSING",
        /// The resident id's check character does not fit.
        BadCheckDigit = "BAD_CHECK_DIGIT",
        /// The resident id's birth date is no real past day.
        BadBirthDate = "BAD_BIRTH_DATE",
        /// A spreadsheet took the resident id for a number.
        MangledBySpreadsheet = "MANGLED_BY_SPREADSHEET",
        /// The resident id has neither 18 nor 15 characters of the right kind.
        Malformed = "MALFORMED",
        /// Not a phone number.
        BadPhone = "BAD_PHONE",
        /// Not a bank account.
        BadBankAccount = "BAD_BANK_ACCOUNT",
        /// Not a credit code.
        BadCreditCode = "BAD_CREDIT_CODE",
        /// Not an amount.
        BadAmount = "BAD_AMOUNT",
        /// Not a day.
        BadDate = "BAD_DATE",
        /// Not an instant.
        BadDateTime = "BAD_DATE_TIME",
        /// Not a calendar month.
        BadYearMonth = "BAD_YEAR_MONTH",
        /// Not a region code.
        BadRegionCode = "BAD_REGION_CODE",
        /// Not a place in the journal.
        BadPosition = "BAD_POSITION",
        /// Not the id of a record of that type.
        BadRecordId = "BAD_RECORD_ID",
        /// Not of the type that the schema gives it.
        BadValue = "BAD_VALUE",
    }
}

impl Unreadable {
    /// What to do about it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Missing => {
                Text::fixed("请填写此必填项。", "A required value is missing; give it.")
            }
            Self::BadCheckDigit => Text::fixed(
                "身份证号码校验位错误，请核对证件。",
                "The check digit of the resident id is wrong. Compare with the card.",
            ),
            Self::BadBirthDate => Text::fixed(
                "身份证号码中的出生日期无效，请核对证件。",
                "The birth date in the resident id does not exist or lies in the future. Compare with \
                 the card.",
            ),
            Self::MangledBySpreadsheet => Text::fixed(
                "号码已被电子表格改写，请将该列设为文本后重新录入。",
                "A spreadsheet has mangled the number. Format the column as text and enter it again.",
            ),
            Self::Malformed => Text::fixed(
                "身份证号码应为18位（或旧15位），请核对证件。",
                "A resident id has 18 characters, or 15 in its old form. Compare with the card.",
            ),
            Self::BadPhone => Text::fixed(
                "电话号码无效，请填写11位手机号或带区号的固定电话。",
                "This is not a phone number. Give a mobile number of 11 digits, or a landline with its \
                 area code.",
            ),
            Self::BadBankAccount => Text::fixed(
                "银行账号应为12至19位数字，请核对银行卡或存折。",
                "A bank account has 12 to 19 digits. Compare with the card or passbook.",
            ),
            Self::BadCreditCode => Text::fixed(
                "统一社会信用代码应为18位且校验位相符，请核对营业执照。",
                "A credit code has 18 characters with a check character that fits. Compare with the \
                 licence.",
            ),
            Self::BadAmount => Text::fixed(
                "金额无效，请填写以元为单位、最多两位小数的数字。",
                "This is not an amount. Give yuan with at most two decimal places.",
            ),
            Self::BadDate
            | Self::BadDateTime
            | Self::BadYearMonth
            | Self::BadRegionCode
            | Self::BadPosition
            | Self::BadRecordId
            | Self::BadValue => self.text_of_type(),
        }
    }

    /// What to do about a value that is not of the type that the schema gives it.
    const fn text_of_type(self) -> Text {
        match self {
            Self::BadDate => Text::fixed(
                "日期应写作 YYYY-MM-DD，年份在 1900 至 2200 之间。",
                "A date is written YYYY-MM-DD, its year from 1900 to 2200.",
            ),
            Self::BadDateTime => Text::fixed(
                "时间应按 RFC 3339 书写，如 2026-11-30T08:00:00Z。",
                "An instant is written as in RFC 3339, such as 2026-11-30T08:00:00Z.",
            ),
            Self::BadYearMonth => {
                Text::fixed("月份应写作 YYYY-MM。", "A month is written YYYY-MM.")
            }
            Self::BadRegionCode => {
                Text::fixed("行政区划代码应为12位数字。", "A region code has 12 digits.")
            }
            Self::BadPosition => Text::fixed(
                "日志位置应为从 1 起的整数。",
                "A place in the journal is a whole number from 1 upwards.",
            ),
            Self::BadRecordId => Text::fixed(
                "该标识不是此类记录的标识，请使用本系统返回的 id。",
                "This is not the id of such a record; use the ids that this exchange returns.",
            ),
            _ => Text::fixed(
                "该值不符合接口定义的类型，请对照接口文档检查。",
                "The value does not fit its type. Check it against the schema.",
            ),
        }
    }

    /// The text of a code that was kept without its value.
    #[must_use]
    pub fn text_of(code: &str) -> Text {
        Self::parse(code).map_or_else(
            || {
                Text::fixed(
                    "格式无效，请核对后重新填写。",
                    "The value is not of the expected form. Check it and enter it again.",
                )
            },
            Self::text,
        )
    }
}

/// A value of an input that could not be read, and where in the input it stands. Holds nothing of
/// the value, so that it can be kept with the answer of an idempotent request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misread {
    /// Path of names and places, such as `["able", "since"]`.
    pub field: Vec<String>,
    /// What is wrong.
    pub reason: Unreadable,
}

impl Misread {
    /// Points a reason at one field.
    #[must_use]
    pub fn at(field: &str, reason: Unreadable) -> Self {
        Self {
            field: vec![field.to_owned()],
            reason,
        }
    }
}

impl From<Misread> for Failure {
    fn from(misread: Misread) -> Self {
        Self::BadInput(misread.reason.text())
    }
}
