//! What follows from the facts about a person: work status, willingness, categories, split.

pub mod statements;

use chrono::NaiveDate;

use super::model::{
    Categories, CategorySpell, LabourFact, LabourFactKind, Residence, WorkSplit, WorkStatus,
};
use crate::kernel::ids::EmploymentId;
use crate::kernel::region_code::RegionCode;

/// The youngest age at which somebody is registered as a worker (Labour Law, article 15).
pub const WORKING_AGE: u32 = 16;

/// Facts about jobs that the employment capability states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFacts {
    /// The principal confirmed job that has not ended.
    pub current: Option<CurrentJob>,
    /// Every workplace region in the province with such a job: who is the destination.
    pub workplaces: Vec<RegionCode>,
    /// When the latest ended job ended.
    pub last_ended_on: Option<NaiveDate>,
    /// When the job that started last did, whether or not it has ended.
    pub last_started_on: Option<NaiveDate>,
}

/// The principal current job: the one that started last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentJob {
    /// The spell.
    pub employment: EmploymentId,
    /// When it started.
    pub started_on: NaiveDate,
    /// Where the work is done.
    pub workplace: RegionCode,
}

/// What is derived and materialised on the person's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Work status.
    pub work_status: WorkStatus,
    /// Since when, where known.
    pub since: Option<NaiveDate>,
    /// Able to work.
    pub able: Option<bool>,
    /// Willing to work.
    pub willing: Option<bool>,
    /// Whether a public welfare post was left.
    pub left_public_post: bool,
    /// The principal current job.
    pub current: Option<CurrentJob>,
    /// Where it is, seen from the origin.
    pub split: Option<WorkSplit>,
}

impl Derived {
    /// Where the principal current job is, when that is in the province.
    #[must_use]
    pub fn workplace(&self) -> Option<RegionCode> {
        let within = self.split != Some(WorkSplit::OutsideProvince);
        let job = self.current.as_ref().filter(|_| within);
        job.map(|job| job.workplace)
    }
}

/// Derives the status of a person registered in `origin` from every fact that holds by `today`.
///
/// A statement falls silent before what happened since: who took a job after leaving the labour
/// force came back to it, and whoever works is willing, whatever was stated before.
#[must_use]
pub fn derive(
    origin: RegionCode,
    facts: &[LabourFact],
    jobs: &JobFacts,
    today: NaiveDate,
) -> Derived {
    let latest = |kind| latest(facts, kind, today);
    let standing = |kind| {
        latest(kind)
            .filter(|fact| fact.value)
            .map(|fact| fact.since)
    };
    let deceased = standing(LabourFactKind::Deceased);
    let current = jobs.current.clone().filter(|_| deceased.is_none());
    let without_job = jobs
        .last_ended_on
        .max(standing(LabourFactKind::ReportedNotWorking));
    let last_worked = jobs.last_ended_on.max(jobs.last_started_on);
    let left = standing(LabourFactKind::LeftLabourForce).filter(|day| Some(*day) >= last_worked);
    let (work_status, since) = if let Some(day) = deceased {
        (WorkStatus::Deceased, Some(day))
    } else if let Some(job) = &current {
        (WorkStatus::Working, Some(job.started_on))
    } else if let Some(day) = left {
        (WorkStatus::LeftLabourForce, Some(day))
    } else if let Some(day) = without_job {
        (WorkStatus::NotWorking, Some(day))
    } else {
        (WorkStatus::Unknown, None)
    };
    // Nothing is asked of the dead.
    let living = deceased.is_none();
    let willing = latest(LabourFactKind::Willing)
        .filter(|fact| current.is_none() && Some(fact.since) >= jobs.last_started_on)
        .map_or_else(
            || jobs.last_started_on.is_some().then_some(true),
            |fact| Some(fact.value),
        );
    Derived {
        work_status,
        since,
        able: latest(LabourFactKind::Able)
            .map(|fact| fact.value)
            .filter(|_| living),
        willing: willing.filter(|_| living),
        left_public_post: standing(LabourFactKind::LeftPublicPost).is_some(),
        split: current.as_ref().map(|job| split(origin, job.workplace)),
        current,
    }
}

/// The place of work seen from the origin.
#[must_use]
pub fn split(origin: RegionCode, workplace: RegionCode) -> WorkSplit {
    if origin.province_prefix() != workplace.province_prefix() {
        WorkSplit::OutsideProvince
    } else if origin.county_or_itself() == workplace.county_or_itself() {
        WorkSplit::WithinCounty
    } else {
        WorkSplit::OtherCounty
    }
}

/// The categories that hold on `day`, of the statements that stand. Agriculture's word about a household
/// supersedes what its county stated; where both stand, a merger brought them together.
#[must_use]
pub fn categories_on(spells: &[CategorySpell], day: NaiveDate) -> Categories {
    let holds =
        |spell: &&CategorySpell| spell.since <= day && spell.until.is_none_or(|until| until >= day);
    spells
        .iter()
        .filter(holds)
        .fold(Categories::default(), |set, spell| set.with(spell.category))
}

/// The day on which somebody was given away by a region, whatever happened to their residence since:
/// the first of the residence behind the last one in it, of all in the order of time. `None` for a
/// region that never had them: then no day is before.
#[must_use]
pub fn handed_over_on(
    residences: &[Residence],
    within: impl Fn(RegionCode) -> bool,
) -> Option<NaiveDate> {
    let last = residences.iter().rposition(|lived| within(lived.village))?;
    residences.get(last + 1).map(|next| next.since)
}

/// The fact of a kind that speaks today: the one with the latest day, the last stated of equals.
fn latest(facts: &[LabourFact], kind: LabourFactKind, today: NaiveDate) -> Option<&LabourFact> {
    facts
        .iter()
        .filter(|fact| fact.kind == kind && fact.since <= today)
        .max_by_key(|fact| fact.since)
}

/// Whether a fact says what is stated already: it is the last about its kind and day, of all standing
/// ones in the order in which they were stated.
#[must_use]
pub fn is_stated(facts: &[LabourFact], fact: &LabourFact) -> bool {
    let same_day = |known: &&LabourFact| known.kind == fact.kind && known.since == fact.since;
    facts.iter().rev().find(same_day) == Some(fact)
}

#[cfg(test)]
mod tests {
    use super::super::model::{CategorySource, PovertyCategory};
    use super::*;
    use crate::kernel::ids::{HouseholdId, RecordId as _};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a valid day")
    }
    fn region(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a valid code")
    }
    fn fact(kind: LabourFactKind, value: bool, since: &str) -> LabourFact {
        LabourFact {
            kind,
            value,
            since: day(since),
            source: "test".into(),
        }
    }
    fn job(workplace: &str) -> JobFacts {
        let workplace = region(workplace);
        JobFacts {
            current: Some(CurrentJob {
                employment: EmploymentId::from_uuid(uuid::Uuid::from_u128(1)),
                started_on: day("2026-03-01"),
                workplace,
            }),
            workplaces: vec![workplace],
            last_ended_on: Some(day("2026-02-01")),
            last_started_on: Some(day("2026-03-01")),
        }
    }
    /// A job that came and went.
    fn past_job(from: &str, to: &str) -> JobFacts {
        JobFacts {
            last_ended_on: Some(day(to)),
            last_started_on: Some(day(from)),
            ..JobFacts::default()
        }
    }
    const ORIGIN: &str = "590222101209";
    const TODAY: &str = "2026-11-23";

    fn status(facts: &[LabourFact], jobs: &JobFacts) -> (WorkStatus, Option<NaiveDate>) {
        let derived = derive(region(ORIGIN), facts, jobs, day(TODAY));
        (derived.work_status, derived.since)
    }

    #[test]
    fn without_any_fact_the_status_is_unknown() {
        assert_eq!(
            status(&[], &JobFacts::default()),
            (WorkStatus::Unknown, None)
        );
    }

    #[test]
    fn a_current_job_beats_every_older_statement_but_a_death() {
        use LabourFactKind::{Deceased, LeftLabourForce, ReportedNotWorking};
        let facts = [
            fact(ReportedNotWorking, true, "2026-05-01"),
            fact(LeftLabourForce, true, "2025-01-01"),
        ];
        let jobs = job("590101000000");
        assert_eq!(
            status(&facts, &jobs),
            (WorkStatus::Working, Some(day("2026-03-01")))
        );
        let dead = [
            fact(LabourFactKind::Able, true, "2026-01-01"),
            fact(Deceased, true, "2026-06-01"),
        ];
        let derived = derive(region(ORIGIN), &dead, &jobs, day(TODAY));
        assert_eq!(derived.work_status, WorkStatus::Deceased);
        assert_eq!((derived.current, derived.split), (None, None));
        assert_eq!((derived.able, derived.willing), (None, None));
    }

    #[test]
    fn without_a_job_the_later_of_its_end_and_the_report_counts() {
        let jobs = past_job("2026-01-05", "2026-02-01");
        assert_eq!(
            status(&[], &jobs),
            (WorkStatus::NotWorking, Some(day("2026-02-01")))
        );
        let reported = [fact(LabourFactKind::ReportedNotWorking, true, "2026-04-01")];
        assert_eq!(
            status(&reported, &jobs),
            (WorkStatus::NotWorking, Some(day("2026-04-01")))
        );
    }

    #[test]
    fn a_fact_dated_in_the_future_says_nothing_yet_and_a_withdrawn_one_nothing_more() {
        let future = [fact(LabourFactKind::Deceased, true, "2026-11-24")];
        assert_eq!(status(&future, &JobFacts::default()).0, WorkStatus::Unknown);
        let withdrawn = [
            fact(LabourFactKind::LeftLabourForce, true, "2026-01-01"),
            fact(LabourFactKind::LeftLabourForce, false, "2026-02-01"),
        ];
        assert_eq!(
            status(&withdrawn, &JobFacts::default()).0,
            WorkStatus::Unknown
        );
    }

    #[test]
    fn whoever_works_counts_as_willing() {
        let unwilling = [fact(LabourFactKind::Willing, false, "2026-05-01")];
        let idle = derive(region(ORIGIN), &unwilling, &JobFacts::default(), day(TODAY));
        assert_eq!(idle.willing, Some(false));
        let busy = derive(region(ORIGIN), &unwilling, &job("590101000000"), day(TODAY));
        assert_eq!(busy.willing, Some(true));
    }

    #[test]
    fn who_left_the_labour_force_and_lost_a_later_job_is_without_work() {
        let left = |since| [fact(LabourFactKind::LeftLabourForce, true, since)];
        let jobs = past_job("2025-03-01", "2026-10-31");
        for (since, expected) in [
            ("2024-01-01", (WorkStatus::NotWorking, "2026-10-31")),
            ("2026-10-30", (WorkStatus::NotWorking, "2026-10-31")),
            ("2026-10-31", (WorkStatus::LeftLabourForce, "2026-10-31")),
            ("2026-11-10", (WorkStatus::LeftLabourForce, "2026-11-10")),
        ] {
            let (expected, on) = expected;
            assert_eq!(status(&left(since), &jobs), (expected, Some(day(on))));
        }
    }

    #[test]
    fn a_job_speaks_for_willingness_until_somebody_states_otherwise_later() {
        let willing = |stated: &[LabourFact]| {
            let jobs = past_job("2025-03-01", "2026-10-31");
            derive(region(ORIGIN), stated, &jobs, day(TODAY)).willing
        };
        let unwilling = |since| [fact(LabourFactKind::Willing, false, since)];
        assert_eq!(willing(&[]), Some(true));
        assert_eq!(willing(&unwilling("2024-06-01")), Some(true));
        assert_eq!(willing(&unwilling("2025-03-01")), Some(false));
        assert_eq!(willing(&unwilling("2026-11-02")), Some(false));
    }

    #[test]
    fn the_split_is_seen_from_the_county_of_registration() {
        for (workplace, expected) in [
            ("590222000000", WorkSplit::WithinCounty),
            ("590222101000", WorkSplit::WithinCounty),
            ("590101000000", WorkSplit::OtherCounty),
            ("440305000000", WorkSplit::OutsideProvince),
        ] {
            assert_eq!(
                split(region(ORIGIN), region(workplace)),
                expected,
                "{workplace}"
            );
        }
    }

    #[test]
    fn a_handover_is_the_day_behind_the_last_residence_in_the_region() {
        let lived = |village: &str, since: &str| Residence {
            household: HouseholdId::from_uuid(uuid::Uuid::from_u128(1)),
            village: region(village),
            since: day(since),
            until: None,
            reason: None,
        };
        let (here, there) = ("590222101209", "590322100200");
        let residences = [
            lived(here, "2026-01-05"),
            lived(there, "2026-10-01"),
            lived(here, "2026-10-20"),
            lived(there, "2026-11-01"),
            lived("590322100201", "2026-11-20"),
        ];
        let from = |code: &str| {
            let around = region(code);
            handed_over_on(&residences, |village| around.contains(village))
        };
        assert_eq!(from("590222000000"), Some(day("2026-11-01")));
        assert_eq!(from(there), Some(day("2026-11-20")));
        assert_eq!(from("590322000000"), None, "they live there");
        assert_eq!(from("590101000000"), None, "they never did");
    }

    #[test]
    fn what_stands_holds_from_its_first_day_to_its_last() {
        let county = CategorySpell {
            category: PovertyCategory::LiftedOutOfPoverty,
            since: day("2017-11-02"),
            until: None,
            source: CategorySource::County,
            provisional: true,
        };
        let agriculture = CategorySpell {
            category: PovertyCategory::MonitoredUnstable,
            source: CategorySource::Agriculture,
            provisional: false,
            until: Some(day("2026-06-30")),
            ..county.clone()
        };
        let both = [county, agriculture];
        let on = |text| categories_on(&both, day(text)).iter().collect::<Vec<_>>();
        let (lifted, unstable) = (
            PovertyCategory::LiftedOutOfPoverty,
            PovertyCategory::MonitoredUnstable,
        );
        assert_eq!(on("2017-11-01"), []);
        assert_eq!(on("2026-06-30"), [lifted, unstable]);
        assert_eq!(on(TODAY), [lifted]);
    }
}
