//! Text as counties really type it: full-width digits, stray spaces, five ways to write a date.
//!
//! Every identifier and every imported cell passes here first, so that leniency has one home.

use chrono::{NaiveDate, TimeDelta};

use super::days::YEARS;
use super::error::{Failure, Text};

/// Distance between a full-width form (U+FF01–U+FF5E) and its ASCII character.
const FULL_WIDTH_OFFSET: u32 = 0xFEE0;

/// Spreadsheet serials read as dates: 1927-05-18 to 2099-12-31. They have five digits, so that a
/// lone year is no date.
const SERIALS: std::ops::RangeInclusive<i64> = 10_000..=73_050;

/// Full-width characters narrowed, invisible characters (byte order mark, zero-width) dropped,
/// every Unicode space made a plain one and trimmed at both ends.
#[must_use]
pub fn narrow(text: &str) -> String {
    let narrowed: String = text.chars().filter_map(plain_char).collect();
    narrowed.trim().to_owned()
}

/// [`narrow`] of a text that has 1 to `most` characters then, none of them [`foreign`]. `None` for any
/// other text.
#[must_use]
pub fn bounded(text: &str, most: usize) -> Option<String> {
    let narrowed = narrow(text);
    let fits = (1..=most).contains(&narrowed.chars().count());
    (fits && !narrowed.chars().any(foreign)).then_some(narrowed)
}

/// A character that stands in nobody's text: a control character, of which PostgreSQL does not store
/// U+0000 and nobody types the others, and U+FFFD, in whose place another one stood until it was decoded
/// by a wrong or damaged encoding.
#[must_use]
pub fn foreign(c: char) -> bool {
    c.is_control() || c == char::REPLACEMENT_CHARACTER
}

/// [`bounded`], of a text by which somebody searches.
///
/// # Errors
/// [`Failure::BadInput`] that names the argument: PostgreSQL would fail with U+0000 as if the exchange
/// had.
pub fn searched(text: &str, most: usize, argument: &str) -> Result<String, Failure> {
    bounded(text, most).ok_or_else(|| {
        Failure::BadInput(Text::new(
            format!("{argument} 须为 1 到 {most} 个字符，且不含控制字符或乱码（\u{FFFD}）。"),
            format!(
                "{argument} must have 1 to {most} characters, no control characters and no \u{FFFD}."
            ),
        ))
    })
}

/// [`narrow`] without any inner space, and without the apostrophe by which a spreadsheet keeps a
/// number as text: the form in which identifiers are read.
#[must_use]
pub fn compact(text: &str) -> String {
    let dense: String = text
        .chars()
        .filter_map(plain_char)
        .filter(|c| *c != ' ')
        .collect();
    dense
        .strip_prefix('\'')
        .map_or(dense.clone(), str::to_owned)
}

/// Whether two ways of writing a name mean one: spaces and full-width forms do not count.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    compact(one) == compact(other)
}

/// Stars for everything but the ends of an identifier of ASCII characters, which must be longer
/// than both ends together.
pub(super) fn mask(identifier: &str, head: usize, tail: usize) -> String {
    let end = identifier.len() - tail;
    let stars = "*".repeat(end - head);
    format!("{}{stars}{}", &identifier[..head], &identifier[end..])
}

/// A character as it counts: full-width ones narrowed, every space a plain one; `None` for those
/// that nobody sees.
pub(super) fn plain_char(c: char) -> Option<char> {
    match c {
        '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{AD}' => {
            None
        }
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - FULL_WIDTH_OFFSET),
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

/// Reads a day written as `2025-3-1`, `2025/03/01`, `2025.3.1`, `2025年3月1日`, `20250301`, with
/// or without a time of day behind it, or as a spreadsheet serial such as `45717`. `None` when it
/// is none of these or no real day; years lie in [`YEARS`].
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = narrow(text);
    let all_digits = text.bytes().all(|b| b.is_ascii_digit());
    if all_digits && text.len() == 8 {
        return day(&text[..4], &text[4..6], &text[6..]);
    }
    let whole = text.strip_suffix(".0").unwrap_or(&text);
    if whole.len() == 5 && whole.bytes().all(|b| b.is_ascii_digit()) {
        return from_serial(whole.parse().ok()?);
    }
    if let Some((year, rest)) = compact(&text).split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        return day(year, month, rest.split_once(['日', '号'])?.0);
    }
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut parts = date.split(separator);
    let (year, month, of_month) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    day(year, month, of_month)
}

fn day(year: &str, month: &str, of_month: &str) -> Option<NaiveDate> {
    let digits = |s: &str, lengths: std::ops::RangeInclusive<usize>| {
        (lengths.contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit()))
            .then(|| s.parse::<u32>().ok())
            .flatten()
    };
    let year = i32::try_from(digits(year, 4..=4)?).ok()?;
    if !YEARS.contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, digits(month, 1..=2)?, digits(of_month, 1..=2)?)
}

/// Spreadsheets believe in a 1900-02-29; for every later day the count runs from 1899-12-30.
fn from_serial(serial: i64) -> Option<NaiveDate> {
    if !SERIALS.contains(&serial) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(TimeDelta::days(serial))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn full_width_text_and_invisible_characters_are_made_plain() {
        assert_eq!(narrow("\u{FEFF}　５９０１Ｘ（甲） "), "5901X(甲)");
        assert_eq!(narrow("\u{a0}王 伟\t"), "王 伟");
        assert_eq!(
            compact(" 5901 01\u{3000}1975\u{200B}0612 "),
            "59010119750612"
        );
        assert_eq!(compact("'590101"), "590101");
        assert_eq!(compact(" \u{a0}\u{3000}"), "");
    }

    #[test]
    fn a_bounded_text_is_neither_blank_nor_long_nor_holds_control_characters() {
        assert_eq!(bounded(" 王\t伟 ", 3).as_deref(), Some("王 伟"));
        for bad in [
            "",
            " \u{3000}",
            "一二三四",
            "王\0伟",
            "王\u{7}",
            "\u{FFFD}伟",
        ] {
            assert_eq!(bounded(bad, 3), None, "{bad:?}");
        }
    }

    #[test]
    fn one_day_is_read_from_every_way_it_is_written() {
        let expected = NaiveDate::from_ymd_opt(2025, 3, 1);
        for text in [
            "2025-3-1",
            "2025-03-01",
            "2025/03/01",
            "2025/3/1",
            "2025.3.1",
            "2025年3月1日",
            "2025年03月01日",
            "2025 年3月 1日",
            "2025年3月1日 8:00",
            "２０２５－３－１",
            "20250301",
            "45717",
            "45717.0",
            " 2025-03-01 00:00:00 ",
            "2025-03-01T08:00:00",
        ] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_real_day_is_no_date() {
        for text in [
            "",
            "2025",
            "2025-2-29",
            "2025-13-01",
            "2025-3",
            "2025-3/1",
            "2025年3月",
            "去年",
            "1-3-2025",
            "25-3-1",
            "2025-003-01",
            "0",
            "09999",
            "73051",
            "99999",
            "20251301",
            "3025-01-01",
            "2201-01-01",
            "+12026-01-01",
            "2025-3-1-1",
            "2025--1",
            "2025-+3-1",
            "-5",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_day_survives_each_way_of_writing_it(serial in SERIALS) {
            let day = from_serial(serial).expect("within the range of serials");
            for pattern in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y%m%d"] {
                prop_assert_eq!(parse_date(&day.format(pattern).to_string()), Some(day));
            }
            prop_assert_eq!(parse_date(&serial.to_string()), Some(day));
        }

        #[test]
        fn no_text_panics_and_narrowing_twice_changes_nothing(text in any::<String>()) {
            let _ = parse_date(&text);
            let once = narrow(&text);
            prop_assert_eq!(narrow(&once), once);
        }
    }
}
