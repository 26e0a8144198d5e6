//! What an employer is: its kind, its name, its seat, and the dated facts about it.

mod delivery;
mod list;
mod sets;

use chrono::{DateTime, NaiveDate, Utc};

pub use delivery::EmployerLineOutcome;
pub use list::{EmployerCursor, EmployerFilter, EmployerOrderField};
pub use sets::{AccreditationKind, EmployerKind, EmployerStanding, EmployerStatus};

use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::EmployerId;
use crate::kernel::personal::holds_personal_number;
use crate::kernel::region_code::RegionCode;
use crate::kernel::text;

/// Longest name, in characters; the longest registered names have about eighty.
pub const MAX_NAME: usize = 200;
/// Longest history of an employer that one field answers with, in statements: the latest ones.
pub const MAX_HISTORY: usize = 50;
/// Longest certificate or decision number, in characters.
pub const MAX_REFERENCE: usize = 100;

/// A registered name: full-width forms narrowed, trimmed, 1 to [`MAX_NAME`] characters, without a
/// number of a person: everybody who sees the job sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmployerName(String);

/// A name is blank, too long, or holds control characters, U+FFFD or a number of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an employer's name has 1 to 200 characters, no control characters and no person's number")]
pub struct EmployerNameError;

impl EmployerName {
    /// Reads a name as typed.
    ///
    /// # Errors
    /// [`EmployerNameError`] for a blank or overlong name, control characters, U+FFFD, and what looks
    /// like a resident id, phone or account number.
    pub fn parse(raw: &str) -> Result<Self, EmployerNameError> {
        text::bounded(raw, MAX_NAME)
            .filter(|name| !holds_personal_number(name))
            .map(Self)
            .ok_or(EmployerNameError)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where an employer is seated, as precisely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat(RegionCode);

/// The division under which bodies of the State itself are registered (`100000`).
const STATE: i64 = 100_000_000_000;

impl Seat {
    /// A seat that somebody states: a division with a county, because the county is whose employer
    /// it is. The table of divisions knows which have one, so whoever states it asks there first.
    #[must_use]
    pub const fn stated(region: RegionCode) -> Self {
        Self(region)
    }

    /// The division that registered the employer, for one of which nobody has stated a seat. It
    /// may lie outside the province, be wider than a county, or be abolished by now.
    #[must_use]
    pub fn of_code(code: &CreditCode) -> Self {
        let division = i64::from(code.division());
        let county = RegionCode::from_i64(division * 1_000_000);
        // Some counties directly under a province are written below an empty prefecture.
        let province = || RegionCode::from_i64(division / 10_000 * 10_000_000_000);
        let state = || RegionCode::from_i64(STATE);
        Self(
            county
                .or_else(|_| province())
                .or_else(|_| state())
                .expect("the State's division is well formed"),
        )
    }

    /// The region itself.
    #[must_use]
    pub const fn region(self) -> RegionCode {
        self.0
    }

    /// The county, or the seat itself where it is only known more widely.
    #[must_use]
    pub fn county(self) -> RegionCode {
        self.0.county_or_itself()
    }

    /// The prefecture, or the province where no more is known.
    #[must_use]
    pub fn prefecture(self) -> RegionCode {
        self.0.prefecture().unwrap_or(self.0)
    }
}

/// An employer as the registry knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employer {
    /// Identity.
    pub id: EmployerId,
    /// Unified social credit code; never changes.
    pub credit_code: CreditCode,
    /// Registered name.
    pub name: String,
    /// Legal kind.
    pub kind: EmployerKind,
    /// Seat, as precisely as it is known.
    pub region: RegionCode,
    /// Derived from [`StatusFact`]s.
    pub status: EmployerStatus,
    /// Rises by one with every change.
    pub version: i64,
}

/// One dated statement about an employer's standing. Facts are added and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusFact {
    /// What was stated.
    pub standing: EmployerStanding,
    /// First day it holds.
    pub since: NaiveDate,
    /// Who stated it, such as `MARKET_REGULATION`.
    pub source: String,
    /// The version of the employer that it made, and what came together with it; 0 for the oldest.
    pub version: i64,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime<Utc>,
}

/// An accreditation held for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accreditation {
    /// As what.
    pub kind: AccreditationKind,
    /// Number of the certificate or decision.
    pub reference: String,
    /// The time it is held.
    pub period: Period,
}

/// What was stated about an accreditation once. Statements are added and never changed: of those
/// about the same kind and first day the latest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccreditationFact {
    /// What was stated.
    pub accreditation: Accreditation,
    /// Region of the office that stated it; `None` where that was not kept.
    pub recorded_by: Option<RegionCode>,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime<Utc>,
}

/// Days from the first to the last, both inclusive; without a last day it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    since: NaiveDate,
    until: Option<NaiveDate>,
}

impl Period {
    /// `None` when the last day lies before the first.
    #[must_use]
    pub fn new(since: NaiveDate, until: Option<NaiveDate>) -> Option<Self> {
        until
            .is_none_or(|until| until >= since)
            .then_some(Self { since, until })
    }

    /// First day.
    #[must_use]
    pub const fn since(self) -> NaiveDate {
        self.since
    }

    /// Last day; `None` while it lasts.
    #[must_use]
    pub const fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let starts_before_end =
            |a: Self, b: Self| b.until.is_none_or(|last_day| a.since <= last_day);
        starts_before_end(self, other) && starts_before_end(other, self)
    }
}

#[cfg(test)]
mod tests;
