//! Division codes: twelve digits in five groups, the place every person, job and right is tied to.
//!
//! Groups are 2 province, 2 prefecture, 2 county, 3 township, 3 village (GB/T 2260 and
//! GB/T 10114). A subtree is a range of codes, which is what makes a scope a cheap `BETWEEN`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How deep a division lies; ordered from the widest to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RegionLevel {
    /// First two digits.
    Province,
    /// First four digits.
    Prefecture,
    /// First six digits: the division that decides.
    County,
    /// First nine digits.
    Township,
    /// All twelve digits.
    Village,
}

impl RegionLevel {
    /// Every level, widest first.
    pub const ALL: [Self; 5] = [
        Self::Province,
        Self::Prefecture,
        Self::County,
        Self::Township,
        Self::Village,
    ];

    /// The wire form, SCREAMING_CASE.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "PROVINCE",
            Self::Prefecture => "PREFECTURE",
            Self::County => "COUNTY",
            Self::Township => "TOWNSHIP",
            Self::Village => "VILLAGE",
        }
    }

    /// Codes in one subtree of this level.
    const fn span(self) -> i64 {
        match self {
            Self::Province => 10_000_000_000,
            Self::Prefecture => 100_000_000,
            Self::County => 1_000_000,
            Self::Township => 1_000,
            Self::Village => 1,
        }
    }
}

impl FromStr for RegionLevel {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == text)
            .ok_or(RegionCodeError::UnknownLevel)
    }
}

/// Why a division code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Not twelve decimal digits.
    #[error("a region code has exactly twelve digits")]
    NotTwelveDigits,
    /// No province, or digits below a group of zeros.
    #[error("a region code names no division below an empty group")]
    EmptyGroup,
    /// Not one of the five level names.
    #[error("a region level is PROVINCE, PREFECTURE, COUNTY, TOWNSHIP or VILLAGE")]
    UnknownLevel,
}

/// A division code whose groups are well formed; whether such a division exists is data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(i64);

impl RegionCode {
    /// Reads twelve ASCII digits.
    ///
    /// # Errors
    /// [`RegionCodeError`] when the length or a character is wrong, or a group below an empty one
    /// is filled (`590100001000`).
    pub fn parse(text: &str) -> Result<Self, RegionCodeError> {
        if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(RegionCodeError::NotTwelveDigits);
        }
        let code = text.parse().map_err(|_| RegionCodeError::NotTwelveDigits)?;
        Self::from_i64(code)
    }

    /// Wraps the stored number.
    ///
    /// # Errors
    /// As [`RegionCode::parse`].
    pub fn from_i64(code: i64) -> Result<Self, RegionCodeError> {
        let provinces = code / RegionLevel::Province.span();
        if !(0..=99).contains(&provinces) || code < 0 {
            return Err(RegionCodeError::NotTwelveDigits);
        }
        let mut empty = provinces == 0;
        if empty {
            return Err(RegionCodeError::EmptyGroup);
        }
        for pair in RegionLevel::ALL.windows(2) {
            let group = code % pair[0].span() / pair[1].span();
            if empty && group != 0 {
                return Err(RegionCodeError::EmptyGroup);
            }
            empty = group == 0;
        }
        Ok(Self(code))
    }

    /// The stored number, twelve decimal digits.
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// The level, from the groups that are filled.
    #[must_use]
    pub fn level(self) -> RegionLevel {
        RegionLevel::ALL
            .into_iter()
            .find(|level| self.0 % level.span() == 0)
            .expect("every number is a multiple of one")
    }

    /// The division of a level that this one lies in, itself included; `None` for a narrower level.
    #[must_use]
    pub fn ancestor(self, level: RegionLevel) -> Option<Self> {
        (level <= self.level()).then(|| self.cut(level))
    }

    /// The division one level up; `None` for a province.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let level = self.level();
        let up = RegionLevel::ALL.into_iter().rev().find(|l| *l < level)?;
        Some(self.cut(up))
    }

    /// The province it lies in.
    #[must_use]
    pub fn province(self) -> Self {
        self.cut(RegionLevel::Province)
    }

    /// The prefecture it lies in; `None` for a province.
    #[must_use]
    pub fn prefecture(self) -> Option<Self> {
        self.ancestor(RegionLevel::Prefecture)
    }

    /// The county it lies in; `None` above the county level.
    #[must_use]
    pub fn county(self) -> Option<Self> {
        self.ancestor(RegionLevel::County)
    }

    /// Itself and every division around it, widest first.
    #[must_use]
    pub fn ancestors(self) -> Vec<Self> {
        RegionLevel::ALL
            .into_iter()
            .filter_map(|level| self.ancestor(level))
            .collect()
    }

    /// First and last possible code of the subtree, both inclusive. The last is a bound for
    /// comparisons and names no division.
    #[must_use]
    pub fn range(self) -> (Self, Self) {
        (self, Self(self.0 + self.level().span() - 1))
    }

    /// Whether the other division is this one or lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        let (first, last) = self.range();
        (first..=last).contains(&other)
    }

    /// The first two digits, 1 to 99.
    #[must_use]
    pub fn province_prefix(self) -> u8 {
        u8::try_from(self.0 / RegionLevel::Province.span()).expect("two digits fit a byte")
    }

    fn cut(self, level: RegionLevel) -> Self {
        Self(self.0 - self.0 % level.span())
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a well-formed code")
    }

    #[test]
    fn each_level_is_told_by_the_groups_that_are_filled() {
        for (text, level) in [
            ("590000000000", RegionLevel::Province),
            ("590100000000", RegionLevel::Prefecture),
            ("590101000000", RegionLevel::County),
            ("590110000000", RegionLevel::County),
            ("590101001000", RegionLevel::Township),
            ("590101100000", RegionLevel::Township),
            ("590101001200", RegionLevel::Village),
        ] {
            assert_eq!(code(text).level(), level, "{text}");
            assert_eq!(code(text).to_string(), text);
        }
    }

    #[test]
    fn codes_with_a_wrong_length_or_an_empty_group_above_a_filled_one_are_refused() {
        for (text, error) in [
            ("", RegionCodeError::NotTwelveDigits),
            ("590101", RegionCodeError::NotTwelveDigits),
            ("5901010012001", RegionCodeError::NotTwelveDigits),
            ("59010100120x", RegionCodeError::NotTwelveDigits),
            ("+59010100120", RegionCodeError::NotTwelveDigits),
            ("５９０１０１", RegionCodeError::NotTwelveDigits),
            ("000000000000", RegionCodeError::EmptyGroup),
            ("000101000000", RegionCodeError::EmptyGroup),
            ("590001000000", RegionCodeError::EmptyGroup),
            ("590100001000", RegionCodeError::EmptyGroup),
            ("590101000200", RegionCodeError::EmptyGroup),
        ] {
            assert_eq!(RegionCode::parse(text), Err(error), "{text}");
        }
        for number in [-590_101_000_000, 1_000_000_000_000] {
            assert_eq!(
                RegionCode::from_i64(number),
                Err(RegionCodeError::NotTwelveDigits)
            );
        }
    }

    #[test]
    fn ancestors_run_from_the_province_down_to_the_division_itself() {
        let village = code("590101001200");
        let names: Vec<_> = village
            .ancestors()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            names,
            [
                "590000000000",
                "590100000000",
                "590101000000",
                "590101001000",
                "590101001200"
            ]
        );
        assert_eq!(village.parent(), Some(code("590101001000")));
        assert_eq!(village.county(), Some(code("590101000000")));
        assert_eq!(village.prefecture(), Some(code("590100000000")));
        assert_eq!(village.province_prefix(), 59);
        assert_eq!(code("590100000000").county(), None);
        assert_eq!(code("590000000000").parent(), None);
    }

    #[test]
    fn a_subtree_ends_where_its_neighbour_begins() {
        let county = code("590101000000");
        assert!(county.contains(county) && county.contains(code("590101999999")));
        assert!(!county.contains(code("590102000000")) && !county.contains(code("590100000000")));
        assert_eq!(county.range().1.as_i64(), 590_101_999_999);
    }

    #[test]
    fn json_carries_a_code_as_a_string() {
        let json = serde_json::to_string(&code("590101000000")).expect("plain data");
        assert_eq!(json, "\"590101000000\"");
        assert_eq!(
            serde_json::from_str::<RegionCode>(&json).ok(),
            Some(code("590101000000"))
        );
        assert!(serde_json::from_str::<RegionCode>("\"590100001000\"").is_err());
    }

    proptest! {
        #[test]
        fn any_number_parses_to_itself_or_not_at_all(number in 0_i64..1_000_000_000_000) {
            let text = format!("{number:012}");
            if let Ok(parsed) = RegionCode::parse(&text) {
                prop_assert_eq!(parsed.to_string(), text);
                prop_assert_eq!(RegionCode::from_i64(parsed.as_i64()), Ok(parsed));
            }
        }

        #[test]
        fn a_division_lies_in_each_of_its_ancestors_and_in_no_sibling_of_them(
            p in 1_i64..100, c in 1_i64..100, d in 1_i64..100, t in 1_i64..1000, v in 1_i64..1000,
            other in 1_i64..100,
        ) {
            let number = (((p * 100 + c) * 100 + d) * 1000 + t) * 1000 + v;
            let village = RegionCode::from_i64(number).expect("every group is filled");
            for up in village.ancestors() {
                prop_assert!(up.contains(village));
            }
            let sibling = RegionCode::from_i64(((p * 100 + c) * 100 + other) * 1_000_000)
                .expect("a county");
            prop_assert_eq!(sibling.contains(village), other == d);
        }
    }
}
