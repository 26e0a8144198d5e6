//! Who is shown with a household has an entry.

use serde_json::json;

use employment_exchange::platform::authn::Role;

use super::{LOG, TRAIL, told};
use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub(super) async fn an_opened_household_is_in_the_trail(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let household = "query($id: ID!) { worker(id: $id) { household { id } } }";
    let found = app.data(&origin, household, json!({"id": id})).await;
    let household = &found["worker"]["household"]["id"];
    let open = "query($id: ID!) { node(id: $id) { ... on Household { members { name } } } }";
    app.data(&origin, open, json!({"id": household})).await;
    let filter = json!({"filter": {"recordId": household}, "first": 1});
    let trail = app.data(&app.plain(Role::Auditor), TRAIL, filter).await;
    let entry = &trail["trail"]["nodes"][0];
    assert_eq!(entry["outcome"], "SHOWN");
}

pub(super) async fn a_household_shown_by_a_repeated_registration_is_in_the_trail(app: TestApp) {
    const REGISTER: &str = "mutation($input: RegisterHouseholdInput!) {
        registerHousehold(input: $input) { household { members { name } } householdId } }";
    let origin = app.officer(ORIGIN);
    let input = json!({"input": {"village": VILLAGE, "number": "h1", "idempotencyKey": "k",
        "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}});
    let first = app.data(&origin, REGISTER, input.clone()).await;
    let household = first["registerHousehold"]["householdId"].as_str();
    people::register(&app, &origin, household.expect("an id"), 1).await;
    let again = app.data(&origin, REGISTER, input).await;
    let shown = &again["registerHousehold"]["household"]["members"];
    assert_eq!(shown[0]["name"], "王小1");
    let filter = json!({"filter": {"recordId": household, "outcome": "SHOWN"}});
    let trail = app.data(&app.plain(Role::Auditor), TRAIL, filter).await;
    assert_eq!(trail["trail"]["nodes"].as_array().map(Vec::len), Some(1));
}

/// Ways to two people of a household, with how often each has been shown since.
fn ways_to_housemates(id: &str, household: &str) -> [(String, [usize; 2], &'static str); 5] {
    let members = "household { members { name } }";
    [
        (
            format!("{{ worker(id: \"{id}\") {{ {members} }} }}"),
            [1, 1],
            "the other one as well, and nobody twice",
        ),
        (
            format!(
                "{{ node(id: \"{household}\") {{ ... on Household {{ members {{ name }} }} }} }}"
            ),
            [2, 2],
            "a household opened by itself shows both",
        ),
        (
            format!("{{ workers {{ nodes {{ {members} }} }} }}"),
            [2, 2],
            "both stand in the list",
        ),
        (
            format!(
                "{{ workers(first: 1, orderBy: {{field: NAME}}) {{ nodes {{ {members} }} }} }}"
            ),
            [2, 3],
            "one does not",
        ),
        (
            format!(
                "{{ region(code: \"{VILLAGE}\") {{ workers(first: 1, orderBy: {{field: NAME}}) {{ nodes {{ {members} }} }} }} }}"
            ),
            [2, 4],
            "of a region either",
        ),
    ]
}

pub(super) async fn whoever_is_shown_beside_somebody_of_the_household_has_an_entry(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let origin = app.officer(ORIGIN);
    let mut ids = Vec::new();
    for number in [1, 2] {
        let payload = people::register(&app, &origin, &household, number).await;
        ids.push(payload["worker"]["id"].as_str().expect("an id").to_owned());
    }
    let auditor = app.plain(Role::Auditor);
    let looks = async || {
        let mut looks = Vec::new();
        for id in &ids {
            let log = app
                .data(&auditor, LOG, json!({"id": id, "first": 100}))
                .await;
            let told = told(&log["accessLog"]["nodes"]);
            let shown = json!([
                "OFFICER",
                format!("officer-{ORIGIN}"),
                "worker.read",
                [],
                "SHOWN"
            ]);
            looks.push(told.iter().filter(|entry| **entry == shown).count());
        }
        looks
    };
    assert_eq!(looks().await, [0, 0]);
    for (asked, expected, what) in ways_to_housemates(&ids[0], &household) {
        app.data(&origin, &asked, json!({})).await;
        assert_eq!(looks().await, expected, "{what}");
    }
}
