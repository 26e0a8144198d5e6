//! Names, kinds, seats, periods and cursors.

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
fn a_stated_seat_lies_in_a_county_and_a_prefecture() {
    let seat = Seat::stated(region("590101001002"));
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
