//! Lists of resident ids and bank accounts compared with the records.

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{codes, id, masked, rejected};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        ids_are_found_masked_and_values_are_in_no_answer,
        everybody_who_shares_an_account_is_found_as_it_stands_now,
        people_found_read_it_in_their_log_and_the_trail_tells_the_figures,
        a_repeated_request_matches_once_and_leaves_further_looks,
        a_request_that_loses_to_its_twin_leaves_looks_of_its_own,
        only_auditors_match_for_a_purpose_and_within_bounds,
        the_number_of_statements_does_not_depend_on_the_list,
    ]
}

const MATCH: &str = "mutation($input: MatchRecordsInput!) { matchRecords(input: $input) {
    matched unmatched invalid
    results { index workers { id name residentIdMask bankAccountMask birthYear }
              error { field code message } }
    userErrors { field code message } } }";
const PURPOSE: &str = "核查2026年社保补贴重复发放";
const SHARED: &str = "6222021234567890128";
const OWN: &str = "6217000012345678901";

fn list(kind: &str, values: &[&str]) -> Value {
    json!({"purpose": PURPOSE, "kind": kind, "values": values})
}

async fn matched(app: &TestApp, input: Value) -> Value {
    let auditor = app.plain(Role::Auditor);
    let mut told = app.data(&auditor, MATCH, json!({"input": input})).await;
    told["matchRecords"].take()
}

/// Names of the people of each result, in order; null for a value that was not compared.
fn names(payload: &Value) -> Value {
    let results = payload["results"].as_array().expect("results").iter();
    let of = results.map(|result| {
        let people = result["workers"].as_array()?;
        Some(people.iter().map(|w| w["name"].clone()).collect::<Value>())
    });
    of.collect::<Vec<_>>()
        .into_iter()
        .map(|n| json!(n))
        .collect()
}

/// Registers the `number`-th person with a bank account; their id.
async fn with_account(app: &TestApp, household: &str, number: u32, account: &str) -> String {
    let register = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id } userErrors { code } } }";
    let input = json!({"householdId": household, "name": format!("王小{number}"),
        "residentId": people::resident_id(number), "bankAccount": account});
    let token = app.officer(ORIGIN);
    let told = app.data(&token, register, json!({"input": input})).await;
    id(&told["registerWorker"]["worker"])
}

async fn ids_are_found_masked_and_values_are_in_no_answer(app: TestApp) {
    let person = people::person(&app, 1).await;
    people::person(&app, 2).await;
    let [one, two, nobody] = [1, 2, 3].map(people::resident_id);
    let mut mistyped = one.clone();
    mistyped.replace_range(17.., if one.ends_with('1') { "2" } else { "1" });
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).expect("a full-width form");
    let full_width: String = one.chars().map(wide).collect();
    let values = [
        &two,
        &nobody,
        &mistyped,
        &one,
        &full_width,
        &one,
        " ",
        SHARED,
    ];
    let told = matched(&app, list("RESIDENT_ID", &values)).await;
    assert_eq!(
        names(&told),
        json!([
            ["王小2"],
            [],
            null,
            ["王小1"],
            ["王小1"],
            ["王小1"],
            null,
            null
        ])
    );
    assert_eq!(
        (&told["matched"], &told["unmatched"], &told["invalid"]),
        (&json!(4), &json!(1), &json!(3))
    );
    for (index, code) in [(2, "BAD_CHECK_DIGIT"), (6, "MISSING"), (7, "MALFORMED")] {
        let error = &told["results"][index]["error"];
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(
            error["field"],
            json!(["input", "values", index.to_string()])
        );
    }
    let shown = &told["results"][3]["workers"][0];
    assert_eq!(shown["id"], json!(person));
    assert_eq!(shown["residentIdMask"], masked(1));
    assert_eq!(shown["birthYear"], 1990);
    let answer = told.to_string();
    for value in [one, two, nobody, mistyped, full_width, SHARED.to_owned()] {
        assert!(!answer.contains(&value), "{value} is in {answer}");
    }
}

async fn everybody_who_shares_an_account_is_found_as_it_stands_now(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let first = with_account(&app, &household, 1, "6222 0212 3456 7890 128").await;
    with_account(&app, &household, 2, SHARED).await;
    with_account(&app, &household, 3, OWN).await;
    let bulk = json!({"input": {"workers": [{"householdId": household, "name": "王小4",
        "residentId": people::resident_id(4), "bankAccount": SHARED}]}});
    let register = "mutation($input: RegisterWorkersInput!) {
        registerWorkers(input: $input) { userErrors { code } } }";
    app.data(&app.officer(ORIGIN), register, bulk).await;
    let values = [OWN, "6222-0212-3456-7890-128", "6222029999999999999", "62"];
    let found = async || {
        let told = matched(&app, list("BANK_ACCOUNT", &values)).await;
        let mut names = names(&told);
        if let Some(people) = names[1].as_array_mut() {
            people.sort_by_key(Value::to_string);
        }
        (names, told["results"][3]["error"]["code"].clone())
    };
    let expected = json!([["王小3"], ["王小1", "王小2", "王小4"], [], null]);
    assert_eq!(found().await, (expected, json!("BAD_BANK_ACCOUNT")));
    let update = "mutation($input: UpdateWorkerInput!) {
        updateWorker(input: $input) { userErrors { code } } }";
    let own = app.worker(ids::decode::<WorkerId>(&first).expect("an id"));
    for (version, account, expected) in [
        (
            1,
            json!(OWN),
            json!([["王小1", "王小3"], ["王小2", "王小4"], [], null]),
        ),
        (
            2,
            json!(null),
            json!([["王小3"], ["王小2", "王小4"], [], null]),
        ),
    ] {
        let input = json!({"workerId": first, "version": version, "bankAccount": account});
        let told = app.data(&own, update, json!({"input": input})).await;
        assert_eq!(told["updateWorker"]["userErrors"], json!([]));
        let (mut names, _) = found().await;
        if let Some(people) = names[0].as_array_mut() {
            people.sort_by_key(Value::to_string);
        }
        assert_eq!(names, expected, "{account}");
    }
    let other = matched(&app, list("RESIDENT_ID", &[SHARED])).await;
    assert_eq!(other["matched"], 0, "an account is no resident id");
}

async fn people_found_read_it_in_their_log_and_the_trail_tells_the_figures(app: TestApp) {
    let person = people::person(&app, 1).await;
    let other = people::person(&app, 2).await;
    let [one, nobody] = [1, 3].map(people::resident_id);
    let told = matched(&app, list("RESIDENT_ID", &[&one, &nobody, "x", &one])).await;
    assert_eq!(told["matched"], 2);
    let log = "{ accessLog(first: 1) { nodes { role subject action fields purpose outcome } } }";
    let own = |id: &str| app.worker(ids::decode::<WorkerId>(id).expect("an id"));
    let seen = app.data(&own(&person), log, json!({})).await;
    assert_eq!(
        seen["accessLog"]["nodes"][0],
        json!({"role": "AUDITOR", "subject": null, "action": "audit.match_records",
               "fields": [], "purpose": PURPOSE, "outcome": "MATCHED"})
    );
    let unseen = app.data(&own(&other), log, json!({})).await;
    assert_eq!(unseen["accessLog"]["nodes"][0]["action"], "worker.register");
    let trail = "{ trail(filter: {action: \"audit.match_records\"}) {
        nodes { recordId fields purpose outcome } } }";
    let auditor = app.plain(Role::Auditor);
    let told = app.data(&auditor, trail, json!({})).await;
    let figures = [
        "RESIDENT_ID",
        "values=4",
        "matched=2",
        "unmatched=1",
        "invalid=1",
        "people=1",
    ];
    let mut nodes = told["trail"]["nodes"].as_array().expect("a list").clone();
    nodes.sort_by_key(|node| node["recordId"].is_null());
    assert_eq!(
        nodes,
        [
            json!({"recordId": person, "fields": [], "purpose": PURPOSE, "outcome": "MATCHED"}),
            json!({"recordId": null, "fields": figures, "purpose": PURPOSE, "outcome": "DONE"}),
        ]
    );
    let none = matched(&app, list("BANK_ACCOUNT", &[SHARED])).await;
    assert_eq!(none["unmatched"], 1);
    let entries = journal::of_action(&app, "audit.match_records").await;
    assert_eq!(entries.len(), 3, "one that finds nobody is an entry too");
    for entry in entries {
        let text = format!("{entry:?}");
        for value in [&one, &nobody, SHARED] {
            assert!(!text.contains(value), "{value} is in {text}");
        }
    }
    journal::verified(&app).await;
}

async fn a_repeated_request_matches_once_and_leaves_further_looks(app: TestApp) {
    people::person(&app, 1).await;
    let one = people::resident_id(1);
    let mut input = list("RESIDENT_ID", &[&one, "x"]);
    input["idempotencyKey"] = json!("k");
    let first = matched(&app, input.clone()).await;
    let looks = async |action| journal::of_action(&app, action).await.len();
    assert_eq!(looks("audit.see_matched").await, 0);
    assert_eq!(matched(&app, input.clone()).await, first);
    assert_eq!(looks("audit.match_records").await, 2);
    assert_eq!(looks("audit.see_matched").await, 1);
    input["values"][0] = json!(people::resident_id(2));
    let other = json!({"input": input});
    let auditor = app.plain(Role::Auditor);
    assert_eq!(app.code(&auditor, MATCH, other).await, "CONFLICT");
}

async fn a_request_that_loses_to_its_twin_leaves_looks_of_its_own(app: TestApp) {
    const TWINS: usize = 6;
    for number in [1, 2] {
        people::person(&app, number).await;
    }
    let both = [1, 2].map(people::resident_id);
    let mut input = list("RESIDENT_ID", &[&both[0], &both[1]]);
    input["idempotencyKey"] = json!("k");
    let twins = (0..TWINS).map(|_| matched(&app, input.clone()));
    let twins = futures::future::join_all(twins).await;
    assert_eq!(twins[0]["matched"], 2);
    assert!(twins.iter().all(|twin| *twin == twins[0]), "{twins:#?}");
    let matchings = journal::of_action(&app, "audit.match_records").await;
    assert_eq!(
        matchings.len(),
        3,
        "one of them matched: figures and two people"
    );
    let looks = journal::of_action(&app, "audit.see_matched").await;
    let requests: std::collections::BTreeSet<_> = looks.iter().map(|e| &e.request_id).collect();
    assert_eq!((looks.len(), requests.len()), (2 * (TWINS - 1), TWINS - 1));
    assert!(!requests.contains(&matchings[0].request_id));
}

async fn only_auditors_match_for_a_purpose_and_within_bounds(app: TestApp) {
    let person = people::person(&app, 1).await;
    let one = people::resident_id(1);
    let input = list("RESIDENT_ID", &[&one]);
    for token in [
        app.plain(Role::Admin),
        app.officer("590000000000"),
        app.officer(ORIGIN),
        app.agency(Agency::SocialInsurance),
        app.agency(Agency::CivilAffairs),
        app.employer(super::EMPLOYER),
        app.helper("h-1"),
        app.worker(ids::decode::<WorkerId>(&person).expect("an id")),
    ] {
        let code = app.code(&token, MATCH, json!({"input": input})).await;
        assert_eq!(code, "FORBIDDEN");
    }
    for purpose in ["", "  核查  ", &"长".repeat(201), &format!("核查{one}")] {
        let mut input = input.clone();
        input["purpose"] = json!(purpose);
        let told = matched(&app, input).await;
        assert_eq!(codes(&told), rejected("purpose", "BAD_PURPOSE"));
        assert_eq!(told["results"], json!([]));
        assert!(!told.to_string().contains(&one));
    }
    let auditor = app.plain(Role::Auditor);
    for (values, code) in [
        (vec![], "BAD_USER_INPUT"),
        (vec![one.as_str(); 1_001], "LIMIT_EXCEEDED"),
    ] {
        let input = json!({"input": list("RESIDENT_ID", &values)});
        assert_eq!(app.code(&auditor, MATCH, input).await, code);
    }
    assert!(
        journal::of_action(&app, "audit.match_records")
            .await
            .iter()
            .all(|entry| entry.outcome == "REFUSED")
    );
    let told = matched(&app, list("RESIDENT_ID", &vec![one.as_str(); 1_000])).await;
    assert_eq!(told["matched"], 1_000);
}

async fn the_number_of_statements_does_not_depend_on_the_list(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    for number in 1..=3 {
        with_account(&app, &household, number, SHARED).await;
    }
    let all: Vec<_> = (1..=3).map(people::resident_id).collect();
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    matched(&app, list("RESIDENT_ID", &all)).await;
    let mut sent = Vec::new();
    for (kind, values) in [
        ("RESIDENT_ID", &all[..1]),
        ("RESIDENT_ID", &all),
        ("BANK_ACCOUNT", &[SHARED]),
    ] {
        let before = app.db.statements_sent();
        matched(&app, list(kind, values)).await;
        sent.push(app.db.statements_sent() - before);
    }
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[0], sent[2]);
}
