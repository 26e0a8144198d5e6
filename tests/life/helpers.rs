//! The helper whom a death takes, and who comes back with whoever did not die.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};

use super::worker_id;
use crate::support::app::TestApp;
use crate::support::people::{self, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_death_that_is_taken_back_gives_the_helper_back,
        whoever_moved_to_another_county_comes_back_without_a_helper,
        who_helps_is_shown_to_those_who_assign,
    ]
}

/// Runs a mutation of one input that must succeed.
async fn run(app: &TestApp, token: &str, name: &str, input: Value) {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
    );
    let told = app.data(token, &query, json!({"input": input})).await;
    assert_eq!(told[name]["userErrors"], json!([]), "{name}");
}

fn colleague(app: &TestApp, region: &str) -> String {
    app.token(&TokenRequest {
        region: Some(region.parse().expect("a region code")),
        ..app.request(Role::Officer, "a-colleague")
    })
}

/// Somebody alone in a household of [`VILLAGE`] whom `h-1` helps: household and id.
async fn helped(app: &TestApp) -> (String, String) {
    let household = people::household(app, VILLAGE, "h1").await;
    let officer = app.officer(ORIGIN);
    let payload = people::register(app, &officer, &household, 1).await;
    let id = payload["worker"]["id"].as_str().expect("an id").to_owned();
    let input = json!({"workerId": id, "helperSubject": "h-1", "since": "2026-01-01"});
    run(app, &officer, "assignHelper", input).await;
    (household, id)
}

async fn die(app: &TestApp, id: &str) {
    let input = json!({"workerId": id, "diedOn": "2026-11-01", "source": "村委会"});
    run(app, &app.officer(ORIGIN), "recordDeath", input).await;
}

/// Another officer of a region takes back the first death that stands.
async fn take_back(app: &TestApp, region: &str, id: &str) {
    let token = colleague(app, region);
    let query = "query($id: ID!) { worker(id: $id) { labourFacts { id kind voidedAt } } }";
    let seen = app.data(&token, query, json!({"id": id})).await;
    let facts = seen["worker"]["labourFacts"].as_array().expect("a list");
    let death = facts
        .iter()
        .find(|fact| fact["kind"] == "DECEASED" && fact["voidedAt"].is_null());
    let death = death.expect("a death stands");
    let input = json!({"workerId": id, "factId": death["id"], "reason": "误报"});
    run(app, &token, "voidLabourFact", input).await;
}

async fn is_helped(app: &TestApp, id: &str) -> bool {
    let query = "query($id: ID!) { worker(id: $id) { id } }";
    let seen = app.data(&app.helper("h-1"), query, json!({"id": id})).await;
    !seen["worker"].is_null()
}

async fn a_death_that_is_taken_back_gives_the_helper_back(app: TestApp) {
    let (_, id) = helped(&app).await;
    die(&app, &id).await;
    assert!(!is_helped(&app, &id).await);
    // Civil affairs says so too: until the second death is taken back nobody is left to be helped.
    let report = json!({"residentId": people::resident_id(1), "diedOn": "2026-10-05",
        "source": "殡葬登记"});
    run(
        &app,
        &app.agency(Agency::CivilAffairs),
        "recordDeath",
        report,
    )
    .await;
    take_back(&app, ORIGIN, &id).await;
    assert!(!is_helped(&app, &id).await);
    take_back(&app, ORIGIN, &id).await;
    assert!(is_helped(&app, &id).await);
    // Whoever helps again may be followed by somebody else, as ever.
    let input = json!({"workerId": id, "helperSubject": "h-2", "since": "2026-11-02"});
    run(&app, &app.officer(ORIGIN), "assignHelper", input).await;
    assert!(!is_helped(&app, &id).await);
}

async fn whoever_moved_to_another_county_comes_back_without_a_helper(app: TestApp) {
    let (household, id) = helped(&app).await;
    die(&app, &id).await;
    let input = json!({"householdId": household, "toVillage": "590322100200",
        "movedOn": "2026-11-23", "reason": "搬迁", "version": 1});
    run(&app, &app.officer(ORIGIN), "moveHousehold", input).await;
    take_back(&app, ELSEWHERE, &id).await;
    assert!(!is_helped(&app, &id).await, "another county's helper");
}

async fn who_helps_is_shown_to_those_who_assign(app: TestApp) {
    let (_, id) = helped(&app).await;
    let query = "query($id: ID!) { worker(id: $id) { helper { helperSubject since } } }";
    let pairing = json!({"helperSubject": "h-1", "since": "2026-01-01"});
    for (token, shown) in [
        (app.officer(ORIGIN), true),
        (app.officer("590222101000"), true),
        (app.officer("590000000000"), true),
        (app.officer(VILLAGE), false),
        (app.officer("590200000000"), false),
        (app.plain(Role::Auditor), false),
        (app.helper("h-1"), false),
        (app.worker(worker_id(&id)), false),
    ] {
        let seen = app.data(&token, query, json!({"id": id})).await;
        let expected = if shown { pairing.clone() } else { Value::Null };
        assert_eq!(seen["worker"]["helper"], expected);
    }
    die(&app, &id).await;
    let seen = app
        .data(&app.officer(ORIGIN), query, json!({"id": id}))
        .await;
    assert_eq!(seen["worker"]["helper"], json!(null));
}
