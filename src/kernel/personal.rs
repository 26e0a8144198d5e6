//! Finds what looks like a person's number in text that will be kept: addresses, log lines, and
//! what callers write in their own words.
//!
//! URLs end up in histories, proxies and access logs, so a request that carries a resident id,
//! a mobile number or a bank account in its address is refused. Forms only: no check digits, so
//! that a mistyped id is caught as well. Twelve digits stay allowed there: they are region codes.
//! Purposes, reasons and findings are shown to others and kept for good, so [`free_text`] is
//! stricter.

use super::text;

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
    let control = |c: char| c.is_control() && c != '\n';
    if !length.contains(&text.chars().count()) || text.contains(control) {
        return Err(FreeTextError::Length);
    }
    if holds_personal_number(&text) || holds_long_number(&text) {
        return Err(FreeTextError::PersonalNumber);
    }
    Ok(text)
}

fn holds_long_number(text: &str) -> bool {
    digit_runs(text)
        .iter()
        .any(|run| run.digits.len() >= PERSONAL_DIGITS)
}

/// Longest run that is still a number of a person: 19 digits, the longest bank card.
const LONGEST_CARD: usize = 19;
/// Digit groups as people write them: a mobile number 3-4-4, a card in fours, an id 6-8-4.
const GROUPED: [&[usize]; 6] = [
    &[3, 4, 4],
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[6, 8, 4],
];

/// Whether the text holds a run of digits with the form of a resident id (15 or 18 characters),
/// a mainland mobile number (11, with or without 86) or a bank account (16 to 19), full-width
/// digits and JSON escapes included.
#[must_use]
pub fn holds_personal_number(text: &str) -> bool {
    let plain = unescaped(text);
    let runs = digit_runs(&plain);
    runs.iter().any(|run| is_personal(run.digits)) || any_grouped(&runs)
}

struct Run<'a> {
    digits: &'a str,
    /// Separated from the run before by a single space or hyphen.
    joined: bool,
}

/// Full-width digits as ASCII, and `\uXXXX`, which JSON and GraphQL strings share, as what it
/// stands for.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escaped = rest
            .strip_prefix("\\u")
            .and_then(|tail| tail.get(..4))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        let (c, taken) = match escaped {
            Some(decoded) => (decoded, 6),
            None => (c, c.len_utf8()),
        };
        plain.push(narrow(c));
        rest = &rest[taken..];
    }
    plain
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0'))
            .expect("full-width digits lie as ASCII digits do"),
        c => c,
    }
}

fn digit_runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let length = text[start..]
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len() - start);
        let joined = !runs.is_empty() && matches!(&text[end..start], " " | "-");
        end = start + length;
        at = end;
        runs.push(Run {
            digits: &text[start..end],
            joined,
        });
    }
    runs
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

fn any_grouped(runs: &[Run<'_>]) -> bool {
    GROUPED.iter().any(|form| {
        runs.windows(form.len()).any(|window| {
            let lengths = window.iter().map(|run| run.digits.len());
            let joined = window[1..].iter().all(|run| run.joined);
            let mobile = form.len() != 3 || form[0] != 3 || is_mobile(window[0].digits);
            joined && mobile && lengths.eq(form.iter().copied())
        })
    })
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
