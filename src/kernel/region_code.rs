//! Division codes: twelve digits in five groups, the place every person, job and right is tied to.
//!
//! Groups are 2 province, 2 prefecture, 2 county, 3 township, 3 village (GB/T 2260 and
//! GB/T 10114). A subtree is a range of codes, which is what makes a scope a cheap `BETWEEN`.
//!
//! A few prefectures have no counties (Dongguan, Zhongshan, Danzhou): their towns lie directly
//! under them and carry an empty county group (`441900003000`). For such a town the prefecture's
//! own code stands in for the county, so that everybody has a county that decides.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::closed::{Closed as _, closed};

/// The largest number of twelve digits.
const LAST_NUMBER: i64 = 999_999_999_999;

closed! {
    /// How deep a division lies, from the widest to the narrowest.
    RegionLevel {
        /// First two digits of the code.
        Province = "PROVINCE",
        /// First four digits.
        Prefecture = "PREFECTURE",
        /// First six digits: the division that decides.
        County = "COUNTY",
        /// First nine digits.
        Township = "TOWNSHIP",
        /// All twelve digits.
        Village = "VILLAGE",
    }
}

impl RegionLevel {
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

/// Why a division code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Not twelve decimal digits.
    #[error("a region code has exactly twelve digits")]
    NotTwelveDigits,
    /// No province, or digits below a group of zeros other than the county's.
    #[error("a region code names no division below an empty group")]
    EmptyGroup,
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
    /// is filled (`590101000200`); only the county group may be empty above a township.
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
        if !(0..=LAST_NUMBER).contains(&code) {
            return Err(RegionCodeError::NotTwelveDigits);
        }
        let [province, prefecture, county, township, village] = groups(code).map(|group| group > 0);
        let filled_from_the_top = province
            && (prefecture || !(county || township || village))
            // No county group is needed above a township: towns directly under a prefecture.
            && (township || !village);
        if filled_from_the_top {
            Ok(Self(code))
        } else {
            Err(RegionCodeError::EmptyGroup)
        }
    }

    /// The stored number, twelve decimal digits.
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// The level, from the last group that is filled.
    #[must_use]
    pub fn level(self) -> RegionLevel {
        RegionLevel::VALUES
            .iter()
            .copied()
            .find(|level| self.0 % level.span() == 0)
            .expect("every number is a multiple of one")
    }

    /// The division of a level that this one lies in, itself included; `None` for a narrower level.
    /// The prefecture stands in for the county of a town directly under it.
    #[must_use]
    pub fn ancestor(self, level: RegionLevel) -> Option<Self> {
        (level <= self.level()).then(|| self.cut(level))
    }

    /// The nearest division around it: one level up, or the prefecture for a town directly under
    /// one; `None` for a province.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let level = self.level();
        let up = RegionLevel::VALUES.iter().rev().find(|l| **l < level)?;
        Some(self.cut(*up))
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

    /// The county it lies in, or the prefecture that stands in for one (see the head of this
    /// module); `None` above the county level. Materialised county columns hold this code.
    #[must_use]
    pub fn county(self) -> Option<Self> {
        self.ancestor(RegionLevel::County)
    }

    /// The county it lies in, or itself where it is no part of one: a prefecture that stands in for
    /// a county, and a wider division that is all that is known.
    #[must_use]
    pub fn county_or_itself(self) -> Self {
        self.county().unwrap_or(self)
    }

    /// Itself and every division around it, widest first, each once.
    #[must_use]
    pub fn ancestors(self) -> Vec<Self> {
        let mut codes: Vec<Self> = RegionLevel::VALUES
            .iter()
            .filter_map(|level| self.ancestor(*level))
            .collect();
        // The prefecture of a town directly under it comes twice, once in the county's stead.
        codes.dedup();
        codes
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

/// The five groups of digits, province to village.
const fn groups(code: i64) -> [i64; 5] {
    [
        code / RegionLevel::Province.span(),
        code % RegionLevel::Province.span() / RegionLevel::Prefecture.span(),
        code % RegionLevel::Prefecture.span() / RegionLevel::County.span(),
        code % RegionLevel::County.span() / RegionLevel::Township.span(),
        code % RegionLevel::Township.span(),
    ]
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
mod tests;
