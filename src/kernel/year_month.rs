//! A calendar month: insurance periods, bulletins, wage months.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Months of a year.
const MONTHS: i32 = 12;
/// Years that a month may lie in, so that its number has six digits.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Why a month was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum YearMonthError {
    /// Not written as `2025-03`.
    #[error("a month is written as 2025-03")]
    Malformed,
    /// No month of the years 1900 to 2999.
    #[error("a month lies in the years 1900 to 2999 and has a number from 1 to 12")]
    OutOfRange,
}

/// A month of the years 1900 to 2999; stored as the number `202503`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: i32,
    month: u32,
}

impl YearMonth {
    /// A month by its numbers.
    ///
    /// # Errors
    /// [`YearMonthError::OutOfRange`].
    pub fn new(year: i32, month: u32) -> Result<Self, YearMonthError> {
        if YEARS.contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(YearMonthError::OutOfRange)
        }
    }

    /// Reads `2025-03`, exactly so.
    ///
    /// # Errors
    /// [`YearMonthError`].
    pub fn parse(text: &str) -> Result<Self, YearMonthError> {
        let (year, month) = text.split_once('-').ok_or(YearMonthError::Malformed)?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(YearMonthError::Malformed);
        }
        let year = year.parse().map_err(|_| YearMonthError::Malformed)?;
        let month = month.parse().map_err(|_| YearMonthError::Malformed)?;
        Self::new(year, month)
    }

    /// Reads the stored number `202503`.
    ///
    /// # Errors
    /// [`YearMonthError::OutOfRange`].
    pub fn from_i32(number: i32) -> Result<Self, YearMonthError> {
        let month = u32::try_from(number % 100).map_err(|_| YearMonthError::OutOfRange)?;
        Self::new(number / 100, month)
    }

    /// The month that a day lies in; `None` outside the years 1900 to 2999.
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<Self> {
        Self::new(day.year(), day.month()).ok()
    }

    /// The stored number: year × 100 + month, e.g. `202503`.
    #[must_use]
    pub fn as_i32(self) -> i32 {
        self.year * 100 + i32::try_from(self.month).expect("a month is at most 12")
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.month
    }

    /// The month that many later, or earlier when negative; `None` outside the range.
    #[must_use]
    pub fn plus(self, months: i32) -> Option<Self> {
        let ordinal = self.ordinal().checked_add(months)?;
        let month = u32::try_from(ordinal.rem_euclid(MONTHS)).expect("a remainder of twelve");
        Self::new(ordinal.div_euclid(MONTHS), month + 1).ok()
    }

    /// The month after; `None` after December 2999.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.plus(1)
    }

    /// The month before; `None` before January 1900.
    #[must_use]
    pub fn prev(self) -> Option<Self> {
        self.plus(-1)
    }

    /// Months from this one to the other: 0 for the same month, negative when it is earlier.
    #[must_use]
    pub fn months_between(self, other: Self) -> i32 {
        other.ordinal() - self.ordinal()
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).expect("every month has a first day")
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let (year, month) = if self.month == 12 {
            (self.year + 1, 1)
        } else {
            (self.year, self.month + 1)
        };
        NaiveDate::from_ymd_opt(year, month, 1)
            .and_then(|first| first.checked_sub_days(Days::new(1)))
            .expect("the day before the first of a month exists")
    }

    /// Months since year 0.
    fn ordinal(self) -> i32 {
        self.year * MONTHS + i32::try_from(self.month).expect("a month is at most 12") - 1
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for YearMonth {
    type Err = YearMonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for YearMonth {
    type Error = YearMonthError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<YearMonth> for String {
    fn from(month: YearMonth) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> YearMonth {
        YearMonth::parse(text).expect("a well-formed month")
    }

    #[test]
    fn one_month_has_one_spelling_and_one_number() {
        assert_eq!(month("2025-03").as_i32(), 202_503);
        assert_eq!(YearMonth::from_i32(202_503), Ok(month("2025-03")));
        for text in [
            "2025-3",
            "202503",
            "2025-03-01",
            "25-03",
            "2025-+3",
            "２０２５-03",
            "",
        ] {
            assert_eq!(
                YearMonth::parse(text),
                Err(YearMonthError::Malformed),
                "{text}"
            );
        }
        for text in ["2025-00", "2025-13", "1899-12", "3000-01"] {
            assert_eq!(
                YearMonth::parse(text),
                Err(YearMonthError::OutOfRange),
                "{text}"
            );
        }
        for number in [202_500, 202_513, -202_503, 25, i32::MIN] {
            assert_eq!(YearMonth::from_i32(number), Err(YearMonthError::OutOfRange));
        }
    }

    #[test]
    fn months_roll_over_the_year_and_stop_at_the_bounds() {
        assert_eq!(month("2025-12").next(), Some(month("2026-01")));
        assert_eq!(month("2025-01").prev(), Some(month("2024-12")));
        assert_eq!(month("2025-03").plus(36), Some(month("2028-03")));
        assert_eq!(month("2999-12").next(), None);
        assert_eq!(month("1900-01").prev(), None);
        assert_eq!(month("2025-03").plus(i32::MAX), None);
    }

    #[test]
    fn last_days_follow_the_leap_years() {
        for (text, last) in [
            ("2024-02", "2024-02-29"),
            ("2026-02", "2026-02-28"),
            ("2025-12", "2025-12-31"),
            ("2025-04", "2025-04-30"),
        ] {
            assert_eq!(month(text).last_day().to_string(), last);
            assert_eq!(month(text).first_day().to_string(), format!("{text}-01"));
            assert_eq!(YearMonth::of(month(text).last_day()), Some(month(text)));
        }
    }

    proptest! {
        #[test]
        fn going_and_coming_back_is_the_same_month(
            year in 1950_i32..2900, number in 1_u32..=12, months in -500_i32..500,
        ) {
            let start = YearMonth::new(year, number).expect("in range");
            let end = start.plus(months).expect("in range");
            prop_assert_eq!(start.months_between(end), months);
            prop_assert_eq!(end.plus(-months), Some(start));
            prop_assert_eq!(start < end, months > 0);
            prop_assert_eq!(start.as_i32() < end.as_i32(), months > 0);
            prop_assert_eq!(YearMonth::parse(&start.to_string()), Ok(start));
        }
    }
}
