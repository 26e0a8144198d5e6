//! Households and people: registration, once in the province, and who sees whom.

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_registered_person_is_seen_by_the_origin_alone,
        a_person_exists_once_in_the_province,
        one_key_registers_once_and_another_input_is_a_conflict,
        every_look_and_change_is_in_the_chain,
        agriculture_of_the_whole_province_sees_everybody_in_it,
    ]
}

/// A token may say "for the whole province" by the province's code or by none.
async fn agriculture_of_the_whole_province_sees_everybody_in_it(app: TestApp) {
    people::person(&app, 1).await;
    let token = app.token(&TokenRequest {
        agency: Some(Agency::Agriculture),
        region: Some("590000000000".parse().expect("a region code")),
        ..app.request(Role::Agency, "bureau")
    });
    let list = app
        .data(&token, "{ workers { nodes { name } } }", json!({}))
        .await;
    assert_eq!(list["workers"]["nodes"], json!([{"name": "王小1"}]));
    let stated = app
        .data(
            &token,
            "mutation($input: SubmitCategoriesInput!) {
               submitCategories(input: $input) { results { outcome } } }",
            json!({"input": {"items": [{"residentId": people::resident_id(1),
                   "category": "MONITORED_UNSTABLE", "since": "2026-11-01"}]}}),
        )
        .await;
    assert_eq!(
        stated["submitCategories"]["results"],
        json!([{"outcome": "APPLIED"}])
    );
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
