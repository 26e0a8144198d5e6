//! Bank accounts of people and employers: where money is paid, and personal.
//!
//! There is no check digit test: cards follow Luhn, but social-security cards of several banks and
//! passbooks do not, and refusing a true account keeps money from a person.

use std::fmt;

use super::closed::Closed as _;
use super::text;
use super::unreadable::Unreadable;

/// Digits that a mask leaves at the end; nothing is left at the front, which names the bank.
const MASK_TAIL: usize = 4;

/// Why an account number was refused. Never holds any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BankAccountError {
    /// Nothing but blanks.
    #[error("the bank account is missing")]
    Missing,
    /// Not 12 to 19 digits.
    #[error("a bank account has 12 to 19 digits")]
    Malformed,
}

impl From<BankAccountError> for Unreadable {
    fn from(error: BankAccountError) -> Self {
        match error {
            BankAccountError::Missing => Self::Missing,
            BankAccountError::Malformed => Self::BadBankAccount,
        }
    }
}

impl BankAccountError {
    /// Stable code for reports and user errors: `MISSING` or `BAD_BANK_ACCOUNT`.
    #[must_use]
    pub fn code(self) -> &'static str {
        Unreadable::from(self).as_str()
    }
}

/// An account number of 12 to 19 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BankAccount(String);

impl BankAccount {
    /// Reads a number as typed: spaces and hyphens dropped, full-width characters narrowed.
    ///
    /// # Errors
    /// [`BankAccountError`], which never repeats the number.
    pub fn parse(raw: &str) -> Result<Self, BankAccountError> {
        let digits = text::compact(raw).replace('-', "");
        if digits.is_empty() {
            return Err(BankAccountError::Missing);
        }
        if (12..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(BankAccountError::Malformed)
        }
    }

    /// The form that may be shown: stars and the last four digits.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.0, 0, MASK_TAIL)
    }

    /// The whole number: for encryption, keyed hashing and a purposeful reveal only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankAccount({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accounts_are_read_as_they_stand_on_a_card() {
        for typed in [
            "6217000012345678901",
            "6217 0000 1234 5678 901",
            "６２１７000012345678901",
        ] {
            let account = BankAccount::parse(typed).expect("an account");
            assert_eq!(account.expose(), "6217000012345678901");
            assert_eq!(account.masked(), "***************8901");
        }
    }

    #[test]
    fn other_lengths_and_spoilt_numbers_are_refused() {
        for typed in ["62170000123", "62170000123456789012", "6.217E+18", "农行卡"] {
            assert_eq!(BankAccount::parse(typed), Err(BankAccountError::Malformed));
        }
        assert_eq!(BankAccount::parse(" "), Err(BankAccountError::Missing));
        assert_eq!(BankAccountError::Malformed.code(), "BAD_BANK_ACCOUNT");
    }

    proptest! {
        #[test]
        fn masks_hold_the_last_four_digits_and_nothing_else(typed in "[0-9]{12,19}") {
            let account = BankAccount::parse(&typed).expect("an account");
            prop_assert_eq!(account.expose(), &typed);
            let shown: String = account.masked().chars().filter(|c| *c != '*').collect();
            prop_assert_eq!(&shown, &typed[typed.len() - 4..]);
            prop_assert_eq!(account.masked().len(), typed.len());
            prop_assert_eq!(format!("{account:?}"), format!("BankAccount({})", account.masked()));
        }
    }
}
