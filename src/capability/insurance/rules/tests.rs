use super::*;
use crate::capability::insurance::model::{Amounts, EntryKind};
use crate::kernel::ids::{ContributionId, RecordId as _, WorkerId};
use crate::kernel::money::Fen;
use uuid::Uuid;

fn month(text: &str) -> YearMonth {
    text.parse().expect("a month")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn employer(number: u128) -> Option<EmployerId> {
    Some(EmployerId::from_uuid(Uuid::from_u128(number)))
}

fn row(by: Option<EmployerId>, period: &str, posting: &str, paid: i64) -> Contribution {
    Contribution {
        id: ContributionId::from_uuid(Uuid::from_u128(1)),
        worker: WorkerId::from_uuid(Uuid::from_u128(2)),
        employer: by,
        payer: None,
        kind: InsuranceKind::Pension,
        entry: EntryKind::Normal,
        period: month(period),
        posting: month(posting),
        amounts: Amounts {
            base: Fen::new(400_000),
            employer: Fen::new(paid),
            personal: Fen::ZERO,
        },
        corrects: None,
    }
}

fn counted(rows: &[Contribution]) -> Vec<(String, String)> {
    insured_months(rows)
        .into_iter()
        .map(|found| (found.period.to_string(), found.posting.to_string()))
        .collect()
}

fn pair(period: &str, posting: &str) -> (String, String) {
    (period.to_owned(), posting.to_owned())
}

/// 2026-11-23, with months and days as given.
fn now(last: Option<&str>, enrolled: Option<&str>, stopped: Option<&str>) -> InsuredNow {
    let position = Position {
        last_period: last.map(month),
        enrolled_on: enrolled.map(day),
        stopped_on: stopped.map(day),
        pension_since: None,
        arrears_since: None,
    };
    insured_now(InsuranceKind::Pension, &position, day("2026-11-23"))
}

#[test]
fn insured_now_is_three_valued() {
    use InsuredNow::{No, Unknown, Yes};
    for (last, enrolled, stopped, expected) in [
        (None, None, None, Unknown),
        (Some("2026-11"), None, None, Yes),
        (Some("2026-10"), None, None, Yes),
        (Some("2026-09"), None, None, Unknown),
        (Some("2026-09"), Some("2025-01-01"), None, Yes),
        (Some("2026-08"), Some("2025-01-01"), None, No),
        (Some("2026-08"), None, None, No),
        (None, Some("2026-11-02"), None, Yes),
        (None, Some("2026-09-30"), None, Yes),
        (None, Some("2026-08-31"), None, Unknown),
        (None, Some("2026-12-01"), None, Unknown),
        (Some("2026-10"), None, Some("2026-10-20"), No),
        (Some("2026-11"), None, Some("2026-11-10"), Yes),
        (Some("2026-10"), None, Some("2026-09-20"), Yes),
        (Some("2026-10"), None, Some("2026-11-20"), No),
        (Some("2026-10"), Some("2026-11-21"), Some("2026-11-20"), Yes),
        (None, None, Some("2026-01-20"), No),
        (None, None, Some("2026-12-20"), Unknown),
    ] {
        assert_eq!(
            now(last, enrolled, stopped),
            expected,
            "{last:?} {enrolled:?} {stopped:?}"
        );
    }
}

#[test]
fn a_pension_in_payment_ends_pension_insurance_and_no_other() {
    let drawing = Position {
        last_period: Some(month("2026-10")),
        pension_since: Some(day("2026-11-01")),
        ..Position::default()
    };
    let today = day("2026-11-23");
    assert_eq!(
        insured_now(InsuranceKind::Pension, &drawing, today),
        InsuredNow::No
    );
    assert_eq!(
        insured_now(InsuranceKind::Medical, &drawing, today),
        InsuredNow::Yes
    );
}

#[test]
fn refunds_and_corrections_reduce_a_month_to_nothing_or_not() {
    let a = employer(1);
    let paid = row(a, "2026-03", "2026-03", 64_000);
    assert_eq!(
        counted(std::slice::from_ref(&paid)),
        [pair("2026-03", "2026-03")]
    );
    let less = row(a, "2026-03", "2026-05", -10_000);
    assert_eq!(
        counted(&[less.clone(), paid.clone()]),
        [pair("2026-03", "2026-03")]
    );
    let rest = row(a, "2026-03", "2026-06", -54_000);
    assert_eq!(counted(&[paid.clone(), less.clone(), rest.clone()]), []);
    let again = row(a, "2026-03", "2026-08", 64_000);
    assert_eq!(
        counted(&[again, paid, less, rest]),
        [pair("2026-03", "2026-08")]
    );
}

fn back(by: Option<EmployerId>, posting: &str, paid: i64) -> Contribution {
    Contribution {
        entry: EntryKind::Refund,
        ..row(by, "2026-03", posting, -paid)
    }
}

#[test]
fn a_payment_that_is_told_twice_is_one_and_a_refund_takes_it_back() {
    let a = employer(1);
    let paid = |posting| row(a, "2026-03", posting, 64_000);
    let refund = |posting| back(a, posting, 64_000);
    let late = Contribution {
        entry: EntryKind::Arrears,
        payer: employer(9),
        ..paid("2026-05")
    };
    for (rows, counts_since) in [
        // Two agencies, or one that posts it again, tell of one payment.
        (vec![paid("2026-03"), late.clone()], Some("2026-03")),
        (vec![paid("2026-03"), late.clone(), refund("2026-06")], None),
        (vec![paid("2026-03"), late.clone(), refund("2026-05")], None),
        (
            vec![paid("2026-03"), refund("2026-04"), refund("2026-05")],
            None,
        ),
        // What is paid after the refund is another payment, however often the refund was told.
        (
            vec![paid("2026-03"), refund("2026-04"), paid("2026-05")],
            Some("2026-05"),
        ),
        (
            vec![
                paid("2026-03"),
                refund("2026-04"),
                refund("2026-05"),
                paid("2026-06"),
            ],
            Some("2026-06"),
        ),
        // And so is one of another amount: it is paid instead of what was wrong.
        (
            vec![
                paid("2026-03"),
                refund("2026-04"),
                row(a, "2026-03", "2026-04", 60_000),
            ],
            Some("2026-03"),
        ),
        (vec![refund("2026-04"), paid("2026-05")], Some("2026-05")),
        (vec![refund("2026-04")], None),
    ] {
        let expected: Vec<_> = counts_since.iter().map(|on| pair("2026-03", on)).collect();
        assert_eq!(counted(&rows), expected, "{rows:?}");
        let backwards: Vec<_> = rows.into_iter().rev().collect();
        assert_eq!(counted(&backwards), expected, "in whatever order they come");
    }
    let others = back(employer(2), "2026-06", 64_000);
    assert_eq!(
        counted(&[paid("2026-03"), others]),
        [pair("2026-03", "2026-03")]
    );
}

#[test]
fn one_employers_refund_does_not_undo_anothers_month() {
    let rows = [
        row(employer(1), "2026-03", "2026-03", 64_000),
        row(employer(1), "2026-03", "2026-04", -64_000),
        row(employer(2), "2026-03", "2026-03", 64_000),
    ];
    let found = insured_months(&rows);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].employer, employer(2));
}

#[test]
fn a_back_payment_counts_from_its_posting_month() {
    let rows = [row(None, "2025-12", "2026-06", 64_000)];
    assert_eq!(counted(&rows), [pair("2025-12", "2026-06")]);
}

#[test]
fn leaving_one_employer_does_not_end_the_insurance_with_another() {
    let statement = |by, fact, since| Statement {
        worker: WorkerId::from_uuid(Uuid::from_u128(2)),
        employer: by,
        kind: InsuranceKind::Pension,
        fact,
        since: day(since),
    };
    use InsuranceFactKind::{Arrears, Enrolled, PensionInPayment, Stopped};
    let first = statement(employer(1), Enrolled, "2025-01-01");
    let second = statement(employer(2), Enrolled, "2026-10-15");
    let left = statement(employer(1), Stopped, "2026-11-01");
    let unpaid = LastMonths::new();
    let both = position(&unpaid, &[first, second, left]);
    assert_eq!(
        (both.enrolled_on, both.stopped_on),
        (Some(second.since), None)
    );
    let one = position(&unpaid, &[first, left]);
    assert_eq!(
        (one.enrolled_on, one.stopped_on),
        (Some(first.since), Some(left.since))
    );
    let others = [
        statement(employer(1), Arrears, "2026-02-01"),
        statement(None, PensionInPayment, "2026-04-01"),
        statement(None, PensionInPayment, "2026-03-01"),
    ];
    let drawing = position(
        &LastMonths::from([(employer(1), month("2026-02"))]),
        &others,
    );
    assert_eq!(
        drawing,
        Position {
            last_period: Some(month("2026-02")),
            pension_since: Some(day("2026-03-01")),
            arrears_since: Some(day("2026-02-01")),
            ..Position::default()
        }
    );
}

#[test]
fn a_stop_counts_unless_another_employer_goes_on_paying() {
    let (a, b) = (employer(1), employer(2));
    let stopped = |by, since: &str| Statement {
        worker: WorkerId::from_uuid(Uuid::from_u128(2)),
        employer: by,
        kind: InsuranceKind::Pension,
        fact: InsuranceFactKind::Stopped,
        since: day(since),
    };
    let left = stopped(a, "2026-10-31");
    for (months, further, expected) in [
        (vec![(b, "2026-10")], None, None),
        (vec![(b, "2026-11")], None, None),
        (vec![(None, "2026-10")], None, None),
        (vec![(b, "2026-09")], None, Some("2026-10-31")),
        (vec![(a, "2026-10")], None, Some("2026-10-31")),
        // Both have stopped: what each paid is no sign that it goes on.
        (
            vec![(a, "2026-10"), (b, "2026-10")],
            Some(stopped(b, "2026-10-15")),
            Some("2026-10-31"),
        ),
        (
            vec![(b, "2026-10")],
            Some(stopped(b, "2026-09-30")),
            Some("2026-09-30"),
        ),
    ] {
        let last = months.iter().map(|(by, period)| (*by, month(period)));
        let last: LastMonths = last.collect();
        let statements: Vec<Statement> = std::iter::once(left).chain(further).collect();
        let found = position(&last, &statements);
        assert_eq!(
            found.stopped_on,
            expected.map(day),
            "{months:?} {further:?}"
        );
    }
}

#[test]
fn work_injury_alone_is_no_evidence_of_a_job() {
    use InsuranceKind::{Medical, Pension, WorkInjury};
    assert!(!is_employment_evidence(WorkInjury));
    assert!(is_employment_evidence(Pension) && is_employment_evidence(Medical));
}

#[test]
fn a_recent_month_that_stands_says_where_somebody_works_now() {
    let (first, second) = (employer(1), employer(2));
    let stated = |fact, since: &str| Statement {
        worker: WorkerId::from_uuid(Uuid::from_u128(2)),
        employer: first,
        kind: InsuranceKind::Pension,
        fact,
        since: day(since),
    };
    let stopped = |since| stated(InsuranceFactKind::Stopped, since);
    let paid = |by, period| row(by, period, period, 64_000);
    let employed = |rows: &[Contribution], statements: &[Statement]| -> Vec<String> {
        employed_in(rows, statements, day("2026-11-23"))
            .into_iter()
            .map(|(by, month)| format!("{} {month}", by.uuid().as_u128()))
            .collect()
    };
    let none: [String; 0] = [];
    assert_eq!(employed(&[paid(first, "2026-09")], &[]), ["1 2026-09"]);
    assert_eq!(employed(&[paid(first, "2026-08")], &[]), none);
    assert_eq!(employed(&[paid(None, "2026-10")], &[]), none);
    let given_back = [
        paid(first, "2026-10"),
        row(first, "2026-10", "2026-11", -64_000),
    ];
    assert_eq!(employed(&given_back, &[]), none);
    let months = [paid(first, "2026-10"), paid(second, "2026-10")];
    assert_eq!(employed(&months, &[]), ["1 2026-10", "2 2026-10"]);
    assert_eq!(employed(&months, &[stopped("2026-10-31")]), ["2 2026-10"]);
    // A stop before the month, one that lies ahead, and one that a later enrolment undid.
    assert_eq!(
        employed(&months[..1], &[stopped("2026-09-30")]),
        ["1 2026-10"]
    );
    assert_eq!(
        employed(&months[..1], &[stopped("2026-12-01")]),
        ["1 2026-10"]
    );
    let back = stated(InsuranceFactKind::Enrolled, "2026-11-02");
    assert_eq!(
        employed(&months[..1], &[stopped("2026-10-31"), back]),
        ["1 2026-10"]
    );
}
