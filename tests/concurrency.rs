//! What several callers do at the same moment: one of them wins, each gets a typed answer, and
//! nothing is written twice or lost.

use employment_exchange::platform::authn::{Role, TokenRequest};
use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        twins_with_one_key_write_once_and_get_the_same_answer,
        a_key_is_of_the_county_for_which_it_was_used,
        of_two_updates_of_one_version_one_wins,
        of_two_counties_that_register_one_person_one_wins,
        fifty_registrations_at_once_are_all_in_the_chain,
    ]
}

const EMPLOYER: &str = "91590101MA9K2T3HXH";
const REGISTER: &str = "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
    worker { id version } userErrors { code message } } }";

fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().expect("a list");
    let code = |error: &'_ Value| error["code"].as_str().map(str::len);
    assert!(errors.iter().all(|error| code(error).is_some()));
    errors.iter().filter_map(|e| e["code"].as_str()).collect()
}

/// Names of everybody a caller is shown.
async fn names(app: &TestApp, token: &str) -> Vec<String> {
    let data = app
        .data(
            token,
            "{ workers(first: 100) { nodes { name } } }",
            json!({}),
        )
        .await;
    let nodes = data["workers"]["nodes"].as_array().expect("a list");
    let name = |node: &Value| node["name"].as_str().expect("a name").to_owned();
    nodes.iter().map(name).collect()
}

async fn twins_with_one_key_write_once_and_get_the_same_answer(app: TestApp) {
    let token = app.officer(ORIGIN);
    let household = people::household(&app, VILLAGE, "h1").await;
    let input = json!({"input": {"idempotencyKey": "k1", "householdId": household,
        "name": "王五", "residentId": people::resident_id(5)}});
    let twins = join_all((0..8).map(|_| app.data(&token, REGISTER, input.clone()))).await;
    let first = &twins[0]["registerWorker"];
    assert_eq!(codes(first), [""; 0]);
    assert!(first["worker"]["id"].is_string());
    assert!(
        twins.iter().all(|twin| twin["registerWorker"] == *first),
        "{twins:#?}"
    );
    assert_eq!(names(&app, &token).await, ["王五"]);
    let written = journal::of_action(&app, "worker.register").await;
    let commits: std::collections::BTreeSet<_> = written.iter().map(|e| e.commit_id).collect();
    assert_eq!(commits.len(), 1, "{written:#?}");
}

/// One subject with tokens of two counties: what one of them did is neither told nor kept from the other.
async fn a_key_is_of_the_county_for_which_it_was_used(app: TestApp) {
    let of = |role, region: &str| {
        app.token(&TokenRequest {
            region: Some(region.parse().expect("a region code")),
            ..app.request(role, "one-clerk")
        })
    };
    let here = of(Role::Officer, ORIGIN);
    let id = people::person(&app, 5).await;
    let update = "mutation($input: UpdateWorkerInput!) { updateWorker(input: $input) {
        worker { version } userErrors { code } } }";
    let input = json!({"input": {"idempotencyKey": "k1", "workerId": id, "version": 1,
        "phone": "13800001234"}});
    let done = app.data(&here, update, input.clone()).await;
    assert_eq!(done["updateWorker"]["worker"]["version"], 2);
    let there = of(Role::Officer, ELSEWHERE);
    assert_eq!(app.code(&there, update, input.clone()).await, "NOT_FOUND");
    assert_eq!(app.data(&here, update, input.clone()).await, done);
    // The key is free for whatever else the other county means by it.
    let household = people::household(&app, "590322100200", "h9").await;
    let own = json!({"input": {"idempotencyKey": "k2", "householdId": household, "name": "王六",
        "residentId": people::resident_id(6)}});
    let made = app.data(&there, REGISTER, own.clone()).await;
    assert_eq!(codes(&made["registerWorker"]), [""; 0]);
    assert_eq!(app.code(&here, REGISTER, own).await, "NOT_FOUND");
}

async fn of_two_updates_of_one_version_one_wins(app: TestApp) {
    let token = app.officer(DESTINATION);
    let seat = json!({"input": {"creditCode": EMPLOYER, "name": "清河（甲）厂",
        "kind": "ENTERPRISE", "regionCode": DESTINATION}});
    let register = "mutation($input: RegisterEmployerInput!) { registerEmployer(input: $input) {
        employer { id version } userErrors { code } } }";
    let made = app.data(&token, register, seat).await;
    let employer = &made["registerEmployer"]["employer"];
    let update = "mutation($input: UpdateEmployerInput!) { updateEmployer(input: $input) {
        employer { name version } userErrors { code } } }";
    let both = join_all(["清河（乙）厂", "清河（丙）厂"].map(|name| {
        let input = json!({"id": employer["id"], "version": employer["version"], "name": name});
        app.data(&token, update, json!({"input": input}))
    }))
    .await;
    let [won, lost] = one_of_two(&both, "updateEmployer");
    assert_eq!(codes(lost), ["STALE_VERSION"]);
    // Whoever came too late is shown what is there now.
    assert_eq!(lost["employer"]["version"], 2);
    assert_eq!(lost["employer"]["name"], won["employer"]["name"]);
    assert_eq!(journal::of_action(&app, "employer.update").await.len(), 1);
}

async fn of_two_counties_that_register_one_person_one_wins(app: TestApp) {
    let counties = [(ORIGIN, VILLAGE), (ELSEWHERE, "590322100200")];
    let mut requests = Vec::new();
    for (county, village) in counties {
        let household = people::household(&app, village, "h1").await;
        let input = json!({"householdId": household, "name": "王五",
            "residentId": people::resident_id(5)});
        requests.push((app.officer(county), json!({"input": input})));
    }
    let answers = requests
        .iter()
        .map(|(token, input)| app.data(token, REGISTER, input.clone()));
    let both = join_all(answers).await;
    let [won, lost] = one_of_two(&both, "registerWorker");
    assert!(won["worker"]["id"].is_string());
    assert_eq!(codes(lost), ["ALREADY_REGISTERED"]);
    assert_eq!(lost["worker"], json!(null));
    let winner = usize::from(both[1]["registerWorker"] == *won);
    let message = lost["userErrors"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.contains(counties[winner].0), "{message}");
    let mut seen = Vec::new();
    for (token, _) in &requests {
        seen.push(names(&app, token).await.len());
    }
    assert_eq!((seen[winner], seen[1 - winner]), (1, 0));
}

/// The payload without an error and the one with: there must be one of each.
fn one_of_two<'a>(answers: &'a [Value], name: &str) -> [&'a Value; 2] {
    let payloads = [&answers[0][name], &answers[1][name]];
    match payloads.map(|payload| codes(payload).is_empty()) {
        [true, false] => payloads,
        [false, true] => [payloads[1], payloads[0]],
        _ => panic!("not one winner: {answers:#?}"),
    }
}

async fn fifty_registrations_at_once_are_all_in_the_chain(app: TestApp) {
    let token = app.officer(ORIGIN);
    let household = people::household(&app, VILLAGE, "h1").await;
    let all = join_all((1..=50).map(|number| people::register(&app, &token, &household, number)));
    for payload in all.await {
        assert_eq!(codes(&payload), [""; 0], "{payload}");
    }
    assert_eq!(names(&app, &token).await.len(), 50);
    let entries = journal::of_action(&app, "worker.register").await;
    let people: std::collections::BTreeSet<_> = entries
        .iter()
        .filter(|entry| entry.record_kind.as_deref() == Some("Worker"))
        .map(|entry| entry.record_id)
        .collect();
    assert_eq!(people.len(), 50);
    assert!(journal::verified(&app).await >= 50);
}
