//! Finds what looks like a person's number in text that will be kept: addresses, log lines, the
//! reasons that the journal holds.
//!
//! URLs end up in histories, proxies and access logs, and a journal entry cannot be taken back, so
//! text with a resident id, a mobile number or a bank account is refused there. Forms only: no
//! check digits, so that a mistyped id is caught as well. Twelve digits stay allowed: they are
//! region codes. Blanks and invisible characters between digits do not hide a number, because the
//! parsers of these values drop them too.

use super::text::{self, plain_char};

/// A run of this many digits in a caller's own words is a number of a person: mobile numbers have
/// eleven, accounts twelve and more.
const PERSONAL_DIGITS: usize = 11;

/// Why a text was refused. Never holds any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FreeTextError {
    /// Too short, too long, or with control characters other than line breaks.
    #[error("the text is too short, too long, or holds control characters")]
    Length,
    /// It names somebody's number.
    #[error("the text holds what looks like a number of a person")]
    PersonalNumber,
}

/// A text in a caller's own words: full-width forms narrowed, trimmed, of `length` characters, and
/// without anything that looks like a number of a person. Region codes and credit codes of digits
/// only are refused with them: records are named by their ids.
///
/// # Errors
/// [`FreeTextError`], which never repeats the text.
pub fn free_text(
    raw: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<String, FreeTextError> {
    // Line by line: narrowing makes every kind of blank a plain one, and evidence has paragraphs.
    let lines: Vec<String> = raw.trim().lines().map(text::narrow).collect();
    let text = lines.join("\n");
    let foreign = |c: char| text::foreign(c) && c != '\n';
    if !length.contains(&text.chars().count()) || text.contains(foreign) {
        return Err(FreeTextError::Length);
    }
    if holds_personal_number(&text) || holds_long_number(&text) {
        return Err(FreeTextError::PersonalNumber);
    }
    Ok(text)
}

/// Whether the text holds a run of digits as long as a number of a person, whatever its form.
#[must_use]
pub fn holds_long_number(text: &str) -> bool {
    runs(text)
        .iter()
        .any(|run| run.digits.len() >= PERSONAL_DIGITS)
}

/// Longest run that is still a number of a person: 19 digits, the longest bank card.
const LONGEST_CARD: usize = 19;
/// Digit groups as people write them with hyphens: a card in fours, an id 6-8-4. Free groups would
/// find numbers in dates and UUIDs.
const GROUPED: [&[usize]; 5] = [
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[6, 8, 4],
];
/// The same of a mobile number.
const GROUPED_MOBILE: [&[usize]; 4] = [&[3, 4, 4], &[3, 8], &[7, 4], &[3, 3, 5]];

/// Whether the text holds digits with the form of a resident id (15 or 18 characters), a mainland
/// mobile number (11, with or without 86) or a bank account (16 to 19): in one run, with blanks
/// anywhere, or in the usual groups with hyphens. Full-width digits and the escapes of JSON and
/// GraphQL strings are read.
#[must_use]
pub fn holds_personal_number(text: &str) -> bool {
    let runs = runs(text);
    (0..runs.len()).any(|first| starts_a_number(&runs[first..]))
}

/// Between two runs of digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing but blanks.
    Blank,
    /// A hyphen, with blanks or without.
    Hyphen,
    /// Anything else.
    Text,
}

struct Run {
    digits: String,
    /// What separates it from the run before.
    gap: Gap,
}

fn starts_a_number(runs: &[Run]) -> bool {
    let mut digits = String::new();
    let mut lengths = Vec::new();
    let mut blanks_only = true;
    for (index, run) in runs.iter().enumerate() {
        if index > 0 {
            match run.gap {
                Gap::Text => return false,
                Gap::Hyphen => blanks_only = false,
                Gap::Blank => {}
            }
        }
        digits.push_str(&run.digits);
        lengths.push(run.digits.len());
        if digits.len() > LONGEST_CARD {
            return false;
        }
        let grouped = |forms: &[&[usize]]| forms.contains(&lengths.as_slice());
        if (blanks_only && is_personal(&digits))
            || grouped(&GROUPED)
            || (grouped(&GROUPED_MOBILE) && is_mobile(&digits))
        {
            return true;
        }
    }
    false
}

fn is_personal(digits: &str) -> bool {
    match digits.len() {
        11 => is_mobile(digits),
        13 => digits.strip_prefix("86").is_some_and(is_mobile),
        // An id of 18 whose last character is an X has 17 digits.
        length => (15..=LONGEST_CARD).contains(&length),
    }
}

fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut gap = Some(Gap::Text);
    for c in Unescaped(text).filter_map(plain_char) {
        match (c, gap, runs.last_mut()) {
            ('0'..='9', None, Some(run)) => run.digits.push(c),
            ('0'..='9', _, _) => runs.push(Run {
                digits: c.to_string(),
                gap: gap.take().unwrap_or(Gap::Text),
            }),
            (' ', None, _) => gap = Some(Gap::Blank),
            (' ', Some(_), _) => {}
            ('-' | '\u{2010}'..='\u{2015}', None | Some(Gap::Blank), _) => {
                gap = Some(Gap::Hyphen);
            }
            _ => gap = Some(Gap::Text),
        }
    }
    runs
}

/// The characters of a text, with `\uXXXX`, `\u{…}` and the escapes of blanks, which JSON and
/// GraphQL strings know, as what they stand for.
struct Unescaped<'a>(&'a str);

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let (c, taken) = match self.0.strip_prefix('\\').and_then(escaped) {
            Some((c, length)) => (c, 1 + length),
            None => {
                let c = self.0.chars().next()?;
                (c, c.len_utf8())
            }
        };
        self.0 = &self.0[taken..];
        Some(c)
    }
}

/// The character behind a backslash's rest, and how many bytes say it.
fn escaped(rest: &str) -> Option<(char, usize)> {
    let code = |hex: &str| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
    match rest.as_bytes().first()? {
        b'n' | b't' | b'r' | b'f' | b'b' => Some((' ', 1)),
        b'u' => match rest[1..].strip_prefix('{') {
            Some(braced) => {
                let (hex, _) = braced.split_once('}')?;
                Some((code(hex)?, hex.len() + 3))
            }
            None => Some((code(rest.get(1..5)?)?, 5)),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_found_in_every_form_they_are_written_in() {
        for text in [
            "590101199001011234",
            "{worker(residentId:\"59010119900101123X\")}",
            "590101900101123",
            "５９０１０１１９９００１０１１２３４",
            r#"{"id":"\u0035\uff1990101199001011234"}"#,
            "590101 19900101 1234",
            "13912345678",
            "+8613912345678",
            "0086 139 1234 5678",
            "139-1234-5678",
            "6222021234567890",
            "6222021234567890123",
            "6222 0212 3456 7890 123",
            "6222-0212-3456-7890",
            "139 - 3062 - 8917",
            "139－3062－8917",
            "590101199001 011234",
            "59010119900101 1234",
            "5901 0119 9001 0112 34",
            "590101\u{200b}199001011234",
            "590101\u{3000}19900101123X",
            r"590101\n199001011234",
            r"590101\u{200b}199001\u{30}11234",
            "工号 12 13912345678",
            "1 3 9 1 2 3 4 5 6 7 8",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn region_codes_dates_amounts_and_opaque_ids_stay_allowed() {
        for text in [
            "",
            "590101000000",
            "590101000000 590102000000,590103000000",
            "2026-11-23",
            "2026-11-23T10:30:00.123Z/2026-11-24",
            "20261123103000",
            "2026-11-23 2026-11-24",
            "2026-11-23 - 2026-11-24",
            "\"5901011\", \"99001011234\"",
            "12345678901",
            "018f3c2e-1234-7123-8123-123456789012",
            "V29ya2VyOgGPPC4SNHEjgSMSNFZ4kBI",
            "first:100 offset 20000",
            "12345678901234567890",
            "\\u12",
            "\\u００００",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn words_of_a_caller_are_bounded_and_name_nobodys_number() {
        let read = |text: &str| free_text(text, 2..=40);
        for good in [
            "凭证〔2026〕12号",
            "call about the 2026-11 visit, 13 to 27",
            "91590101MA9K2T3HXH",
        ] {
            assert_eq!(read(good).as_deref(), Ok(good));
        }
        assert_eq!(read(" １２　甲\r\n乙 ").as_deref(), Ok("12 甲\n乙"));
        let long = "长".repeat(41);
        for bad in ["", " \u{3000}", "甲", "a\u{7}b", &long] {
            assert_eq!(read(bad), Err(FreeTextError::Length), "{bad:?}");
        }
        for bad in [
            "致电13930628917核实",
            "139-3062-8917",
            "身份证５９０２２２１９９００１０１００１Ｘ",
            "590222 19900101 0012",
            "账号621700001234",
            "6217 0000 1234 5678 901",
        ] {
            assert_eq!(read(bad), Err(FreeTextError::PersonalNumber), "{bad}");
        }
    }
}
