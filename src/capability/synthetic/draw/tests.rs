use std::collections::HashSet;

use super::super::model::{Focus, GenerateOptions, Household, job_facts};
use super::*;
use crate::capability::worker::public::{WorkSplit, split};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::RecordId as _;
use crate::kernel::region_code::RegionCode;

const WORKERS: u32 = 20_000;

fn clock() -> Clock {
    Clock::fixed("2026-11-22T16:00:00Z".parse().expect("an instant"))
}

fn options() -> GenerateOptions {
    GenerateOptions {
        workers: WORKERS,
        seed: 59,
        insured_months: 3,
        focus: Focus {
            origin: RegionCode::parse("590222000000").expect("a code"),
            employer: CreditCode::parse("91590101MADEMK593G").expect("a code"),
            helper: "helper".to_owned(),
        },
    }
}

fn province(options: &GenerateOptions) -> Province {
    let villages: Vec<RegionCode> = [590_101, 590_122, 590_222, 590_322]
        .into_iter()
        .flat_map(|county| (200..204).map(move |village| county * 1_000_000 + 1_000 + village))
        .map(|code| RegionCode::from_i64(code).expect("a code"))
        .collect();
    let mut province = Province::new(&villages).expect("villages");
    let employers = employers(&province, options, Dice::new(options.seed, 0, clock()));
    let codes: HashSet<_> = employers.iter().map(|new| new.code.clone()).collect();
    assert_eq!(codes.len(), employers.len(), "a credit code comes twice");
    let settled: Vec<_> = employers.iter().map(|new| (new.county, new.id)).collect();
    province.settle(&settled);
    province
}

fn all(options: &GenerateOptions, batches: std::ops::Range<u32>) -> Vec<Household> {
    let province = province(options);
    let today = clock().today();
    batches
        .flat_map(|number| {
            let dice = Dice::new(options.seed, number, clock());
            batch(&province, options, number, today, dice)
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_one_others() {
    let written = |options: &GenerateOptions| format!("{:?}", all(options, 3..4));
    assert_eq!(written(&options()), written(&options()));
    let other = GenerateOptions {
        seed: 60,
        ..options()
    };
    assert_ne!(written(&options()), written(&other));
}

#[test]
fn nobodys_number_or_id_comes_twice_and_everybody_is_of_working_age() {
    let today = clock().today();
    let mut numbers = HashSet::new();
    let mut ids = HashSet::new();
    let mut accounts = HashSet::new();
    for household in all(&options(), 0..WORKERS.div_ceil(super::super::BATCH)) {
        assert!((1..=4).contains(&household.members.len()));
        for person in household.members {
            let age = person.resident_id.age_on(today).expect("born");
            assert!((17..=62).contains(&age), "{age}");
            let division = i64::from(person.resident_id.division());
            assert_eq!(division, household.village.as_i64() / 1_000_000);
            assert!(numbers.insert(person.resident_id.expose().to_owned()));
            assert!(ids.insert(person.id.uuid()));
            if let Some(account) = person.bank_account {
                assert_eq!(account.expose().len(), 19);
                assert!(accounts.insert(account.expose().to_owned()));
            }
            assert!(person.jobs.iter().all(|job| ids.insert(job.id.uuid())));
        }
    }
    assert_eq!(numbers.len(), WORKERS as usize);
    let share = accounts.len() * 100 / numbers.len();
    assert!(share.abs_diff(85) <= 2, "{share} percent have an account");
}

#[test]
fn two_thirds_work_and_the_places_are_shared_out_as_stated() {
    let (mut working, mut insured) = (0_u32, 0_u32);
    let mut places = [0_u32; 3];
    for household in all(&options(), 0..WORKERS.div_ceil(super::super::BATCH)) {
        for person in household.members {
            insured += u32::from(person.insured.is_some());
            let Some(job) = job_facts(&person.jobs).current else {
                assert!(person.insured.is_none());
                continue;
            };
            working += 1;
            places[match split(household.village, job.workplace) {
                WorkSplit::WithinCounty => 0,
                WorkSplit::OtherCounty => 1,
                WorkSplit::OutsideProvince => 2,
            }] += 1;
        }
    }
    let near = |share: u32, of: u32, percent: u32| {
        let found = share * 100 / of;
        assert!(found.abs_diff(percent) <= 3, "{found} instead of {percent}");
    };
    near(working, WORKERS, 65);
    for (found, percent) in places.into_iter().zip([46, 18, 36]) {
        near(found, working, percent);
    }
    near(insured, places[0] + places[1], 25);
}

#[test]
fn the_first_person_works_for_the_employer_of_the_demonstration() {
    let options = options();
    let province = province(&options);
    let households = all(&options, 0..1);
    let first = &households[0];
    assert_eq!(first.village.county(), Some(options.focus.origin));
    assert_eq!(first.number, first_number(0));
    assert_eq!(first.members[0].jobs[0].employer, province.focus());
    let helped: Vec<_> = households
        .iter()
        .filter(|of| of.members.iter().any(|person| person.helped))
        .map(|of| of.village.county())
        .collect();
    assert!(
        helped
            .iter()
            .all(|county| *county == Some(options.focus.origin))
    );
    assert!(!helped.is_empty());
}
