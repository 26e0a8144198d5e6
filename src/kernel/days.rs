//! Which days can be meant: a slip of the keyboard or of a spreadsheet gives years that nobody in the
//! registry has worked in, or will.

use chrono::{Datelike as _, Months, NaiveDate};

/// The years of any day that somebody writes. Beyond them engines and spreadsheets count differently,
/// and years of more than four digits do not sort as text.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Reads a day of [`YEARS`] written as `2026-11-23`, exactly so.
#[must_use]
pub fn parse(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (YEARS.contains(&day.year()) && day.to_string() == text).then_some(day)
}

/// No fact about anybody in the registry is older.
pub const FIRST_YEAR: i32 = 1930;

/// Whether a day lies before anything the registry is about.
#[must_use]
pub fn is_too_early(day: NaiveDate) -> bool {
    day.year() < FIRST_YEAR
}

/// Whether a day lies more than so many years after today.
#[must_use]
pub fn is_beyond(day: NaiveDate, today: NaiveDate, years: u32) -> bool {
    today
        .checked_add_months(Months::new(12 * years))
        .is_some_and(|last| day > last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_day_is_written_in_one_way_and_of_an_age_that_all_engines_know() {
        for text in ["1900-01-01", "2026-11-23", "2200-12-31"] {
            assert_eq!(parse(text), Some(day(text)));
        }
        for text in [
            "1899-12-31",
            "2201-01-01",
            "2026-1-5",
            "2026-02-29",
            "+2026-1-05",
            "+12026-01-05",
            " 2026-01-5",
            "",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_of_this_age() {
        assert!(is_too_early(day("1929-12-31")));
        assert!(!is_too_early(day("1930-01-01")));
        let today = day("2024-02-29");
        assert!(!is_beyond(day("2029-02-28"), today, 5));
        assert!(is_beyond(day("2029-03-01"), today, 5));
        assert!(!is_beyond(today, today, 0));
        assert!(is_beyond(NaiveDate::MAX, today, 50));
    }
}
