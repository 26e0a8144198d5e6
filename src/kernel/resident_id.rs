//! Resident identity numbers (GB 11643): the one key under which a person exists once in the
//! province, and the most sensitive value of the exchange.
//!
//! Parsing is lenient about how the number was typed and strict about what it says. The value
//! prints only as a mask and has neither `Display` nor `Serialize`, so that it cannot reach a log
//! or an answer by accident; [`ResidentId::expose`] is the one way out.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};

use super::closed::Closed as _;
use super::text;
use super::unreadable::Unreadable;

/// Weights of the first seventeen digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by the weighted sum modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";
/// A number issued to somebody born earlier is a typing mistake.
const FIRST_BIRTH_YEAR: i32 = 1900;
/// Characters that a mask leaves at the front: the county of first issue.
const MASK_HEAD: usize = 6;
/// Characters that a mask leaves at the end.
const MASK_TAIL: usize = 4;
/// First two digits in GB/T 2260 and the residence permits of Hong Kong, Macao and Taiwan
/// residents (81–83), with 59, which is assigned to no real place and serves the demo province.
const PROVINCES: [u32; 36] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 59, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];
/// Prefectures whose county codes were all replaced: Tongren and Bijie in Guizhou, 2011.
const ABOLISHED_PREFECTURES: [u32; 2] = [5222, 5224];
/// Counties abolished one by one; Luoyang's Jili and Yanshi, 2021.
const ABOLISHED_COUNTIES: [u32; 2] = [410_306, 410_381];

/// Which counties exist, as far as the caller's region table reaches.
///
/// A number keeps the county of its first issue for life, so an unknown one is a note, never a
/// refusal. Closures `Fn(u32) -> Option<bool>` are tables.
pub trait DivisionTable {
    /// Whether a six-digit county code is in force; `None` when the table does not cover the
    /// province, and then a built-in list of provinces and abolished counties decides.
    fn knows_county(&self, county: u32) -> Option<bool>;
}

impl<F: Fn(u32) -> Option<bool>> DivisionTable for F {
    fn knows_county(&self, county: u32) -> Option<bool> {
        self(county)
    }
}

/// What is worth telling about a number that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResidentIdNote {
    /// It came in the form of fifteen digits that ended in 2013.
    ConvertedFrom15Digits,
    /// Its county is abolished or was never assigned.
    UnknownIdPrefix,
}

impl ResidentIdNote {
    /// Stable code for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ConvertedFrom15Digits => "CONVERTED_FROM_15_DIGITS",
            Self::UnknownIdPrefix => "UNKNOWN_ID_PREFIX",
        }
    }
}

/// Why a number was refused. Never holds any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ResidentIdError {
    /// Nothing but blanks.
    #[error("the resident id is missing")]
    Missing,
    /// The check character does not fit: some digit is wrong.
    #[error("the resident id's check character does not fit")]
    BadCheckDigit,
    /// The birth date is no real day, in the future, or before 1900.
    #[error("the resident id's birth date is not a real past day")]
    BadBirthDate,
    /// A spreadsheet took it for a number and lost digits, e.g. `5.9010119E+17`.
    #[error("a spreadsheet turned the resident id into a number and lost its last digits")]
    MangledBySpreadsheet,
    /// Neither eighteen nor fifteen characters of the right kind.
    #[error("a resident id has 17 digits and a check character, or 15 digits")]
    Malformed,
}

impl From<ResidentIdError> for Unreadable {
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

impl ResidentIdError {
    /// Stable code for reports and user errors.
    #[must_use]
    pub fn code(self) -> &'static str {
        Unreadable::from(self).as_str()
    }
}

/// A number whose check character fits and whose birth date is real.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId {
    /// Eighteen ASCII characters, `X` in upper case.
    number: String,
    birth: NaiveDate,
}

/// What [`ResidentId::parse`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedResidentId {
    /// The number in its eighteen-character form.
    pub id: ResidentId,
    /// What the reader should know, in the order of [`ResidentIdNote`].
    pub notes: Vec<ResidentIdNote>,
}

impl ResidentId {
    /// Reads a number as typed: spaces dropped, full-width characters narrowed, `x` raised, fifteen
    /// digits converted. `today` is the Beijing day up to which a birth date may lie.
    ///
    /// The check character is tested before the birth date, because one wrong digit usually breaks
    /// both and the typing mistake is the cause.
    ///
    /// # Errors
    /// [`ResidentIdError`], which never repeats the number.
    pub fn parse(
        raw: &str,
        today: NaiveDate,
        divisions: &dyn DivisionTable,
    ) -> Result<ParsedResidentId, ResidentIdError> {
        let typed = text::compact(raw).to_ascii_uppercase();
        // A cell of type number arrives with a fraction of zero.
        let typed = typed.strip_suffix(".0").unwrap_or(&typed);
        if typed.is_empty() {
            return Err(ResidentIdError::Missing);
        }
        if is_scientific(typed) {
            return Err(ResidentIdError::MangledBySpreadsheet);
        }
        let mut notes = Vec::new();
        let number = match typed.len() {
            15 if is_digits(typed) => {
                notes.push(ResidentIdNote::ConvertedFrom15Digits);
                lengthen(typed)
            }
            _ => typed.to_owned(),
        };
        let id = Self::from_canonical(&number)
            .and_then(|id| {
                if id.birth > today {
                    return Err(ResidentIdError::BadBirthDate);
                }
                Ok(id)
            })
            .map_err(|error| explain(&number, error))?;
        if !is_known(id.division(), divisions) {
            notes.push(ResidentIdNote::UnknownIdPrefix);
        }
        Ok(ParsedResidentId { id, notes })
    }

    /// Reads the eighteen-character form that [`ResidentId::expose`] gave, for values coming back
    /// from storage.
    ///
    /// # Errors
    /// [`ResidentIdError`] when the form, the check character or the birth date is wrong.
    pub fn from_canonical(number: &str) -> Result<Self, ResidentIdError> {
        let bytes = number.as_bytes();
        let well_formed = bytes.len() == 18
            && bytes[0] != b'0'
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !well_formed {
            return Err(ResidentIdError::Malformed);
        }
        if bytes[17] != check_character(&bytes[..17]) {
            return Err(ResidentIdError::BadCheckDigit);
        }
        let birth = NaiveDate::parse_from_str(&number[6..14], "%Y%m%d")
            .ok()
            .filter(|day| day.year() >= FIRST_BIRTH_YEAR)
            .ok_or(ResidentIdError::BadBirthDate)?;
        Ok(Self {
            number: number.to_owned(),
            birth,
        })
    }

    /// Whether a text is a valid resident id of eighteen characters, or holds one apart from other
    /// digits: numbers of other kinds may be as long, and rarely fit its date and check character.
    #[must_use]
    pub fn stands_in(text: &str) -> bool {
        let digit = |c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X');
        text::compact(text)
            .split(|c: char| !digit(c))
            .any(|run| Self::from_canonical(&run.to_ascii_uppercase()).is_ok())
    }

    /// Puts a number together from county, birth date and sequence (1 to 999, odd for men); the
    /// check character is worked out.
    ///
    /// # Errors
    /// [`ResidentIdError`] when a part does not fit its digits or the birth year lies before 1900.
    pub fn assemble(
        division: u32,
        birth: NaiveDate,
        sequence: u32,
    ) -> Result<Self, ResidentIdError> {
        let mut number = format!("{division:06}{}{sequence:03}", birth.format("%Y%m%d"));
        if number.len() != 17 || !is_digits(&number) {
            return Err(ResidentIdError::Malformed);
        }
        number.push(char::from(check_character(number.as_bytes())));
        Self::from_canonical(&number)
    }

    /// The form that may be shown: `590101********3516`.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.number, MASK_HEAD, MASK_TAIL)
    }

    /// The birth date. Personal: beside a mask it gives the number back, so show only
    /// [`ResidentId::birth_year`].
    #[must_use]
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth
    }

    /// The year of birth, which may be shown beside the mask.
    #[must_use]
    pub fn birth_year(&self) -> i32 {
        self.birth.year()
    }

    /// Completed years of age on a day; `None` before birth. A leap day's birthday is 1 March in
    /// other years.
    #[must_use]
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.birth)
    }

    /// The six-digit county of first issue; not where the person lives now.
    #[must_use]
    pub fn division(&self) -> u32 {
        self.number[..6]
            .parse()
            .expect("a parsed number starts with six digits")
    }

    /// The whole number: for encryption, keyed hashing and a purposeful reveal only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// `5.9010119E+17`: what a spreadsheet shows for a number of more than eleven digits.
fn is_scientific(text: &str) -> bool {
    text.split_once('E').is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        let mantissa = mantissa.replacen('.', "", 1);
        let filled = !mantissa.is_empty() && !exponent.is_empty();
        filled && is_digits(&mantissa) && is_digits(exponent)
    })
}

/// The eighteen-character form of fifteen digits: all their holders were born in the 1900s.
fn lengthen(fifteen: &str) -> String {
    let mut number = format!("{}19{}", &fifteen[..6], &fifteen[6..]);
    number.push(char::from(check_character(number.as_bytes())));
    number
}

fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS[usize::try_from(sum % 11).expect("a remainder below eleven")]
}

/// Spreadsheets keep fifteen digits of a number and write zeros for the rest, so a wrong number
/// that ends in three zeros was most likely spoilt there rather than mistyped.
fn explain(number: &str, error: ResidentIdError) -> ResidentIdError {
    if number.len() == 18 && is_digits(number) && number.ends_with("000") {
        ResidentIdError::MangledBySpreadsheet
    } else {
        error
    }
}

fn is_known(county: u32, divisions: &dyn DivisionTable) -> bool {
    divisions.knows_county(county).unwrap_or_else(|| {
        PROVINCES.contains(&(county / 10_000))
            && !ABOLISHED_PREFECTURES.contains(&(county / 100))
            && !ABOLISHED_COUNTIES.contains(&county)
    })
}

#[cfg(test)]
mod tests;
