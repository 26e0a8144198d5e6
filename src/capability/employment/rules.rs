//! What follows from what is known about a job: pure decisions.

mod retold;

use chrono::NaiveDate;

use super::model::{Employment, EmploymentState, Job};
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;

pub use retold::{Retold, is_told_again, retold, said_otherwise, stated, stated_already};

/// Whether a workplace lies outside the province of somebody registered in `origin`. Such a job
/// belongs to the origin alone: there is no destination in the exchange.
#[must_use]
pub fn is_outside_province(origin: RegionCode, workplace: RegionCode) -> bool {
    origin.province_prefix() != workplace.province_prefix()
}

/// Whether a month of insurance of the same person and employer confirms a reported job: when the
/// job had started by the month's end.
#[must_use]
pub fn is_confirmed_by_month(started_on: NaiveDate, month: YearMonth) -> bool {
    started_on <= month.last_day()
}

/// Which of the open reports of one person and employer a month of insurance confirms. It says nothing
/// of the place: where they name different counties, the employer's own report is meant, or one that
/// the origin has checked; where that does not settle it either, the county decides.
#[must_use]
pub fn confirmed_report<'a>(open: &[&'a Employment]) -> Option<&'a Employment> {
    let agreed = |reports: &[&'a Employment]| {
        let (first, rest) = reports.split_first()?;
        let county = first.job.workplace.county_or_itself();
        (rest
            .iter()
            .all(|other| other.job.workplace.county_or_itself() == county))
        .then_some(*first)
    };
    agreed(open).or_else(|| {
        let sure = |report: &&Employment| {
            report.checked.is_some() || report.reporter.for_employer().is_some()
        };
        let sure: Vec<&Employment> = open.iter().copied().filter(sure).collect();
        agreed(&sure)
    })
}

/// Whether a job waits for the county to decide anew. Only the county's word confirms it then: no
/// month of insurance that was known when the decision was sent back, and no ledger that repeats it.
#[must_use]
pub fn awaits_county(employment: &Employment) -> bool {
    employment.state == EmploymentState::Reported && employment.returned.is_some()
}

/// Whether one of the records of the same job was voided. Whoever reports that job again, the county
/// decides: neither a month of insurance nor a ledger undoes its word.
#[must_use]
pub fn was_a_mistake(same: &[Employment]) -> bool {
    same.iter()
        .any(|known| known.state == EmploymentState::Voided)
}

/// Whether a report of a job since `started_on` can only be about a confirmed job with the same
/// employer, however much their first days differ: that one goes on, or ended after the report
/// says it began.
#[must_use]
pub fn is_reported_again(started_on: NaiveDate, confirmed: &Employment) -> bool {
    confirmed.state == EmploymentState::Confirmed
        && confirmed.ending.is_none_or(|ending| ending.on > started_on)
}

/// Whether two jobs share a day. The day on which one ended no longer counts.
#[must_use]
pub fn overlap(one: &Employment, other: &Employment) -> bool {
    let begins_before_end =
        |a: &Employment, b: &Employment| b.ending.is_none_or(|ending| a.job.started_on < ending.on);
    begins_before_end(one, other) && begins_before_end(other, one)
}

/// The employer that `said` names and the record of the same job only writes, or not even that. What
/// was a mistake stays as it is, and no unit hires out to itself.
#[must_use]
pub fn resolved_by(known: &Employment, said: &Job) -> Option<EmployerId> {
    let lacks = known.job.employer.is_none() && known.state != EmploymentState::Voided;
    said.employer
        .filter(|employer| lacks && known.job.host != Some(*employer))
}

/// Whether the days of a contract are in order.
#[must_use]
pub fn is_contract_in_order(start: Option<NaiveDate>, end: Option<NaiveDate>) -> bool {
    match (start, end) {
        (Some(start), Some(end)) => start <= end,
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

/// Whether a further term follows the latest one: it begins later.
#[must_use]
pub fn follows(job: &Job, latest_renewal: Option<NaiveDate>, start: NaiveDate) -> bool {
    latest_renewal
        .or(job.contract_start)
        .is_none_or(|latest| start > latest)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::super::model::{EmploymentForm, Ending, Reporter, Return, WrittenEmployer};
    use super::*;
    use crate::kernel::ids::{EmploymentId, RecordId as _, WorkerId};

    pub(super) fn day(text: &str) -> NaiveDate {
        text.parse().expect("a valid day")
    }

    pub(super) fn region(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a valid code")
    }

    pub(super) fn employment(from: &str, to: Option<&str>) -> Employment {
        Employment {
            id: EmploymentId::from_uuid(Uuid::from_u128(1)),
            worker: WorkerId::from_uuid(Uuid::from_u128(2)),
            job: Job {
                form: EmploymentForm::Flexible,
                employer: None,
                employer_name: None,
                employer_code: None,
                written: WrittenEmployer::default(),
                host: None,
                contract_kind: None,
                contract_start: None,
                contract_end: None,
                job_title: None,
                monthly_wage: None,
                workplace: region("590101000000"),
                started_on: day(from),
                found_by: None,
            },
            outside_province: false,
            ending: to.map(|to| Ending {
                on: day(to),
                reason: None,
            }),
            state: EmploymentState::Confirmed,
            confirmed_by: None,
            reporter: Reporter {
                role: "OFFICER".into(),
                subject: "o".into(),
                acting_for: None,
            },
            reported_at: DateTime::UNIX_EPOCH,
            checked: None,
            last_confirmed_on: None,
            void_reason: None,
            returned: None,
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn of_reports_from_different_counties_a_month_confirms_the_employers_or_none() {
        let at = |workplace: &str, acting_for: &str| {
            let report = employment("2026-03-01", None);
            Employment {
                state: EmploymentState::Reported,
                job: Job {
                    workplace: region(workplace),
                    ..report.job
                },
                reporter: Reporter {
                    acting_for: Some(acting_for.into()),
                    ..report.reporter
                },
                ..report
            }
        };
        let (office, firm) = ("590101000000", "91590101MA9K2T3HXH");
        let here = at("590101000000", office);
        let street = at("590101001000", office);
        let there = at("590322000000", office);
        let told = at("590322000000", firm);
        assert_eq!(confirmed_report(&[]), None);
        assert_eq!(confirmed_report(&[&here, &street]), Some(&here));
        assert_eq!(confirmed_report(&[&here, &there]), None);
        assert_eq!(confirmed_report(&[&here, &there, &told]), Some(&told));
        let moved = at("590101000000", firm);
        assert_eq!(confirmed_report(&[&moved, &told]), None);
    }

    #[test]
    fn what_was_sent_back_awaits_the_county_until_it_has_decided() {
        let returned = Return {
            on: day("2026-06-01"),
            by: region("590200000000"),
            reason: "核实".into(),
        };
        for (state, awaits) in [
            (EmploymentState::Reported, true),
            (EmploymentState::Confirmed, false),
            (EmploymentState::Voided, false),
        ] {
            let job = Employment {
                state,
                returned: Some(returned.clone()),
                ..employment("2026-03-01", None)
            };
            assert_eq!(awaits_county(&job), awaits, "{state:?}");
        }
        let report = Employment {
            state: EmploymentState::Reported,
            ..employment("2026-03-01", None)
        };
        assert!(!awaits_county(&report));
    }

    #[test]
    fn a_record_learns_an_employer_that_it_lacks() {
        let firm = EmployerId::from_uuid(Uuid::from_u128(7));
        let other = EmployerId::from_uuid(Uuid::from_u128(8));
        let with = |employer, host, state| Employment {
            job: Job {
                employer,
                host,
                ..employment("2026-03-01", None).job
            },
            state,
            ..employment("2026-03-01", None)
        };
        let confirmed = EmploymentState::Confirmed;
        let said = with(Some(firm), None, confirmed).job;
        for (employer, host, state, learnt) in [
            (None, None, confirmed, Some(firm)),
            (None, Some(other), EmploymentState::Reported, Some(firm)),
            (None, Some(firm), confirmed, None),
            (Some(other), None, confirmed, None),
            (None, None, EmploymentState::Voided, None),
        ] {
            let known = with(employer, host, state);
            assert_eq!(resolved_by(&known, &said), learnt, "{known:?}");
        }
        let unresolved = employment("2026-03-01", None);
        assert_eq!(resolved_by(&unresolved, &unresolved.job), None);
    }

    #[test]
    fn another_province_is_told_by_its_prefix_alone() {
        let origin = region("590222101209");
        assert!(!is_outside_province(origin, region("590101000000")));
        assert!(is_outside_province(origin, region("440305000000")));
    }

    #[test]
    fn a_month_confirms_what_had_started_by_its_last_day() {
        let month = YearMonth::parse("2026-02").expect("a month");
        assert!(is_confirmed_by_month(day("2026-02-28"), month));
        assert!(!is_confirmed_by_month(day("2026-03-01"), month));
    }

    #[test]
    fn a_report_is_about_the_confirmed_job_that_it_overlaps() {
        let ended = employment("2026-03-01", Some("2026-09-30"));
        assert!(is_reported_again(day("2026-03-05"), &ended));
        assert!(is_reported_again(day("2026-02-01"), &ended));
        assert!(!is_reported_again(day("2026-09-30"), &ended));
        let open = employment("2026-03-01", None);
        assert!(is_reported_again(day("2026-10-01"), &open));
        let voided = Employment {
            state: EmploymentState::Voided,
            ..open
        };
        assert!(!is_reported_again(day("2026-10-01"), &voided));
    }

    #[test]
    fn jobs_overlap_until_the_day_on_which_one_ends() {
        let spring = employment("2026-03-01", Some("2026-06-01"));
        for (from, to, expected) in [
            ("2026-06-01", None, false),
            ("2026-05-31", None, true),
            ("2026-01-01", Some("2026-03-01"), false),
            ("2026-01-01", Some("2026-03-02"), true),
            ("2026-04-01", Some("2026-05-01"), true),
        ] {
            let other = employment(from, to);
            assert_eq!(overlap(&spring, &other), expected, "{from} {to:?}");
            assert_eq!(overlap(&other, &spring), expected, "{from} {to:?}");
        }
    }

    #[test]
    fn a_contract_ends_no_earlier_than_it_begins() {
        let (early, late) = (Some(day("2026-03-01")), Some(day("2026-03-02")));
        assert!(is_contract_in_order(early, late));
        assert!(is_contract_in_order(early, early));
        assert!(!is_contract_in_order(late, early));
        assert!(is_contract_in_order(None, early) && is_contract_in_order(late, None));
    }

    #[test]
    fn a_further_term_begins_after_the_latest_one() {
        let mut job = employment("2026-03-01", None).job;
        assert!(follows(&job, None, day("2020-01-01")));
        job.contract_start = Some(day("2026-03-01"));
        assert!(!follows(&job, None, day("2026-03-01")));
        assert!(follows(&job, None, day("2026-03-02")));
        assert!(!follows(&job, Some(day("2027-03-01")), day("2026-12-01")));
    }
}
