//! Money as whole fen: sums that are paid out must not depend on rounding, so there is no float.

use std::fmt;

use super::closed::Closed as _;
use super::text;
use super::unreadable::Unreadable;

/// Fen in one yuan.
const FEN_PER_YUAN: i64 = 100;

/// Why an amount was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum MoneyError {
    /// Nothing but blanks.
    #[error("the amount is missing")]
    Missing,
    /// Not a decimal number of yuan with at most two places.
    #[error("an amount is a number of yuan with at most two decimal places")]
    Malformed,
    /// Beyond what 64 bits of fen hold.
    #[error("the amount is too large")]
    Overflow,
}

impl From<MoneyError> for Unreadable {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::Missing => Self::Missing,
            MoneyError::Malformed | MoneyError::Overflow => Self::BadAmount,
        }
    }
}

impl MoneyError {
    /// Stable code for reports and user errors: `MISSING` or `BAD_AMOUNT`.
    #[must_use]
    pub fn code(self) -> &'static str {
        Unreadable::from(self).as_str()
    }
}

/// An amount of renminbi in fen; may be negative (refunds, recoveries).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fen(i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Wraps a stored number of fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The stored number of fen.
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Reads yuan: `4400`, `1,234.50`, `-12.3`, also full-width or followed by `元`. More than two
    /// decimal places are refused unless they are zeros, since rounding is a decision.
    ///
    /// # Errors
    /// [`MoneyError`] for a blank, words (`约3000`, `3千`), wrong grouping or an overflow.
    pub fn parse_yuan(raw: &str) -> Result<Self, MoneyError> {
        let typed = text::compact(raw);
        if typed.is_empty() {
            return Err(MoneyError::Missing);
        }
        let amount = typed.strip_suffix('元').unwrap_or(&typed);
        let (sign, amount) = amount
            .strip_prefix('-')
            .map_or((1, amount), |positive| (-1, positive));
        let (yuan, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
        let yuan = ungroup(yuan).ok_or(MoneyError::Malformed)?;
        if !is_number(&yuan) || !is_number(fraction) {
            return Err(MoneyError::Malformed);
        }
        let (kept, beyond) = fraction.split_at(fraction.len().min(2));
        if beyond.bytes().any(|b| b != b'0') {
            return Err(MoneyError::Malformed);
        }
        let fen: i64 = format!("{kept:0<2}")
            .parse()
            .map_err(|_| MoneyError::Malformed)?;
        yuan.parse::<i64>()
            .ok()
            .and_then(|yuan| yuan.checked_mul(FEN_PER_YUAN)?.checked_add(fen))
            .map(|total| Self(sign * total))
            .ok_or(MoneyError::Overflow)
    }

    /// The sum; `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference; `None` on overflow.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount that many times, e.g. months; `None` on overflow.
    #[must_use]
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The sum of many; `None` on overflow.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Digits without separators, when separators stand between groups of three.
fn ungroup(yuan: &str) -> Option<String> {
    let mut groups = yuan.split(',');
    let first = groups.next()?;
    let grouped = yuan.contains(',');
    let well_grouped = !grouped || (1..=3).contains(&first.len());
    (well_grouped && groups.all(|group| group.len() == 3)).then(|| yuan.replace(',', ""))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Yuan with two places and no grouping, the form of the API.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (magnitude, unit) = (self.0.unsigned_abs(), FEN_PER_YUAN.unsigned_abs());
        let sign = if self.is_negative() { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", magnitude / unit, magnitude % unit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yuan_are_read_as_counties_write_them() {
        for (text, fen) in [
            ("4400", 440_000),
            ("1,234.50", 123_450),
            ("1,234,567", 123_456_700),
            ("１２．３", 1_230),
            ("12.30元", 1_230),
            ("3000.0", 300_000),
            ("0.05", 5),
            ("-0.05", -5),
            ("4400.000", 440_000),
            (" 5 688.00 ", 568_800),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen::new(fen)), "{text}");
        }
    }

    #[test]
    fn words_parts_of_a_fen_and_wrong_groups_are_refused() {
        for text in [
            "约3000", "3千", "12.345", "1,23", "1234,567", ",123", "12.", ".5", "--5", "+5", "1e3",
            "元", "0x10",
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(MoneyError::Malformed), "{text}");
        }
        assert_eq!(Fen::parse_yuan(" "), Err(MoneyError::Missing));
        for text in ["92233720368547758.08", "99999999999999999999"] {
            assert_eq!(Fen::parse_yuan(text), Err(MoneyError::Overflow), "{text}");
        }
        assert_eq!(MoneyError::Malformed.code(), "BAD_AMOUNT");
    }

    #[test]
    fn arithmetic_stops_at_the_bounds_instead_of_wrapping() {
        let largest = Fen::new(i64::MAX);
        assert_eq!(largest.checked_add(Fen::new(1)), None);
        assert_eq!(Fen::new(i64::MIN).checked_sub(Fen::new(1)), None);
        assert_eq!(largest.checked_mul(2), None);
        assert_eq!(Fen::checked_sum([largest, Fen::new(1)]), None);
        assert_eq!(Fen::new(94_800).checked_mul(6), Some(Fen::new(568_800)));
    }

    #[test]
    fn amounts_show_two_places_also_below_nothing() {
        for (fen, text) in [
            (1_230, "12.30"),
            (0, "0.00"),
            (-5, "-0.05"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Fen::new(fen).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(fen in -i64::MAX..=i64::MAX) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_string()), Ok(Fen::new(fen)));
        }
    }
}
