//! One definition of who is insured: what a record says, what a list is narrowed by and what is
//! counted agree, whatever agencies have sent and on whatever day.

use chrono::{DateTime, Days, NaiveDate, Utc};
use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use super::{EMPLOYER, HEAD_OFFICE, insured, item, state, submit};
use crate::support::app::{NOW, TestApp};
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        lists_and_figures_count_whom_the_records_call_insured,
        a_stop_by_one_employer_leaves_the_months_of_another,
    ]
}

const PEOPLE: u32 = 60;
const SEED: u64 = 59;
/// Days on which everybody is looked at, counted from [`NOW`]: also before what was stated, at the
/// end of months, and long after.
const DAYS: [i64; 9] = [-60, -23, -3, 0, 7, 8, 38, 69, 120];

async fn lists_and_figures_count_whom_the_records_call_insured(app: TestApp) {
    let mut random = StdRng::seed_from_u64(SEED);
    let now: DateTime<Utc> = NOW.parse().expect("a valid instant");
    let household = people::household(&app, people::VILLAGE, "h1").await;
    let officer = app.officer(ORIGIN);
    for number in 1..=PEOPLE {
        people::register(&app, &officer, &household, number).await;
        let months: Vec<Value> = (0..random.random_range(0..3))
            .map(|_| month(&mut random, number))
            .collect();
        if !months.is_empty() {
            submit(&app, Agency::SocialInsurance, json!(months)).await;
        }
        let stated: Vec<Value> = (0..random.random_range(0..4))
            .map(|_| statement(&mut random, number, now.date_naive()))
            .collect();
        if !stated.is_empty() {
            state(&app, json!(stated)).await;
        }
    }
    let mut told = [0, 0, 0];
    for day in DAYS {
        app.clock.set(now + chrono::TimeDelta::days(day));
        let standings = standings(&app, &officer).await;
        for (known, name) in told.iter_mut().zip(["YES", "NO", "UNKNOWN"]) {
            *known += standings.iter().filter(|(_, is)| is == name).count();
        }
        for insured in [true, false] {
            let called = standings.iter().filter(|(_, is)| (is == "YES") == insured);
            let called: Vec<_> = called.map(|(id, _)| id.clone()).collect();
            let found = narrowed(&app, &officer, insured).await;
            assert_eq!(found, called, "insured: {insured}, day {day}");
            if insured {
                assert_eq!(counted(&app, &officer).await, called.len(), "day {day}");
            }
        }
    }
    assert!(told.iter().all(|known| *known > 50), "{told:?}");
}

/// A payment for one of the last five months, of pension more often than not.
fn month(random: &mut StdRng, number: u32) -> Value {
    let month = random.random_range(7..=11);
    let kinds = ["PENSION", "PENSION", "WORK_INJURY"];
    let kind = *kinds.choose(random).expect("some");
    let by = *[EMPLOYER, HEAD_OFFICE].choose(random).expect("some");
    let changes = json!({"kind": kind, "employerCreditCode": by});
    item(number, &format!("2026-{month:02}"), changes)
}

/// Something about the pension of one of two employers' people, of the last four months.
fn statement(random: &mut StdRng, number: u32, today: NaiveDate) -> Value {
    let facts = [
        "ENROLLED",
        "ENROLLED",
        "STOPPED",
        "STOPPED",
        "PENSION_IN_PAYMENT",
    ];
    let fact = *facts.choose(random).expect("some");
    let employer = *[EMPLOYER, HEAD_OFFICE].choose(random).expect("some");
    let since = today - Days::new(random.random_range(0..120));
    json!({"residentId": people::resident_id(number), "employerCreditCode": employer,
           "employerName": "凤凰电子有限公司", "kind": "PENSION", "fact": fact, "since": since})
}

/// What the records say of everybody's pension insurance, in the order of their ids.
async fn standings(app: &TestApp, token: &str) -> Vec<(String, String)> {
    let query = "{ workers(first: 100) { nodes { id insuredNow { kind insured } } } }";
    let data = app.data(token, query, json!({})).await;
    let nodes = data["workers"]["nodes"].as_array().expect("people");
    assert_eq!(nodes.len(), PEOPLE as usize);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    nodes
        .iter()
        .map(|node| {
            let standings = node["insuredNow"].as_array().expect("five insurances");
            let pension = standings.iter().find(|one| one["kind"] == "PENSION");
            (
                text(&node["id"]),
                text(&pension.expect("one of them")["insured"]),
            )
        })
        .collect()
}

async fn narrowed(app: &TestApp, token: &str, insured: bool) -> Vec<String> {
    let query = "query($insured: Boolean) {
        workers(first: 100, filter: {insured: $insured}) { nodes { id } } }";
    let data = app.data(token, query, json!({"insured": insured})).await;
    let nodes = data["workers"]["nodes"].as_array().expect("people");
    let ids = nodes.iter().map(|node| node["id"].as_str().expect("an id"));
    ids.map(str::to_owned).collect()
}

async fn counted(app: &TestApp, token: &str) -> usize {
    let query = "query($region: RegionCode!) { regionSummary(region: $region) { insured } }";
    let data = app.data(token, query, json!({"region": ORIGIN})).await;
    let count = data["regionSummary"]["insured"].as_u64().expect("a count");
    usize::try_from(count).expect("a few")
}

async fn a_stop_by_one_employer_leaves_the_months_of_another(app: TestApp) {
    let id = people::person(&app, 1).await;
    let stopped = |employer: &str, since: &str| {
        json!([{"residentId": people::resident_id(1), "employerCreditCode": employer,
            "employerName": "凤凰电子有限公司", "kind": "PENSION", "fact": "STOPPED",
            "since": since}])
    };
    let officer = app.officer(ORIGIN);
    let october =
        |employer: &str| json!([item(1, "2026-10", json!({"employerCreditCode": employer}))]);
    submit(&app, Agency::SocialInsurance, october(EMPLOYER)).await;
    state(&app, stopped(EMPLOYER, "2026-10-31")).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "NO");
    submit(&app, Agency::SocialInsurance, october(HEAD_OFFICE)).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    assert_eq!(narrowed(&app, &officer, true).await, [id.as_str()]);
    assert_eq!(counted(&app, &officer).await, 1);
    state(&app, stopped(HEAD_OFFICE, "2026-10-15")).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "NO");
    assert_eq!(counted(&app, &officer).await, 0);
}
