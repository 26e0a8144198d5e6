//! Households and their members.

use chrono::{Datelike as _, Days, NaiveDate};

use super::super::model::{BATCH, GenerateOptions, Household, Person};
use super::places::{Province, household_number};
use super::{Dice, jobs, names};
use crate::capability::employment::public::EmploymentForm;
use crate::capability::worker::public::{Education, LabourFact, LabourFactKind, PovertyCategory};
use crate::kernel::bank_account::BankAccount;
use crate::kernel::phone::Phone;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;

/// Ages reached in this calendar year: whoever is 62 at its end is 61 or 62 today.
const OLDEST: i32 = 62;
const YOUNGEST: i32 = 18;
/// Prime to the number of days of any 45 years, so that numbers one after the other get days far
/// apart and no day twice before all were had.
const STRIDE: u64 = 7_919;
/// The first sequence number: those below are left to people made up by hand.
const FIRST_SEQUENCE: u64 = 300;
/// People of the focus who have a helper.
const HELPED: usize = 8;
/// Insured people among those with an employer in the province, in percent. With those who work on
/// their own account it makes a quarter of all who work in the province.
const INSURED_OF_EMPLOYED: u32 = 33;
/// People whose account is known, in percent.
const WITH_ACCOUNT: u32 = 85;
/// Where this data comes from, as a source of facts.
const SOURCE: &str = "SYNTHETIC";

/// The households of one batch.
pub(in super::super) fn batch(
    province: &Province,
    options: &GenerateOptions,
    number: u32,
    today: NaiveDate,
    mut dice: Dice,
) -> Vec<Household> {
    let first = number * BATCH;
    let people = options.workers.saturating_sub(first).min(BATCH);
    let mut households = Vec::new();
    let mut helped = 0;
    let mut made = 0;
    while made < people {
        let within = u32::try_from(households.len()).expect("no more than people");
        let county = match within {
            0 => province.first_county(number, options.focus.origin),
            // One in ten, so that the county of a demonstration is worth looking at.
            _ if dice.chance(10) => province.first_county(0, options.focus.origin),
            _ => province.any_county(&mut dice),
        };
        let size = dice.weighted(&[(25, 1), (40, 2), (20, 3), (15, 4)]);
        let size = size.min(people - made);
        let place = Place {
            village: province.any_village(&mut dice, county),
            today,
        };
        let family = names::family(&mut dice);
        let members = (0..size).map(|member| {
            let index = first + made + member;
            let mut person = person(province, options, &place, index, family, &mut dice);
            person.helped = number == 0 && county == options.focus.origin && helped < HELPED;
            helped += usize::from(person.helped);
            person
        });
        let members = members.collect();
        households.push(Household {
            id: dice.ids.next(),
            number: household_number(number, within),
            village: place.village,
            category: category(&mut dice),
            since: dice.days_ago(today, 400, 3_000),
            members,
        });
        made += size;
    }
    // After everything else of the batch, which is the same as before people had accounts.
    for person in households.iter_mut().flat_map(|of| &mut of.members) {
        person.bank_account = dice
            .chance(WITH_ACCOUNT)
            .then(|| account(&mut dice))
            .flatten();
    }
    households
}

/// Where and when a person is drawn.
pub(super) struct Place {
    pub(super) village: RegionCode,
    pub(super) today: NaiveDate,
}

fn person(
    province: &Province,
    options: &GenerateOptions,
    place: &Place,
    index: u32,
    family: &str,
    dice: &mut Dice,
) -> Person {
    let married_in = dice.chance(30);
    let family = if married_in {
        names::family(dice)
    } else {
        family
    };
    let (jobs, mut facts) = jobs::life(province, options, place, index, dice);
    facts.extend(flags(place.today, dice));
    let in_province = jobs
        .iter()
        .find(|job| job.ended.is_none() && job.confirmed_by().is_some() && !job.outside_province);
    let insured = in_province
        .filter(|job| job.form == EmploymentForm::Employed && dice.chance(INSURED_OF_EMPLOYED))
        .map(|job| job.wage);
    Person {
        id: dice.ids.next(),
        name: names::person(dice, family),
        resident_id: resident_id(place, index),
        phone: dice.chance(95).then(|| phone(dice)).flatten(),
        bank_account: None,
        education: education(dice),
        facts,
        jobs,
        insured,
        helped: false,
    }
}

/// A number that nobody else has: days and then sequence numbers are gone through by the index.
fn resident_id(place: &Place, index: u32) -> ResidentId {
    let first = |years: i32| {
        NaiveDate::from_ymd_opt(place.today.year() - years, 1, 1).expect("the first of January")
    };
    let (from, below) = (first(OLDEST), first(YOUNGEST - 1));
    let days = below.signed_duration_since(from).num_days().unsigned_abs();
    let birth = from + Days::new(u64::from(index) * STRIDE % days);
    // Two numbers for each round through the days, one for a man and one for a woman.
    let sequence = FIRST_SEQUENCE + u64::from(index) / days * 2 + u64::from(index % 2);
    let sequence = u32::try_from(sequence).expect("below a thousand for five million people");
    let division = place.village.as_i64() / 1_000_000;
    let division = u32::try_from(division).expect("six digits");
    ResidentId::assemble(division, birth, sequence).expect("its parts fit their digits")
}

fn phone(dice: &mut Dice) -> Option<Phone> {
    // 174 00–05 are satellite numbers: no mobile of anybody's.
    Phone::parse(&format!("17400{:06}", dice.number(0, 1_000_000))).ok()
}

fn account(dice: &mut Dice) -> Option<BankAccount> {
    // 0 begins no bank card's number.
    BankAccount::parse(&format!(
        "0{:018}",
        dice.number(0, 1_000_000_000_000_000_000)
    ))
    .ok()
}

fn category(dice: &mut Dice) -> PovertyCategory {
    dice.weighted(&[
        (88, PovertyCategory::LiftedOutOfPoverty),
        (4, PovertyCategory::MonitoredUnstable),
        (5, PovertyCategory::MonitoredMarginal),
        (3, PovertyCategory::MonitoredSuddenHardship),
    ])
}

fn education(dice: &mut Dice) -> Education {
    dice.weighted(&[
        (4, Education::Illiterate),
        (30, Education::Primary),
        (42, Education::JuniorSecondary),
        (9, Education::SeniorSecondary),
        (8, Education::SecondaryVocational),
        (5, Education::JuniorCollege),
        (2, Education::Bachelor),
    ])
}

/// Statements about ability and willingness, and of having left a public welfare post. Some people
/// were never asked.
fn flags(today: NaiveDate, dice: &mut Dice) -> Vec<LabourFact> {
    let mut facts = Vec::new();
    for (kind, asked, yes) in [
        (LabourFactKind::Able, 95, 93),
        (LabourFactKind::Willing, 90, 86),
        (LabourFactKind::LeftPublicPost, 2, 100),
    ] {
        if dice.chance(asked) {
            let value = dice.chance(yes);
            facts.push(fact(kind, value, dice.days_ago(today, 5, 500)));
        }
    }
    facts
}

pub(super) fn fact(kind: LabourFactKind, value: bool, since: NaiveDate) -> LabourFact {
    LabourFact {
        kind,
        value,
        since,
        source: SOURCE.to_owned(),
    }
}
