//! Asking agencies again about people who were registered later.

use employment_exchange::capability::insurance::service::requery;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{insured, item, state, submit, tick};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        people_registered_later_are_handed_out_once,
        an_agency_that_delivers_only_dates_is_asked_too,
        a_request_that_loses_to_its_twin_leaves_looks_of_its_own,
        officers_take_no_list,
        a_number_of_any_size_is_refused_in_its_own_field,
    ]
}

const TAKE: &str = "mutation($input: TakeRequeryListInput!) { takeRequeryList(input: $input) {
        people { residentId name } hasMore userErrors { code } } }";

async fn people_registered_later_are_handed_out_once(app: TestApp) {
    let start = app.clock.now();
    people::person(&app, 1).await;
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(2, "2026-10", json!({}))]),
    )
    .await;
    tick(&app);
    let id = people::person(&app, 2).await;
    tick(&app);
    people::person(&app, 3).await;
    let caller = Caller::system("test.requery", None, app.db.refusals().clone());
    let fill = async || {
        requery::fill_requery(&app.db, &caller, start)
            .await
            .expect("filled")
    };
    assert_eq!(fill().await, 2, "those registered after the first delivery");
    assert_eq!(fill().await, 0);
    let take = async |token: &str, input: Value| {
        let data = app.data(token, TAKE, json!({"input": input})).await;
        data["takeRequeryList"].clone()
    };
    let elsewhere = app.token(&TokenRequest {
        agency: Some(Agency::SocialInsurance),
        region: Some(ELSEWHERE.parse().expect("a region code")),
        ..app.request(Role::Agency, "bureau")
    });
    for token in [app.agency(Agency::MedicalSecurity), elsewhere] {
        assert_eq!(take(&token, json!({})).await["people"], json!([]));
    }
    let token = app.agency(Agency::SocialInsurance);
    let first = take(&token, json!({"first": 1, "idempotencyKey": "k1"})).await;
    assert_eq!(
        first["people"],
        json!([
        {"residentId": people::resident_id(2), "name": "王小2"}])
    );
    assert_eq!(first["hasMore"], true);
    let again = take(&token, json!({"first": 1, "idempotencyKey": "k1"})).await;
    assert_eq!(again, first);
    let rest = take(&token, json!({})).await;
    assert_eq!(rest["people"][0]["residentId"], people::resident_id(3));
    assert_eq!(take(&token, json!({})).await["people"], json!([]));
    assert_eq!(
        fill().await,
        0,
        "whoever was taken is not put on the list again"
    );
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(2, "2026-10", json!({}))]),
    )
    .await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
}

async fn a_request_that_loses_to_its_twin_leaves_looks_of_its_own(app: TestApp) {
    const TWINS: usize = 6;
    let start = app.clock.now();
    let month = json!([item(3, "2026-10", json!({}))]);
    submit(&app, Agency::SocialInsurance, month).await;
    tick(&app);
    for number in [1, 2] {
        people::person(&app, number).await;
    }
    let caller = Caller::system("test.requery", None, app.db.refusals().clone());
    let filled = requery::fill_requery(&app.db, &caller, start).await;
    assert_eq!(filled.expect("filled"), 2);
    let token = app.agency(Agency::SocialInsurance);
    let input = json!({"input": {"idempotencyKey": "k1"}});
    let twins = (0..TWINS).map(|_| app.data(&token, TAKE, input.clone()));
    let twins = futures::future::join_all(twins).await;
    let people = twins[0]["takeRequeryList"]["people"].as_array();
    assert_eq!(people.map(Vec::len), Some(2));
    assert!(twins.iter().all(|twin| *twin == twins[0]), "{twins:#?}");
    let taken = journal::of_action(&app, "insurance.take_requery").await;
    assert_eq!(taken.len(), 2, "one of them took both");
    let looks = journal::of_action(&app, "insurance.read_requery").await;
    let requests: std::collections::BTreeSet<_> = looks.iter().map(|e| &e.request_id).collect();
    assert_eq!((looks.len(), requests.len()), (2 * (TWINS - 1), TWINS - 1));
    assert!(!requests.contains(&taken[0].request_id));
}

async fn officers_take_no_list(app: TestApp) {
    let officer = app.officer(ORIGIN);
    assert_eq!(
        app.code(&officer, TAKE, json!({"input": {}})).await,
        "FORBIDDEN"
    );
}

async fn an_agency_that_delivers_only_dates_is_asked_too(app: TestApp) {
    let start = app.clock.now();
    let enrolled = |number| {
        json!([{"residentId": people::resident_id(number), "kind": "PENSION", "fact": "ENROLLED",
            "since": "2026-11-02"}])
    };
    state(&app, enrolled(1)).await;
    tick(&app);
    for number in [1, 2, 3] {
        people::person(&app, number).await;
    }
    // Of two of them the agency has said something since.
    state(&app, enrolled(2)).await;
    submit(&app, Agency::Tax, json!([item(3, "2026-10", json!({}))])).await;
    let caller = Caller::system("test.requery", None, app.db.refusals().clone());
    let filled = requery::fill_requery(&app.db, &caller, start).await;
    assert_eq!(filled.expect("filled"), 1);
    let token = app.agency(Agency::SocialInsurance);
    let taken = app.data(&token, TAKE, json!({"input": {}})).await;
    let taken = &taken["takeRequeryList"]["people"];
    assert_eq!(
        *taken,
        json!([{"residentId": people::resident_id(1), "name": "王小1"}])
    );
}

async fn a_number_of_any_size_is_refused_in_its_own_field(app: TestApp) {
    let query = "mutation($months: SubmitContributionsInput!) {
        submitContributions(input: $months) { received }
        takeRequeryList(input: {first: 3000000000}) { hasMore } }";
    let months = json!({"items": [item(2, "2026-10", json!({}))]});
    let token = app.agency(Agency::SocialInsurance);
    let answer = app.gql(&token, query, json!({"months": months})).await;
    let delivered = json!({"submitContributions": {"received": 1}, "takeRequeryList": null});
    assert_eq!(answer["data"], delivered, "{answer:#}");
    let refused = &answer["errors"][0];
    assert_eq!(refused["path"], json!(["takeRequeryList"]));
    assert_eq!(refused["extensions"]["code"], "LIMIT_EXCEEDED");
}
