//! Every deadline of the domain brief, and the properties that hold for all of them.

use proptest::prelude::*;

use super::*;

fn beijing_time(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00")
        .parse()
        .expect("a valid local time")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a real day")
}

/// The last day of a deadline that ends at 24:00 Beijing.
fn last_day(deadline: Deadline) -> NaiveDate {
    let local = deadline.at.with_timezone(&beijing());
    assert_eq!(local.time(), NaiveTime::MIN);
    local.date_naive().pred_opt().expect("a day before")
}

/// One row of the table of deadlines: 24 hours and 7 working days from a start.
fn assert_response_clock(start: &str, intake: &str, first_round: &str) {
    let calendar = WorkingCalendar::state_council();
    let start = beijing_time(start);
    let hours = calendar.add_hours(start, 24);
    assert_eq!(hours.at, beijing_time(intake));
    let days = calendar.add_working_days(start, 7);
    assert_eq!(last_day(days), day(first_round));
    assert!(!hours.provisional && !days.provisional);
}

#[test]
fn saturday_11_may_2024_counts() {
    assert_response_clock("2024-04-30T09:15", "2024-05-01T09:15", "2024-05-13");
}

#[test]
fn saturday_14_september_2024_is_day_one() {
    assert_response_clock("2024-09-13T16:40", "2024-09-14T16:40", "2024-09-25");
}

#[test]
fn sunday_26_january_and_saturday_8_february_2025_count() {
    assert_response_clock("2025-01-24T10:00", "2025-01-25T10:00", "2025-02-10");
}

#[test]
fn a_start_just_before_the_national_week_of_2025() {
    assert_response_clock("2025-09-30T23:50", "2025-10-01T23:50", "2025-10-16");
}

#[test]
fn a_deadline_may_be_a_make_up_saturday() {
    assert_response_clock("2026-02-12T15:30", "2026-02-13T15:30", "2026-02-28");
}

#[test]
fn a_make_up_sunday_is_in_and_a_festival_friday_is_out() {
    assert_response_clock("2026-09-18T09:00", "2026-09-19T09:00", "2026-09-29");
}

#[test]
fn beyond_the_published_days_a_deadline_is_provisional() {
    let calendar = WorkingCalendar::state_council();
    let start = beijing_time("2026-12-24T10:00");
    assert_eq!(
        calendar.add_hours(start, 24),
        Deadline {
            at: beijing_time("2026-12-25T10:00"),
            provisional: false
        }
    );
    let days = calendar.add_working_days(start, 7);
    assert!(days.provisional);
    assert_eq!(last_day(days), day("2027-01-04"));
    assert!(!calendar.add_working_days(start, 5).provisional);
    assert!(calendar.add_months(start, 1).provisional);
}

#[test]
fn publishing_the_next_year_makes_the_deadline_final() {
    let known = WorkingCalendar::state_council();
    let rows = known
        .exceptions()
        .chain([(day("2027-01-01"), DayKind::Off)]);
    let next = WorkingCalendar::new(day("2024-01-01")..=day("2027-12-31"), rows)
        .expect("no contradiction");
    let deadline = next.add_working_days(beijing_time("2026-12-24T10:00"), 7);
    assert!(!deadline.provisional);
    assert_eq!(last_day(deadline), day("2027-01-05"));
}

#[test]
fn five_working_days_of_public_notice_end_on_a_make_up_sunday() {
    let calendar = WorkingCalendar::state_council();
    let deadline = calendar.add_working_days(beijing_time("2025-09-22T09:00"), 5);
    assert_eq!(last_day(deadline), day("2025-09-28"));
}

#[test]
fn three_months_end_on_the_month_end_where_no_day_corresponds() {
    let calendar = WorkingCalendar::state_council();
    let deadline = calendar.add_months(beijing_time("2025-11-30T09:00"), 3);
    assert_eq!(last_day(deadline), day("2026-02-28"));
    assert!(!deadline.provisional);
}

#[test]
fn three_months_that_end_in_the_spring_festival_roll_to_the_next_working_day() {
    let calendar = WorkingCalendar::state_council();
    let deadline = calendar.add_months(beijing_time("2025-11-15T09:00"), 3);
    assert_eq!(last_day(deadline), day("2026-02-24"));
}

#[test]
fn the_day_of_the_start_is_a_beijing_day() {
    let calendar = WorkingCalendar::state_council();
    let before = "2025-03-03T15:59:59Z".parse().expect("a valid instant");
    let after = "2025-03-03T16:00:00Z".parse().expect("a valid instant");
    assert_eq!(
        last_day(calendar.add_working_days(before, 1)),
        day("2025-03-04")
    );
    assert_eq!(
        last_day(calendar.add_working_days(after, 1)),
        day("2025-03-05")
    );
    assert_eq!(
        last_day(calendar.add_working_days(before, 0)),
        day("2025-03-03")
    );
}

#[test]
fn the_published_years_have_251_248_and_248_working_days() {
    let calendar = WorkingCalendar::state_council();
    for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
        let working = date(year, (1, 1))
            .iter_days()
            .take_while(|d| d.year() == year)
            .filter(|d| calendar.is_working(*d).expect("published"))
            .count();
        assert_eq!(working, expected, "{year}");
    }
}

#[test]
fn days_that_other_calendars_get_wrong() {
    let calendar = WorkingCalendar::state_council();
    for (text, working) in [
        ("2026-01-02", false),
        ("2026-01-04", true),
        ("2026-02-23", false),
        ("2026-09-20", true),
        ("2026-09-27", false),
        ("2026-12-26", false),
        ("2026-12-31", true),
    ] {
        assert_eq!(calendar.is_working(day(text)), Some(working), "{text}");
    }
    for text in ["2023-12-29", "2027-01-04"] {
        assert_eq!(calendar.is_working(day(text)), None, "{text}");
    }
    assert_eq!(calendar.published_through(), day("2026-12-31"));
}

#[test]
fn rows_that_contradict_or_lie_outside_make_no_calendar() {
    let january = day("2025-01-01")..=day("2025-01-31");
    let twice = [
        (day("2025-01-04"), DayKind::Off),
        (day("2025-01-04"), DayKind::Work),
    ];
    assert_eq!(
        WorkingCalendar::new(january.clone(), twice),
        Err(CalendarError::Contradiction(day("2025-01-04")))
    );
    let outside = [(day("2025-02-01"), DayKind::Off)];
    assert_eq!(
        WorkingCalendar::new(january, outside),
        Err(CalendarError::Unpublished(day("2025-02-01")))
    );
    for kind in [DayKind::Off, DayKind::Work] {
        assert_eq!(DayKind::parse(kind.as_str()), Ok(kind));
    }
    assert_eq!(DayKind::parse("off"), Err(CalendarError::UnknownKind));
}

proptest! {
    #[test]
    fn a_later_start_never_has_an_earlier_deadline(
        start in 0_i64..126_230_400, later in 0_i64..8_000_000, length in 0_u16..400,
    ) {
        let calendar = WorkingCalendar::state_council();
        let first = beijing_time("2023-06-01T00:00") + TimeDelta::seconds(start);
        let second = first + TimeDelta::seconds(later);
        let days = |at| calendar.add_working_days(at, length).at;
        let months = |at| calendar.add_months(at, length / 10).at;
        let hours = |at| calendar.add_hours(at, length).at;
        prop_assert!(days(first) <= days(second));
        prop_assert!(months(first) <= months(second));
        prop_assert!(hours(first) <= hours(second));
    }

    #[test]
    fn a_longer_period_never_ends_earlier_and_ends_on_a_working_day(
        start in 0_i64..80_000_000, length in 1_u16..100,
    ) {
        let calendar = WorkingCalendar::state_council();
        let start = beijing_time("2024-01-01T00:00") + TimeDelta::seconds(start);
        let deadline = calendar.add_working_days(start, length);
        prop_assert!(deadline.at < calendar.add_working_days(start, length + 1).at);
        prop_assert_eq!(
            calendar.is_working(last_day(deadline)),
            (!deadline.provisional).then_some(true)
        );
        let months = calendar.add_months(start, length / 10);
        prop_assert_eq!(
            calendar.is_working(last_day(months)),
            (!months.provisional).then_some(true)
        );
    }
}
