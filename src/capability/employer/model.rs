//! What an employer is: closed sets, its name, its seat, and the dated facts about it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::kernel::closed::closed;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::kernel::text;

/// Longest name, in characters; the longest registered names have about eighty.
pub const MAX_NAME: usize = 200;
/// Longest certificate or decision number, in characters.
pub const MAX_REFERENCE: usize = 100;

closed! {
    /// Legal kind of an employer.
    EmployerKind {
        /// A company or another enterprise.
        Enterprise = "ENTERPRISE",
        /// An individual or family business.
        SoleTrader = "SOLE_TRADER",
        /// A farmers' cooperative or a rural collective.
        Cooperative = "COOPERATIVE",
        /// An association, foundation, private non-enterprise unit or trade union.
        SocialOrganisation = "SOCIAL_ORGANISATION",
        /// A government organ or a public institution.
        GovernmentBody = "GOVERNMENT_BODY",
        /// An enterprise licensed to dispatch its staff to other units.
        LabourDispatch = "LABOUR_DISPATCH",
    }
}

closed! {
    /// What market regulation can state about an employer.
    EmployerStanding {
        /// Registered and operating.
        Active = "ACTIVE",
        /// On the list of abnormal operations.
        Abnormal = "ABNORMAL",
        /// On the list of serious violations.
        Blacklisted = "BLACKLISTED",
        /// Deregistered or revoked.
        Dissolved = "DISSOLVED",
    }
}

closed! {
    /// An employer's current status, derived from what market regulation has stated.
    EmployerStatus {
        /// Registered and operating.
        Active = "ACTIVE",
        /// On the list of abnormal operations.
        Abnormal = "ABNORMAL",
        /// On the list of serious violations.
        Blacklisted = "BLACKLISTED",
        /// Deregistered or revoked.
        Dissolved = "DISSOLVED",
        /// Market regulation has stated nothing yet.
        Unknown = "UNKNOWN",
    }
}

impl From<EmployerStanding> for EmployerStatus {
    fn from(standing: EmployerStanding) -> Self {
        match standing {
            EmployerStanding::Active => Self::Active,
            EmployerStanding::Abnormal => Self::Abnormal,
            EmployerStanding::Blacklisted => Self::Blacklisted,
            EmployerStanding::Dissolved => Self::Dissolved,
        }
    }
}

closed! {
    /// What an employer can be accredited as.
    AccreditationKind {
        /// Employment assistance workshop: brings work to villages for people lifted out of poverty.
        AssistanceWorkshop = "ASSISTANCE_WORKSHOP",
    }
}

impl EmployerKind {
    /// The kind that a credit code's first characters (registering department and kind of unit,
    /// GB 32100) point to, until somebody who knows the unit states it. Dispatch firms are
    /// enterprises by their code; only a statement makes them [`EmployerKind::LabourDispatch`].
    #[must_use]
    pub fn of_code(code: &CreditCode) -> Self {
        match code.as_str().as_bytes() {
            [b'9', b'2', ..] => Self::SoleTrader,
            // 93 farmers' cooperatives, N rural collectives.
            [b'9', b'3', ..] | [b'N', ..] => Self::Cooperative,
            // 1 staffing commission, A military: organs and public institutions.
            [b'1' | b'A', ..] => Self::GovernmentBody,
            // 5 civil affairs, 3 justice (law firms), 7 religion, 8 trade unions.
            [b'3' | b'5' | b'7' | b'8', ..] => Self::SocialOrganisation,
            _ => Self::Enterprise,
        }
    }
}

/// A registered name: full-width forms narrowed, trimmed, 1 to [`MAX_NAME`] characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmployerName(String);

/// A name is blank, too long, or holds control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an employer's name has 1 to 200 characters and no control characters")]
pub struct EmployerNameError;

impl EmployerName {
    /// Reads a name as typed.
    ///
    /// # Errors
    /// [`EmployerNameError`] for a blank or overlong name and for control characters.
    pub fn parse(raw: &str) -> Result<Self, EmployerNameError> {
        bounded(raw, MAX_NAME).map(Self).ok_or(EmployerNameError)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The narrowed text when it has 1 to `max` characters, none of them a control character.
pub(super) fn bounded(raw: &str, max: usize) -> Option<String> {
    let narrowed = text::narrow(raw);
    let fits = (1..=max).contains(&narrowed.chars().count());
    (fits && !narrowed.chars().any(char::is_control)).then_some(narrowed)
}

/// Where an employer is seated, as precisely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat(RegionCode);

/// The division under which bodies of the State itself are registered (`100000`).
const STATE: i64 = 100_000_000_000;

impl Seat {
    /// A seat that somebody states: a county or narrower, because the county is whose employer it
    /// is. `None` for a wider region.
    #[must_use]
    pub fn stated(region: RegionCode) -> Option<Self> {
        region.county().map(|_| Self(region))
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
        self.at(RegionLevel::County)
    }

    /// The prefecture, or the province where no more is known.
    #[must_use]
    pub fn prefecture(self) -> RegionCode {
        self.at(RegionLevel::Prefecture)
    }

    fn at(self, level: RegionLevel) -> RegionCode {
        self.0.ancestor(level).unwrap_or(self.0)
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

/// Which employers a list shows; every filter narrows, none is required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmployerFilter {
    /// Seated there or in a part of it.
    pub region: Option<RegionCode>,
    /// Of this kind.
    pub kind: Option<EmployerKind>,
    /// With this current status.
    pub status: Option<EmployerStatus>,
    /// Whose name starts so.
    pub name_prefix: Option<String>,
}

closed! {
    /// What a list of employers is sorted by, always ascending.
    EmployerOrderField {
        /// When the exchange learnt of the employer.
        Registered = "REGISTERED",
        /// The unified social credit code.
        CreditCode = "CREDIT_CODE",
    }
}

/// Where a list of employers continues; it belongs to one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmployerCursor {
    /// Behind this employer in [`EmployerOrderField::Registered`].
    Registered(EmployerId),
    /// Behind this code in [`EmployerOrderField::CreditCode`].
    CreditCode(CreditCode),
}

impl EmployerCursor {
    /// The place of an employer in an order.
    #[must_use]
    pub fn of(employer: &Employer, order: EmployerOrderField) -> Self {
        match order {
            EmployerOrderField::Registered => Self::Registered(employer.id),
            EmployerOrderField::CreditCode => Self::CreditCode(employer.credit_code.clone()),
        }
    }

    /// The order it belongs to.
    #[must_use]
    pub const fn order(&self) -> EmployerOrderField {
        match self {
            Self::Registered(_) => EmployerOrderField::Registered,
            Self::CreditCode(_) => EmployerOrderField::CreditCode,
        }
    }
}

closed! {
    /// What became of one line of a bulk submission.
    EmployerLineOutcome {
        /// It changed something.
        Accepted = "ACCEPTED",
        /// All of it was known already.
        Unchanged = "UNCHANGED",
        /// It is about an employer that nobody has registered; nothing of it was kept.
        Dropped = "DROPPED",
        /// It has an error; nothing of it was kept.
        Refused = "REFUSED",
    }
}

/// How many lines of a submission ended in each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineCounts {
    /// Changed something.
    pub accepted: i32,
    /// Were known already.
    pub unchanged: i32,
    /// Were about employers that nobody has registered.
    pub dropped: i32,
    /// Had an error.
    pub refused: i32,
}

impl LineCounts {
    /// Counts outcomes; a submission has at most a thousand.
    #[must_use]
    pub fn of(outcomes: impl Iterator<Item = EmployerLineOutcome>) -> Self {
        outcomes.fold(Self::default(), |mut counts, outcome| {
            *counts.of_outcome(outcome) += 1;
            counts
        })
    }

    /// All lines.
    #[must_use]
    pub const fn received(self) -> i32 {
        self.accepted + self.unchanged + self.dropped + self.refused
    }

    const fn of_outcome(&mut self, outcome: EmployerLineOutcome) -> &mut i32 {
        match outcome {
            EmployerLineOutcome::Accepted => &mut self.accepted,
            EmployerLineOutcome::Unchanged => &mut self.unchanged,
            EmployerLineOutcome::Dropped => &mut self.dropped,
            EmployerLineOutcome::Refused => &mut self.refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::closed::Closed as _;

    fn code(text: &str) -> CreditCode {
        CreditCode::parse(text).expect("a valid code")
    }

    fn region(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a valid code")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a valid day")
    }

    fn period(since: &str, until: Option<&str>) -> Period {
        Period::new(day(since), until.map(day)).expect("in order")
    }

    #[test]
    fn every_standing_is_also_a_status_and_only_unknown_is_no_standing() {
        for standing in EmployerStanding::VALUES {
            assert_eq!(EmployerStatus::from(*standing).as_str(), standing.as_str());
        }
        assert_eq!(EmployerStanding::parse("UNKNOWN"), None);
        assert_eq!(
            EmployerStatus::VALUES.len(),
            EmployerStanding::VALUES.len() + 1
        );
    }

    #[test]
    fn the_first_characters_of_a_credit_code_give_the_kind() {
        for (text, kind) in [
            ("91590101MA9K2T3HXH", EmployerKind::Enterprise),
            ("92590102MA5P0A2E32", EmployerKind::SoleTrader),
            ("52590101MJU1234A1M", EmployerKind::SocialOrganisation),
        ] {
            assert_eq!(EmployerKind::of_code(&code(text)), kind, "{text}");
        }
    }

    #[test]
    fn a_name_is_narrowed_and_bounded_in_characters_not_bytes() {
        let name = EmployerName::parse(" 清河区（甲）服装厂\u{3000}").expect("a name");
        assert_eq!(name.as_str(), "清河区(甲)服装厂");
        assert!(EmployerName::parse(&"厂".repeat(MAX_NAME)).is_ok());
        for bad in ["", "\u{3000}", "a\u{7}b", &"厂".repeat(MAX_NAME + 1)] {
            assert_eq!(EmployerName::parse(bad), Err(EmployerNameError), "{bad:?}");
        }
    }

    #[test]
    fn a_stated_seat_is_a_county_or_narrower() {
        for (text, fits) in [
            ("590000000000", false),
            ("590100000000", false),
            ("590101000000", true),
            ("590101001002", true),
        ] {
            assert_eq!(Seat::stated(region(text)).is_some(), fits, "{text}");
        }
        let seat = Seat::stated(region("590101001002")).expect("a village");
        assert_eq!(seat.county(), region("590101000000"));
        assert_eq!(seat.prefecture(), region("590100000000"));
    }

    #[test]
    fn a_seat_nobody_stated_is_the_division_of_the_credit_code() {
        let seat = Seat::of_code(&code("91590101MA9K2T3HXH"));
        assert_eq!(seat.region(), region("590101000000"));
        let prefecture = Seat::of_code(&code("91350100M000100Y43"));
        assert_eq!(prefecture.region(), region("350100000000"));
        assert_eq!(prefecture.county(), region("350100000000"));
        assert_eq!(prefecture.prefecture(), region("350100000000"));
    }

    #[test]
    fn a_period_ends_on_or_after_its_first_day_and_overlaps_by_a_single_day() {
        assert_eq!(
            Period::new(day("2026-01-02"), Some(day("2026-01-01"))),
            None
        );
        let year = period("2026-01-01", Some("2026-12-31"));
        for (other, shared) in [
            (period("2026-12-31", None), true),
            (period("2027-01-01", None), false),
            (period("2025-01-01", Some("2025-12-31")), false),
            (period("2025-01-01", Some("2026-01-01")), true),
            (period("2025-01-01", None), true),
        ] {
            assert_eq!(year.overlaps(other), shared, "{other:?}");
            assert_eq!(other.overlaps(year), shared, "{other:?}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_the_order_it_was_made_in() {
        let employer = Employer {
            id: crate::kernel::ids::RecordId::from_uuid(uuid::Uuid::from_u128(1)),
            credit_code: code("91590101MA9K2T3HXH"),
            name: "甲".into(),
            kind: EmployerKind::Enterprise,
            region: region("590101000000"),
            status: EmployerStatus::Unknown,
            version: 1,
        };
        for order in EmployerOrderField::VALUES {
            assert_eq!(EmployerCursor::of(&employer, *order).order(), *order);
        }
    }
}
