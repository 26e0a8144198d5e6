//! What can be wrong with a row, and what that means for it.

mod hints;

use super::columns::Column;
use crate::kernel::closed::closed;
use crate::kernel::error::Text;
use crate::kernel::personal::{holds_long_number, holds_personal_number};
use crate::kernel::text::compact;
use crate::kernel::unreadable::Unreadable;

closed! {
    /// What became of a row.
    Verdict {
        /// The person is in the registry, and nothing that the row says was left out.
        Accepted = "accepted",
        /// The person is in; a value stayed out, or something deserves a look.
        AcceptedWithNote = "accepted_with_note",
        /// The person stayed out.
        Rejected = "rejected",
    }
}

closed! {
    /// Defects of a row, by the codes of the report.
    Defect {
        /// A value without which nobody can be registered.
        Missing = "MISSING",
        /// The resident id's check digit does not fit.
        BadCheckDigit = "BAD_CHECK_DIGIT",
        /// The resident id's birth date does not exist or lies in the future.
        BadBirthDate = "BAD_BIRTH_DATE",
        /// A spreadsheet has turned the number into `5.9E+17`.
        MangledBySpreadsheet = "MANGLED_BY_SPREADSHEET",
        /// The resident id has neither 18 nor 15 characters, or others than digits.
        Malformed = "MALFORMED",
        /// An earlier row of the file has this resident id.
        DuplicateInFile = "DUPLICATE_IN_FILE",
        /// Younger than 16.
        UnderWorkingAge = "UNDER_WORKING_AGE",
        /// No such region.
        UnknownRegion = "UNKNOWN_REGION",
        /// No such category.
        UnknownCategory = "UNKNOWN_CATEGORY",
        /// Another row gives the household another category.
        ConflictingCategory = "CONFLICTING_CATEGORY",
        /// A quotation mark opens a cell and closes nowhere.
        UnclosedQuote = "UNCLOSED_QUOTE",
        /// Longer than any row.
        RowTooLong = "ROW_TOO_LONG",
        /// A value behind the last column that the header names: the row may be shifted.
        MoreCells = "MORE_CELLS_THAN_HEADER",
        /// Another county has registered this person.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// Id and name do not belong together, as far as the registry can tell.
        IdentityNotConfirmed = "IDENTITY_NOT_CONFIRMED",
        /// The household's number is somebody's resident id.
        PersonalNumber = "PERSONAL_NUMBER",
        /// The credit code is not valid.
        BadCreditCode = "BAD_CREDIT_CODE",
        /// The employer is known by name only.
        EmployerUnresolved = "EMPLOYER_UNRESOLVED",
        /// Not an amount.
        BadAmount = "BAD_AMOUNT",
        /// Not a date.
        BadDate = "BAD_DATE",
        /// The date lies after today.
        DateInFuture = "DATE_IN_FUTURE",
        /// A row that says of somebody that they work, or for how much, and nothing else of the job.
        JobNotGiven = "JOB_NOT_GIVEN",
        /// A row that gives a job of somebody who is said not to work.
        JobContradicted = "JOB_CONTRADICTED",
        /// The job is on record, and was voided or sent back: the county decides about it.
        LeftToCounty = "LEFT_TO_COUNTY",
        /// The person has another job at the employer that goes on and began on another day.
        OtherFirstDay = "OTHER_FIRST_DAY",
        /// The job is said to begin after the person's death.
        AfterDeath = "AFTER_DEATH",
        /// Not a phone number.
        BadPhone = "BAD_PHONE",
        /// A value that is none of those known for the column.
        UnknownValue = "UNKNOWN_VALUE",
        /// The person or household is in the registry already, with another value.
        DiffersFromRecord = "DIFFERS_FROM_RECORD",
        /// An earlier row gives the household's category another first day.
        DiffersInHousehold = "DIFFERS_IN_HOUSEHOLD",
        /// A new household whose category has no first day in the row: the day of import stands for it.
        DayOfImport = "DAY_OF_IMPORT",
        /// A row that ends before a column that is read.
        FewerCells = "FEWER_CELLS_THAN_HEADER",
        /// A value in a column whose header says nothing.
        WithoutHeader = "VALUE_WITHOUT_HEADER",
        /// A resident id of 15 digits was converted.
        ConvertedFrom15Digits = "CONVERTED_FROM_15_DIGITS",
        /// The division in the resident id is not in the tables in force.
        UnknownIdPrefix = "UNKNOWN_ID_PREFIX",
    }
}

impl Defect {
    /// What the defect means for its row.
    pub(super) const fn verdict(self) -> Verdict {
        match self {
            Self::Missing
            | Self::BadCheckDigit
            | Self::BadBirthDate
            | Self::MangledBySpreadsheet
            | Self::Malformed
            | Self::DuplicateInFile
            | Self::UnderWorkingAge
            | Self::UnknownRegion
            | Self::UnknownCategory
            | Self::ConflictingCategory
            | Self::UnclosedQuote
            | Self::RowTooLong
            | Self::MoreCells
            | Self::AlreadyRegistered
            | Self::IdentityNotConfirmed => Verdict::Rejected,
            Self::BadCreditCode
            | Self::PersonalNumber
            | Self::EmployerUnresolved
            | Self::BadAmount
            | Self::BadDate
            | Self::DateInFuture
            | Self::JobNotGiven
            | Self::JobContradicted
            | Self::LeftToCounty
            | Self::OtherFirstDay
            | Self::AfterDeath
            | Self::BadPhone
            | Self::UnknownValue
            | Self::DiffersFromRecord
            | Self::DiffersInHousehold
            | Self::DayOfImport
            | Self::FewerCells
            | Self::WithoutHeader
            | Self::ConvertedFrom15Digits
            | Self::UnknownIdPrefix => Verdict::AcceptedWithNote,
        }
    }

    /// What to do about it.
    const fn hint(self) -> Text {
        match self {
            Self::Missing => Unreadable::Missing.text(),
            Self::BadCheckDigit => Unreadable::BadCheckDigit.text(),
            Self::BadBirthDate => Unreadable::BadBirthDate.text(),
            Self::MangledBySpreadsheet => Unreadable::MangledBySpreadsheet.text(),
            Self::Malformed => Unreadable::Malformed.text(),
            Self::DuplicateInFile => hints::DUPLICATE_IN_FILE,
            Self::UnderWorkingAge => hints::UNDER_WORKING_AGE,
            Self::UnknownRegion => hints::UNKNOWN_REGION,
            Self::UnknownCategory => hints::UNKNOWN_CATEGORY,
            Self::ConflictingCategory => hints::CONFLICTING_CATEGORY,
            Self::UnclosedQuote => hints::UNCLOSED_QUOTE,
            Self::RowTooLong => hints::ROW_TOO_LONG,
            Self::MoreCells => hints::MORE_CELLS,
            Self::FewerCells => hints::FEWER_CELLS,
            Self::WithoutHeader => hints::WITHOUT_HEADER,
            Self::AlreadyRegistered => hints::ALREADY_REGISTERED,
            Self::IdentityNotConfirmed => hints::IDENTITY_NOT_CONFIRMED,
            Self::BadCreditCode => hints::BAD_CREDIT_CODE,
            Self::PersonalNumber => hints::PERSONAL_NUMBER,
            Self::EmployerUnresolved => hints::EMPLOYER_UNRESOLVED,
            Self::BadAmount => hints::BAD_AMOUNT,
            Self::BadDate => hints::BAD_DATE,
            Self::DateInFuture => hints::DATE_IN_FUTURE,
            Self::JobNotGiven => hints::JOB_NOT_GIVEN,
            Self::JobContradicted => hints::JOB_CONTRADICTED,
            Self::LeftToCounty => hints::LEFT_TO_COUNTY,
            Self::OtherFirstDay => hints::OTHER_FIRST_DAY,
            Self::AfterDeath => hints::AFTER_DEATH,
            Self::BadPhone => hints::BAD_PHONE,
            Self::UnknownValue => hints::UNKNOWN_VALUE,
            Self::DiffersFromRecord => hints::DIFFERS_FROM_RECORD,
            Self::DiffersInHousehold => hints::DIFFERS_IN_HOUSEHOLD,
            Self::DayOfImport => hints::DAY_OF_IMPORT,
            Self::ConvertedFrom15Digits => hints::CONVERTED_FROM_15DIGITS,
            Self::UnknownIdPrefix => hints::UNKNOWN_ID_PREFIX,
        }
    }
}

/// Characters of a cell that a report shows.
const LONGEST: usize = 60;

/// One defect of one row. Its value is masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub column: Column,
    /// What.
    pub defect: Defect,
    /// The value, masked where it is personal.
    pub value: String,
    /// What to do, in both languages.
    pub hint: Text,
}

impl Finding {
    pub(super) fn new(column: Column, defect: Defect, value: &str) -> Self {
        Self {
            column,
            defect,
            value: masked(column, value),
            hint: defect.hint(),
        }
    }

    pub(super) fn hinting(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Text::new(zh.into(), en.into());
        self
    }
}

/// Reports travel by mail and disk: of a personal value they show no more than its ends, also of
/// one that stands in a column it does not belong to.
fn masked(column: Column, value: &str) -> String {
    match column {
        Column::ResidentId | Column::Phone | Column::Name => ends(value),
        _ if holds_somebodys_number(column, value) => {
            let number = compact(value);
            if number
                .chars()
                .all(|c| matches!(c, '0'..='9' | 'X' | 'x' | '-'))
            {
                return ends(&number);
            }
            // Whatever else is in the cell may be personal too, such as a name.
            let hidden = value
                .chars()
                .map(|c| if c.is_whitespace() { c } else { '*' });
            hidden.take(LONGEST).collect()
        }
        _ => value.chars().take(LONGEST).collect(),
    }
}

/// Whether a cell holds what looks like a number of a person. Codes of regions are long as well.
fn holds_somebodys_number(column: Column, value: &str) -> bool {
    let of_region = matches!(
        column,
        Column::OriginRegionCode | Column::WorkplaceRegionCode
    );
    holds_personal_number(value) || (!of_region && holds_long_number(value))
}

/// What is shown of a header, on a terminal too: it may be anything that somebody has typed.
pub(super) fn shown(header: &str) -> String {
    let plain: String = header
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    masked(Column::Unnamed, plain.trim())
}

fn ends(value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    let (head, tail) = match characters.len() {
        0..=2 => (0, 0),
        3..=7 => (1, 0),
        8..=11 => (3, 2),
        _ => (6, 4),
    };
    let kept = characters.len() - tail;
    characters
        .iter()
        .enumerate()
        .map(|(at, c)| if at < head || at >= kept { *c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_person_is_masked_in_whatever_column_it_stands() {
        for (column, value, expected) in [
            (
                Column::Education,
                "590222198201051665",
                "590222********1665",
            ),
            (Column::Category, "１３９３０６２８９１７", "139******17"),
            (Column::JobStart, "139 3062 8917", "139******17"),
            (Column::OriginRegionCode, "13930628917", "139******17"),
            (
                Column::EmployerCreditCode,
                "590222198201051665",
                "590222********1665",
            ),
            (
                Column::OriginAddress,
                "王小明 13930628917",
                "*** ***********",
            ),
            (Column::MonthlyWageYuan, "99999999999", "999******99"),
            // What is nobody's stays readable.
            (Column::OriginRegionCode, "590222101999", "590222101999"),
            (Column::WorkplaceRegionCode, "590101999000", "590101999000"),
            (
                Column::EmployerCreditCode,
                "91590101MA9K2T3HX1",
                "91590101MA9K2T3HX1",
            ),
            (Column::JobStart, "2026-13-01", "2026-13-01"),
        ] {
            assert_eq!(Finding::new(column, Defect::BadDate, value).value, expected);
        }
    }

    #[test]
    fn reports_show_no_more_than_the_ends_of_a_personal_value() {
        for (column, value, expected) in [
            (
                Column::ResidentId,
                "590222199305203880",
                "590222********3880",
            ),
            (Column::ResidentId, "590222721013164", "590222*****3164"),
            (Column::Phone, "1380013", "1******"),
            (Column::Name, "王小明", "王**"),
            (Column::Category, "一般农户?", "一般农户?"),
            (Column::OriginRegionCode, "590222101209", "590222101209"),
            (
                Column::OriginRegionCode,
                "590222199305203880",
                "590222********3880",
            ),
        ] {
            assert_eq!(Finding::new(column, Defect::Missing, value).value, expected);
        }
    }
}
