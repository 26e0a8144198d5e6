//! Households over time: moves, splits, mergers, corrections of resident ids, categories.

mod categories;
mod corrections;
mod history;
mod large;
mod moves;
mod names;
mod splits;
mod successors;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, ELSEWHERE, ORIGIN, VILLAGE};

/// A county of another prefecture, with one of its villages.
const NEW_COUNTY: &str = ELSEWHERE;
const NEW_VILLAGE: &str = "590322100200";

pub fn trials() -> Vec<Trial> {
    [
        moves::trials(),
        splits::trials(),
        corrections::trials(),
        history::trials(),
        large::trials(),
        names::trials(),
        categories::trials(),
        successors::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Lets a day pass, so that registration and move are told apart.
fn tomorrow(app: &TestApp) {
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
}

/// One household of [`VILLAGE`] with these people in it: its id, and theirs.
async fn family(app: &TestApp, number: &str, people: &[u32]) -> (String, Vec<String>) {
    let household = people::household(app, VILLAGE, number).await;
    let mut ids = Vec::new();
    for person in people {
        let payload = people::register(app, &app.officer(ORIGIN), &household, *person).await;
        ids.push(payload["worker"]["id"].as_str().expect("an id").to_owned());
    }
    (household, ids)
}

/// Runs a mutation of one input that must not fail; its payload.
async fn run(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> Value {
    let mut data = app
        .data(token, &mutation(name, answer), json!({"input": input}))
        .await;
    data[name].take()
}

fn mutation(name: &str, answer: &str) -> String {
    let mut kind = name.to_owned();
    kind[..1].make_ascii_uppercase();
    format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{
            {answer} userErrors {{ field code message }} }} }}"
    )
}

fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["code"].as_str().expect("a code"))
        .collect()
}

const PERSON: &str = "query($id: ID!) { worker(id: $id) {
    id originCode categories version
    household { id number villageCode version members { id } }
    residences { householdId villageCode since until reason } } }";

async fn person(app: &TestApp, region: &str, id: &str) -> Value {
    let mut data = app
        .data(&app.officer(region), PERSON, json!({"id": id}))
        .await;
    data["worker"].take()
}

fn move_household(household: &str, village: &str, version: i64) -> Value {
    json!({"householdId": household, "toVillage": village, "movedOn": "2026-11-24",
           "reason": "易地搬迁", "version": version})
}

fn split(household: &str, members: &[&str], version: i64) -> Value {
    json!({"householdId": household, "memberIds": members, "splitOn": "2026-11-24",
           "reason": "分户", "version": version})
}

fn merge(from: &str, into: &str, (from_version, into_version): (i64, i64)) -> Value {
    json!({"fromId": from, "intoId": into, "mergedOn": "2026-11-24", "reason": "合户",
           "fromVersion": from_version, "intoVersion": into_version})
}
