//! Why a typed value could not be read: one code and one text, wherever the value came in.

mod texts;

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
            Self::Missing => texts::MISSING,
            Self::BadCheckDigit => texts::BAD_CHECK_DIGIT,
            Self::BadBirthDate => texts::BAD_BIRTH_DATE,
            Self::MangledBySpreadsheet => texts::MANGLED_BY_SPREADSHEET,
            Self::Malformed => texts::MALFORMED,
            Self::BadPhone => texts::BAD_PHONE,
            Self::BadBankAccount => texts::BAD_BANK_ACCOUNT,
            Self::BadCreditCode => texts::BAD_CREDIT_CODE,
            Self::BadAmount => texts::BAD_AMOUNT,
            Self::BadDate => texts::BAD_DATE,
            Self::BadDateTime => texts::BAD_DATE_TIME,
            Self::BadYearMonth => texts::BAD_YEAR_MONTH,
            Self::BadRegionCode => texts::BAD_REGION_CODE,
            Self::BadPosition => texts::BAD_POSITION,
            Self::BadRecordId => texts::BAD_RECORD_ID,
            Self::BadValue => texts::BAD_VALUE,
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
