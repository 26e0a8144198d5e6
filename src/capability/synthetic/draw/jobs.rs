//! What somebody does for a living, and did before.

use chrono::{Days, NaiveDate};

use super::super::model::{GenerateOptions, Job};
use super::people::{Place, fact};
use super::places::{OUTSIDE, Province};
use super::{Dice, names};
use crate::capability::employment::public::{EmploymentForm, EmploymentState, EndReason, FoundBy};
use crate::capability::worker::public::{LabourFact, LabourFactKind};
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::RegionCode;

/// What keeps somebody busy.
#[derive(Clone, Copy)]
enum Life {
    Working,
    JobEnded,
    ReportedNotWorking,
    LeftLabourForce,
    /// Nobody has said anything.
    Unknown,
}

/// Where somebody works, seen from the origin.
#[derive(Clone, Copy)]
enum Distance {
    WithinCounty,
    OtherCounty,
    OutsideProvince,
}

/// Where a job is and for whom.
struct Post {
    form: EmploymentForm,
    employer: Option<EmployerId>,
    employer_name: Option<String>,
    workplace: RegionCode,
    outside_province: bool,
}

/// The jobs of the `index`-th person, and what the origin stated about having none.
pub(super) fn life(
    province: &Province,
    options: &GenerateOptions,
    place: &Place,
    index: u32,
    dice: &mut Dice,
) -> (Vec<Job>, Vec<LabourFact>) {
    let today = place.today;
    if let (0, Some(employer)) = (index, province.focus()) {
        let post = employed(employer, county_of(options));
        return (vec![running(post, today, dice)], Vec::new());
    }
    let life = dice.weighted(&[
        (65, Life::Working),
        (15, Life::JobEnded),
        (8, Life::ReportedNotWorking),
        (5, Life::LeftLabourForce),
        (7, Life::Unknown),
    ]);
    let mut jobs = Vec::new();
    let mut facts = Vec::new();
    match life {
        Life::Working => {
            let post = any_post(province, options, place, dice);
            jobs.push(running(post, today, dice));
            if dice.chance(20) {
                let post = any_post(province, options, place, dice);
                jobs.push(ended(post, today, (900, 1_400), dice));
            }
        }
        Life::JobEnded => {
            let post = any_post(province, options, place, dice);
            jobs.push(ended(post, today, (10, 300), dice));
        }
        Life::ReportedNotWorking => {
            let since = dice.days_ago(today, 10, 400);
            facts.push(fact(LabourFactKind::ReportedNotWorking, true, since));
        }
        Life::LeftLabourForce => {
            let since = dice.days_ago(today, 30, 2_000);
            facts.push(fact(LabourFactKind::LeftLabourForce, true, since));
        }
        Life::Unknown => {}
    }
    // A report that waits for the origin's word.
    if dice.chance(4) {
        let post = any_post(province, options, place, dice);
        jobs.push(Job {
            state: EmploymentState::Reported,
            ..running(post, today, dice)
        });
    }
    (jobs, facts)
}

fn county_of(options: &GenerateOptions) -> RegionCode {
    let division = i64::from(options.focus.employer.division());
    RegionCode::from_i64(division * 1_000_000).unwrap_or(options.focus.origin)
}

fn any_post(
    province: &Province,
    options: &GenerateOptions,
    place: &Place,
    dice: &mut Dice,
) -> Post {
    let home = place.village.county_or_itself();
    match dice.weighted(&[
        (46, Distance::WithinCounty),
        (18, Distance::OtherCounty),
        (36, Distance::OutsideProvince),
    ]) {
        Distance::WithinCounty => in_county(province, home, dice),
        Distance::OtherCounty => {
            let focus = province.focus().filter(|_| home == options.focus.origin);
            match focus {
                Some(employer) if dice.chance(50) => employed(employer, county_of(options)),
                _ => {
                    let at = province.counties().iter().position(|c| *c == home);
                    let others = province.counties().len().max(2) - 1;
                    let step = dice.number(1, others as i64 + 1).unsigned_abs() as usize;
                    let at = (at.unwrap_or(0) + step) % province.counties().len();
                    in_county(province, province.counties()[at], dice)
                }
            }
        }
        Distance::OutsideProvince => outside(dice),
    }
}

/// Three of four have an employer; the others work on their own account.
fn in_county(province: &Province, county: RegionCode, dice: &mut Dice) -> Post {
    let employer = province
        .any_employer(dice, county)
        .filter(|_| dice.chance(76));
    if let Some(employer) = employer {
        return employed(employer, county);
    }
    Post {
        form: dice.weighted(&[
            (60, EmploymentForm::Flexible),
            (40, EmploymentForm::OwnBusiness),
        ]),
        employer: None,
        employer_name: None,
        workplace: county,
        outside_province: false,
    }
}

fn employed(employer: EmployerId, county: RegionCode) -> Post {
    Post {
        form: EmploymentForm::Employed,
        employer: Some(employer),
        employer_name: None,
        workplace: county,
        outside_province: false,
    }
}

fn outside(dice: &mut Dice) -> Post {
    Post {
        form: EmploymentForm::Employed,
        employer: None,
        employer_name: Some(names::outside(dice)),
        workplace: RegionCode::from_i64(dice.one(&OUTSIDE)).expect("codes of prefectures"),
        outside_province: true,
    }
}

fn running(post: Post, today: NaiveDate, dice: &mut Dice) -> Job {
    let started_on = dice.days_ago(today, 20, 880);
    job(post, started_on, None, dice)
}

/// A job that ended so many days ago.
fn ended(post: Post, today: NaiveDate, ago: (u64, u64), dice: &mut Dice) -> Job {
    let day = dice.days_ago(today, ago.0, ago.1);
    let reason = dice.weighted(&[
        (40, EndReason::ContractEnded),
        (30, EndReason::Resigned),
        (10, EndReason::Dismissed),
        (15, EndReason::ReturnedHome),
        (5, EndReason::Illness),
    ]);
    let started_on = dice.days_ago(day - Days::new(60), 0, 700);
    job(post, started_on, Some((day, reason)), dice)
}

fn job(
    post: Post,
    started_on: NaiveDate,
    ended: Option<(NaiveDate, EndReason)>,
    dice: &mut Dice,
) -> Job {
    let Post {
        form,
        employer,
        employer_name,
        workplace,
        outside_province,
    } = post;
    Job {
        id: dice.ids.next(),
        form,
        employer,
        employer_name,
        workplace,
        outside_province,
        title: names::title(dice),
        // Whole hundreds of yuan.
        wage: dice.number(28, 75) * 100 * 100,
        found_by: dice.weighted(&[
            (30, FoundBy::Oneself),
            (35, FoundBy::Relatives),
            (15, FoundBy::LabourStation),
            (15, FoundBy::OrganisedTransfer),
            (5, FoundBy::Online),
        ]),
        started_on,
        ended,
        state: EmploymentState::Confirmed,
    }
}
