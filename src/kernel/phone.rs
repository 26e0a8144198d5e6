//! Telephone numbers of people: needed to reach them, and personal.
//!
//! Like [`super::resident_id::ResidentId`], a number prints only as a mask and has neither
//! `Display` nor `Serialize`.

use std::fmt;

use super::closed::Closed as _;
use super::text;
use super::unreadable::Unreadable;

/// Digits that a mask leaves at the end.
const MASK_TAIL: usize = 4;
/// Digits that a mask leaves at the front.
const MASK_HEAD: usize = 3;

/// Why a telephone number was refused. Never holds any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PhoneError {
    /// Nothing but blanks.
    #[error("the phone number is missing")]
    Missing,
    /// Neither a mobile number nor a landline with its area code.
    #[error("a phone number is a mainland mobile number or a landline with area code")]
    Malformed,
}

impl From<PhoneError> for Unreadable {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::Missing => Self::Missing,
            PhoneError::Malformed => Self::BadPhone,
        }
    }
}

impl PhoneError {
    /// Stable code for reports and user errors: `MISSING` or `BAD_PHONE`.
    #[must_use]
    pub fn code(self) -> &'static str {
        Unreadable::from(self).as_str()
    }
}

/// A mainland mobile number (eleven digits from 13 on) or a landline with its area code (ten to
/// twelve digits with the leading 0), digits only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as typed: spaces, hyphens and brackets dropped, full-width characters
    /// narrowed, `+86` or `0086` in front of it dropped.
    ///
    /// # Errors
    /// [`PhoneError`], which never repeats the number.
    pub fn parse(raw: &str) -> Result<Self, PhoneError> {
        let typed = text::compact(raw);
        if typed.is_empty() {
            return Err(PhoneError::Missing);
        }
        let typed = typed.strip_suffix(".0").unwrap_or(&typed);
        let national = typed
            .strip_prefix("+86")
            .or_else(|| typed.strip_prefix("0086"))
            .unwrap_or(typed);
        let digits: String = national
            .chars()
            .filter(|c| !matches!(c, '-' | '(' | ')'))
            .collect();
        if is_mobile(&digits) || is_landline(&digits) {
            Ok(Self(digits))
        } else {
            Err(PhoneError::Malformed)
        }
    }

    /// The form that may be shown: `139****8917`.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.0, MASK_HEAD, MASK_TAIL)
    }

    /// The whole number: for encryption, keyed hashing and a purposeful reveal only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1])
        && bytes.iter().all(u8::is_ascii_digit)
}

/// Area codes are 010, 02x (three digits) or 03xx–09xx (four digits); subscriber numbers have
/// seven or eight digits and start with 2–8.
fn is_landline(digits: &str) -> bool {
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !digits.starts_with('0') {
        return false;
    }
    let area = match digits.as_bytes().get(1) {
        Some(b'1') if digits.starts_with("010") => 3,
        Some(b'2') => 3,
        Some(b'3'..=b'9') => 4,
        _ => return false,
    };
    let Some(subscriber) = digits.get(area..) else {
        return false;
    };
    let first_fits = subscriber.starts_with(|c: char| ('2'..='8').contains(&c));
    (7..=8).contains(&subscriber.len()) && first_fits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_mobile_number_is_read_from_each_way_of_typing_it() {
        for typed in [
            "13930628917",
            " 139 3062 8917",
            "139-3062-8917",
            "１３９３０６２８９１７",
            "+86 13930628917",
            "008613930628917",
            "13930628917.0",
            "'13930628917",
        ] {
            let phone = Phone::parse(typed).expect("a mobile number");
            assert_eq!(phone.expose(), "13930628917", "{typed}");
            assert_eq!(phone.masked(), "139****8917");
            assert_eq!(format!("{phone:?}"), "Phone(139****8917)");
        }
    }

    #[test]
    fn landlines_need_their_area_code() {
        for (typed, digits) in [
            ("010-62345678", "01062345678"),
            ("(0851)6234567", "08516234567"),
            ("0371-65432109", "037165432109"),
        ] {
            assert_eq!(Phone::parse(typed).map(|p| p.0), Ok(digits.to_owned()));
        }
        assert_eq!(Phone::parse("62345678"), Err(PhoneError::Malformed));
    }

    #[test]
    fn other_numbers_are_refused() {
        for typed in [
            "1380013",
            "12930628917",
            "139306289170",
            "1393062891x",
            "0123456789",
            "01162345678",
            "0",
            "03",
            "01012345678",
            "无电话",
            "+86",
        ] {
            assert_eq!(Phone::parse(typed), Err(PhoneError::Malformed), "{typed}");
        }
        assert_eq!(Phone::parse("\u{3000}"), Err(PhoneError::Missing));
        assert_eq!(PhoneError::Malformed.code(), "BAD_PHONE");
    }

    proptest! {
        #[test]
        fn masks_never_hold_the_middle_digits(number in 13_000_000_000_u64..20_000_000_000) {
            let typed = number.to_string();
            let phone = Phone::parse(&typed).expect("a mobile number");
            prop_assert_eq!(phone.expose(), &typed);
            let expected = format!("{}****{}", &typed[..3], &typed[7..]);
            prop_assert_eq!(phone.masked(), expected.clone());
            prop_assert_eq!(format!("{phone:?}"), format!("Phone({expected})"));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Phone::parse(&text).map(|phone| phone.masked());
        }
    }
}
