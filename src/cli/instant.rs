//! Instants and spans of time as people type them.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

use crate::kernel::clock::beijing;

/// Years that the domain clock may be set to: the tables of the field say nothing about others.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// `2026-11-23T09:00:00+08:00`, or a day, which begins at midnight in Beijing.
pub(super) fn parse_instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .or_else(|_| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| {
                day.and_time(NaiveTime::MIN)
                    .and_local_timezone(beijing())
                    .single()
                    .expect("a fixed offset maps each local time once")
                    .to_utc()
            })
        })
        .map_err(|_| "write 2026-11-23T09:00:00+08:00 or 2026-11-23".to_owned())?;
    if YEARS.contains(&instant.year()) {
        Ok(instant)
    } else {
        Err("must lie between the years 2000 and 2100".to_owned())
    }
}

/// `90s`, `30m`, `12h` or `7d`.
pub(super) fn parse_span(text: &str) -> Result<Duration, String> {
    let usage = || "write a whole number and s, m, h or d, such as 12h".to_owned();
    let unit = text.chars().last().ok_or_else(usage)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(usage()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    let number: u64 = number.parse().map_err(|_| usage())?;
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let day = parse_instant("2026-11-23").expect("a day");
        assert_eq!(day.to_rfc3339(), "2026-11-22T16:00:00+00:00");
        assert_eq!(parse_instant("2026-11-23T00:00:00+08:00"), Ok(day));
    }

    #[test]
    fn what_is_no_instant_of_this_era_is_refused() {
        for text in ["", "soon", "2026-02-30", "1999-12-31", "9999-01-01"] {
            assert!(parse_instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_have_a_unit_and_do_not_overflow() {
        assert_eq!(parse_span("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_span("7d"), Ok(Duration::from_secs(7 * 86_400)));
        for text in ["", "h", "-1h", "12", "1.5h", "18446744073709551615d", "1天"] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }
}
