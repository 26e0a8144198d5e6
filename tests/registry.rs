//! Households and people: registration, once in the province, and who sees whom.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_registered_person_is_seen_by_the_origin_alone,
        a_person_exists_once_in_the_province,
        telling_that_somebody_is_registered_takes_from_a_quota,
        one_key_registers_once_and_another_input_is_a_conflict,
        every_look_and_change_is_in_the_chain,
    ]
}

const WORKER: &str = "query($id: ID!) { worker(id: $id) {
    name residentIdMask birthYear phoneMask categories workStatus version
    household { number categoryHistory { category provisional } } } }";

async fn a_registered_person_is_seen_by_the_origin_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let seen = app
        .data(&app.officer(ORIGIN), WORKER, json!({"id": id}))
        .await;
    assert_eq!(
        seen["worker"],
        json!({
            "name": "王小1",
            "residentIdMask": format!("590222********{}", &people::resident_id(1)[14..]),
            "birthYear": 1990,
            "phoneMask": "139****8917",
            "categories": ["LIFTED_OUT_OF_POVERTY"],
            "workStatus": "UNKNOWN",
            "version": 1,
            "household": {
                "number": "h1",
                "categoryHistory": [{"category": "LIFTED_OUT_OF_POVERTY", "provisional": true}],
            },
        })
    );
    for region in [DESTINATION, ELSEWHERE] {
        let hidden = app
            .data(&app.officer(region), WORKER, json!({"id": id}))
            .await;
        assert_eq!(hidden, json!({"worker": null}), "{region}");
    }
    for (region, expected) in [
        (VILLAGE, 1),
        (ORIGIN, 1),
        ("590200000000", 1),
        (ELSEWHERE, 0),
    ] {
        let list = app
            .data(
                &app.officer(region),
                "{ workers { nodes { id } } }",
                json!({}),
            )
            .await;
        let found = list["workers"]["nodes"].as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{region}");
    }
}

async fn a_person_exists_once_in_the_province(app: TestApp) {
    people::person(&app, 1).await;
    let other = people::household(&app, "590322100200", "h1").await;
    let elsewhere = app.officer(ELSEWHERE);
    let refused = people::register(&app, &elsewhere, &other, 1).await;
    assert_eq!(refused["worker"], json!(null));
    assert_eq!(refused["userErrors"][0]["code"], "ALREADY_REGISTERED");
    let message = refused["userErrors"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.contains(ORIGIN), "{message}");
    let other_name = app
        .data(
            &elsewhere,
            "mutation($input: RegisterWorkerInput!) {
               registerWorker(input: $input) { worker { id } userErrors { code message } } }",
            json!({"input": {"householdId": other, "name": "别人",
                   "residentId": people::resident_id(1)}}),
        )
        .await;
    let error = &other_name["registerWorker"]["userErrors"][0];
    assert_eq!(error["code"], "IDENTITY_NOT_CONFIRMED");
    assert!(!error.to_string().contains(ORIGIN));
}

async fn telling_that_somebody_is_registered_takes_from_a_quota(app: TestApp) {
    people::person(&app, 1).await;
    let other = people::household(&app, "590322100200", "h1").await;
    let elsewhere = app.officer(ELSEWHERE);
    let guess = |name: &str| json!({"householdId": other, "name": name, "residentId": people::resident_id(1)});
    let guesses: Vec<_> = (0..51).map(|n| guess(&format!("猜{n}"))).collect();
    let told = app
        .data(
            &elsewhere,
            "mutation($input: RegisterWorkersInput!) {
               registerWorkers(input: $input) { results { userErrors { code } } } }",
            json!({"input": {"workers": guesses}}),
        )
        .await;
    let results = told["registerWorkers"]["results"]
        .as_array()
        .expect("a list");
    for (index, result) in results.iter().enumerate() {
        let expected = if index < 50 {
            "IDENTITY_NOT_CONFIRMED"
        } else {
            "DISCLOSURE_QUOTA_USED"
        };
        assert_eq!(result["userErrors"], json!([{"code": expected}]), "{index}");
    }
    let right = people::register(&app, &elsewhere, &other, 1).await;
    assert_eq!(right["userErrors"][0]["code"], "DISCLOSURE_QUOTA_USED");
    let entries = journal::of_action(&app, "worker.register_workers").await;
    let noted = entries
        .iter()
        .filter(|e| e.outcome == "IDENTITY_NOT_CONFIRMED");
    assert_eq!(noted.count(), 50);
}

async fn one_key_registers_once_and_another_input_is_a_conflict(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let token = app.officer(ORIGIN);
    let query = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id version } userErrors { code } } }";
    let input = |name: &str| {
        json!({"input": {"idempotencyKey": "k1", "householdId": household, "name": name,
               "residentId": people::resident_id(5)}})
    };
    let twins =
        futures::future::join_all((0..4).map(|_| app.data(&token, query, input("王五")))).await;
    for twin in &twins {
        assert_eq!(twin, &twins[0]);
        assert_eq!(twin["registerWorker"]["userErrors"], json!([]));
    }
    assert_eq!(app.code(&token, query, input("王六")).await, "CONFLICT");
}

async fn every_look_and_change_is_in_the_chain(app: TestApp) {
    use employment_exchange::platform::journal::{anchor, verify};
    let id = people::person(&app, 1).await;
    app.data(&app.officer(ORIGIN), WORKER, json!({"id": id}))
        .await;
    app.sequence().await;
    let anchors = app.directory.join("anchors");
    anchor::write_daily(&app.db, &app.keys, &anchors)
        .await
        .expect("an anchor");
    let files = anchor::files(&anchors).await.expect("readable");
    assert_eq!(files.len(), 1);
    let verdict = verify::chain(&app.db, &app.keys, &files)
        .await
        .expect("readable");
    assert!(
        matches!(verdict, verify::Verdict::Intact { links, anchors: 2 } if links >= 3),
        "{verdict:?}"
    );
}
