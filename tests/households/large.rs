//! A household with more people than a page takes none of another one's.

use employment_exchange::kernel::ids::{RecordId as _, WorkerId, decode};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_large_household_takes_no_row_of_a_small_one]
}

const REGISTER: &str = "mutation($input: RegisterWorkersInput!) { registerWorkers(input: $input) {
    results { worker { id } userErrors { code } } } }";
const MEMBERS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Worker {
    household { id members { id } } } } }";

/// Registers people in a household, at most a batch; their ids, in their order.
async fn register(app: &TestApp, household: &str, numbers: std::ops::Range<u32>) -> Vec<Value> {
    let person = |number| {
        json!({"householdId": household, "name": format!("王小{number}"),
            "residentId": people::resident_id(number)})
    };
    let workers: Vec<Value> = numbers.map(person).collect();
    let input = json!({"input": {"workers": workers}});
    let done = app.data(&app.officer(ORIGIN), REGISTER, input).await;
    let results = done["registerWorkers"]["results"].as_array();
    let results = results.expect("a list").iter();
    let mut people: Vec<Value> = results.map(|result| result["worker"].clone()).collect();
    people.sort_by_key(uuid);
    people
}

/// By which members are listed.
fn uuid(person: &Value) -> Uuid {
    let id = person["id"].as_str().expect("an id");
    decode::<WorkerId>(id).expect("a worker id").uuid()
}

async fn a_large_household_takes_no_row_of_a_small_one(app: TestApp) {
    let large = people::household(&app, VILLAGE, "h1").await;
    let small = people::household(&app, VILLAGE, "h2").await;
    // More than two pages: as many as a page for each of two households.
    let mut in_large = register(&app, &large, 0..100).await;
    in_large.extend(register(&app, &large, 100..200).await);
    in_large.extend(register(&app, &large, 200..210).await);
    in_large.sort_by_key(uuid);
    let in_small = register(&app, &small, 300..302).await;
    let ids = json!({"ids": [in_large[0]["id"], in_small[0]["id"]]});
    let seen = app.data(&app.officer(ORIGIN), MEMBERS, ids).await;
    let members = |node: usize| &seen["nodes"][node]["household"]["members"];
    assert_eq!(members(0), &json!(in_large[..100]));
    assert_eq!(members(1), &json!(in_small));
}
