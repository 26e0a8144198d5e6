//! Registering many people at once.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{codes, mistyped};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_bad_item_does_not_stop_good_ones_and_leaves_nothing,
        an_item_that_cannot_be_read_is_refused_alone,
        a_repeated_bulk_request_registers_once_and_answers_the_same,
        a_thousand_people_fit_into_one_request_and_no_more,
    ]
}

const REGISTER: &str = "mutation($input: RegisterWorkersInput!) {
    registerWorkers(input: $input) {
        results { index worker { name version } userErrors { field code message } }
        userErrors { code } } }";

fn item(household: &str, number: u32) -> Value {
    json!({"householdId": household, "name": format!("王小{number}"),
           "residentId": people::resident_id(number), "phone": "13930628917"})
}

async fn register(app: &TestApp, input: Value) -> Value {
    let mut told = app
        .data(&app.officer(ORIGIN), REGISTER, json!({"input": input}))
        .await;
    told["registerWorkers"].take()
}

async fn names(app: &TestApp, region: &str) -> Value {
    let query = "{ workers(orderBy: {field: NAME}) { nodes { name } } }";
    let mut data = app.data(&app.officer(region), query, json!({})).await;
    data["workers"]["nodes"].take()
}

async fn a_bad_item_does_not_stop_good_ones_and_leaves_nothing(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let foreign = people::household(&app, "590322100200", "h1").await;
    let elsewhere = people::register(&app, &app.officer(ELSEWHERE), &foreign, 7).await;
    assert_eq!(elsewhere["userErrors"], json!([]));
    let mut wrong = item(&household, 2);
    wrong["residentId"] = json!(mistyped(2));
    let mut no_phone = item(&household, 4);
    no_phone["phone"] = json!("12");
    let told = register(
        &app,
        json!({"workers": [item(&household, 1), wrong, item(&household, 1), no_phone,
               item(&foreign, 5), item(&household, 7), item(&household, 6)]}),
    )
    .await;
    assert_eq!(told["userErrors"], json!([]));
    let results = told["results"].as_array().expect("a list");
    let summary: Vec<_> = results
        .iter()
        .map(|result| (result["worker"]["name"].as_str(), codes(result)))
        .collect();
    let refused = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
    assert_eq!(
        summary,
        [
            (Some("王小1"), vec![]),
            (
                None,
                refused("input.workers.1.residentId", "BAD_CHECK_DIGIT")
            ),
            (
                Some("王小1"),
                refused("input.workers.2.residentId", "ALREADY_REGISTERED")
            ),
            (None, refused("input.workers.3.phone", "BAD_PHONE")),
            (None, refused("input.workers.4.householdId", "NOT_FOUND")),
            (
                None,
                refused("input.workers.5.residentId", "ALREADY_REGISTERED")
            ),
            (Some("王小6"), vec![]),
        ]
    );
    assert!(
        told.to_string().contains(ELSEWHERE),
        "the county to contact"
    );
    assert!(!told.to_string().contains("19900101"), "no resident id");
    assert_eq!(
        names(&app, ORIGIN).await,
        json!([{"name": "王小1"}, {"name": "王小6"}])
    );
    assert_eq!(names(&app, DESTINATION).await, json!([]));
    let token = app.officer(VILLAGE);
    let input = json!({"input": {"workers": [item(&household, 8)]}});
    assert_eq!(app.code(&token, REGISTER, input).await, "FORBIDDEN");
}

async fn an_item_that_cannot_be_read_is_refused_alone(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let with = |number: u32, field: &str, value: Value| {
        let mut item = item(&household, number);
        item[field] = value;
        item
    };
    let stated = json!({"value": true, "since": "2026-02-30", "source": "入户"});
    let employer = "RW1wbG95ZXI6AAAAAAAAAAAAAAAAAAAAAA";
    let skills = vec!["电焊"; 21];
    let input = json!({"idempotencyKey": "k-1", "workers": [
        with(1, "able", stated), item(&household, 2), with(3, "stay", json!("5902")),
        with(4, "householdId", json!(employer)), with(5, "skills", json!(skills))]});
    let told = register(&app, input.clone()).await;
    let results = told["results"].as_array().expect("a list");
    let told_of = |result: &Value| {
        let message = &result["userErrors"][0]["message"];
        assert_eq!(message.is_string(), result["worker"].is_null(), "{result}");
        (result["worker"]["name"].is_string(), codes(result))
    };
    let refused = |field: &str, code: &str| (false, vec![(field.to_owned(), code.to_owned())]);
    assert_eq!(
        results.iter().map(told_of).collect::<Vec<_>>(),
        [
            refused("input.workers.0.able.since", "BAD_DATE"),
            (true, vec![]),
            refused("input.workers.2.stay", "BAD_REGION_CODE"),
            refused("input.workers.3.householdId", "BAD_RECORD_ID"),
            refused("input.workers.4.skills", "TOO_MANY_SKILLS"),
        ]
    );
    assert_eq!(names(&app, ORIGIN).await, json!([{"name": "王小2"}]));
    let again = register(&app, input.clone()).await;
    assert_eq!(told, again, "kept with the key");
    let mut other = input;
    other["workers"][0]["able"]["since"] = json!("2026-02-31");
    let code = app
        .code(&app.officer(ORIGIN), REGISTER, json!({"input": other}))
        .await;
    assert_eq!(
        code, "CONFLICT",
        "what cannot be read belongs to the request"
    );
    let none = json!({"workers": [with(6, "stay", json!("5902"))]});
    let told = register(&app, none).await;
    assert_eq!(
        told["results"][0]["userErrors"][0]["code"],
        "BAD_REGION_CODE"
    );
}

async fn a_repeated_bulk_request_registers_once_and_answers_the_same(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let mut bad = item(&household, 2);
    bad["name"] = json!(" ");
    let input = json!({"idempotencyKey": "b1", "workers": [item(&household, 1), bad]});
    let first = register(&app, input.clone()).await;
    assert_eq!(first, register(&app, input).await);
    assert_eq!(first["results"][1]["userErrors"][0]["code"], "BAD_TEXT");
    assert_eq!(names(&app, ORIGIN).await, json!([{"name": "王小1"}]));
}

async fn a_thousand_people_fit_into_one_request_and_no_more(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let people = |n| {
        (1..=n)
            .map(|number| item(&household, number))
            .collect::<Vec<_>>()
    };
    let token = app.officer(ORIGIN);
    let body = app
        .gql(
            &token,
            REGISTER,
            json!({"input": {"workers": people(1_001)}}),
        )
        .await;
    let refused = &body["errors"][0]["extensions"];
    assert_eq!(refused["code"], "LIMIT_EXCEEDED");
    assert_eq!(
        (&refused["limit"], &refused["bound"]),
        (&json!("batchSize"), &json!(1_000))
    );
    let none = json!({"input": {"workers": []}});
    assert_eq!(app.code(&token, REGISTER, none).await, "BAD_USER_INPUT");
    let told = register(&app, json!({"workers": people(1_000)})).await;
    let results = told["results"].as_array().expect("a list");
    assert_eq!(results.len(), 1_000);
    assert!(results.iter().all(|result| codes(result).is_empty()));
    assert!(
        results
            .iter()
            .all(|result| result["worker"]["version"] == 1)
    );
}
