//! `nodes`: many objects of any type, each with an outcome of its own.

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        what_a_role_may_not_open_leaves_the_other_nodes_alone,
        too_many_nodes_and_no_token_are_refused_as_a_whole,
        whoever_gives_many_bad_ids_is_told_that_not_all_errors_are_listed,
        many_objects_of_a_kind_take_the_statements_of_a_few,
    ]
}

const NODES: &str =
    "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Region { code } } }";

async fn region(app: &TestApp) -> Value {
    let query = "query($code: RegionCode!) { region(code: $code) { id } }";
    let mut found = app
        .data(&app.officer(ORIGIN), query, json!({"code": ORIGIN}))
        .await;
    found["region"]["id"].take()
}

async fn what_a_role_may_not_open_leaves_the_other_nodes_alone(app: TestApp) {
    let worker = people::person(&app, 1).await;
    let missing = ids::encode(app.db.ids().next::<WorkerId>());
    let region = region(&app).await;
    let asked = json!({"ids": [worker, region, "no id", missing, region]});
    let tax = app.agency(Agency::Tax);
    let answer = app.gql(&tax, NODES, asked.clone()).await;
    let shown = json!({"__typename": "Region", "code": ORIGIN});
    assert_eq!(
        answer["data"],
        json!({"nodes": [null, shown, null, null, shown]})
    );
    let errors = answer["errors"].as_array().expect("a list");
    let mut told: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", error["path"], error["extensions"]["code"]))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "[\"nodes\",0] \"FORBIDDEN\"",
            "[\"nodes\",2] \"BAD_USER_INPUT\"",
            // Whoever may not open people is not told which of them exist.
            "[\"nodes\",3] \"FORBIDDEN\"",
        ]
    );
    let officer = app.gql(&app.officer(ORIGIN), NODES, asked).await;
    let person = json!({"__typename": "Worker"});
    assert_eq!(
        officer["data"]["nodes"],
        json!([person, shown, null, null, shown])
    );
}

async fn too_many_nodes_and_no_token_are_refused_as_a_whole(app: TestApp) {
    let region = region(&app).await;
    let many = json!({"ids": vec![region; 101]});
    let token = app.officer(ORIGIN);
    assert_eq!(app.code(&token, NODES, many).await, "LIMIT_EXCEEDED");
    let answer = reqwest::Client::new()
        .post(format!("{}/graphql", app.url))
        .json(&json!({"query": NODES, "variables": {"ids": []}}))
        .send()
        .await
        .expect("the exchange answers");
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(answer["data"], json!({"nodes": null}));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

async fn whoever_gives_many_bad_ids_is_told_that_not_all_errors_are_listed(app: TestApp) {
    let token = app.officer(ORIGIN);
    let told = async |bad: usize| {
        let answer = app
            .gql(&token, NODES, json!({"ids": vec!["no id"; bad]}))
            .await;
        assert_eq!(answer["data"]["nodes"], json!(vec![Value::Null; bad]));
        answer["errors"].as_array().expect("a list").clone()
    };
    assert_eq!(told(20).await.len(), 20, "each has its place");
    let errors = told(45).await;
    assert_eq!(errors.len(), 21);
    let rest = &errors[20];
    assert_eq!(rest["extensions"]["code"], "LIMIT_EXCEEDED");
    assert_eq!(rest["extensions"]["limit"], "errors");
    assert_eq!(rest["extensions"]["bound"], 20);
    assert_eq!(rest["extensions"]["found"], 45);
    let message = rest["message"].as_str().expect("a text");
    assert!(message.contains("25"), "{message}");
}

/// Ids of people, their households and jobs, with the jobs' employers, of each kind `count`.
async fn objects(app: &TestApp, count: u32) -> [Vec<Value>; 4] {
    const PATH: &str = "{ workers(first: 100) { nodes { id household { id }
        currentEmployments { id employer { id } } } } }";
    let token = app.officer(ORIGIN);
    let mut jobs = Vec::new();
    for number in 1..=count {
        let household = people::household(app, VILLAGE, &format!("h{number}")).await;
        people::register(app, &token, &household, number).await;
        jobs.push(
            json!({"residentId": people::resident_id(number), "form": "EMPLOYED",
            "employerCreditCode": people::credit_code(number), "employerName": "清河厂",
            "workplace": DESTINATION, "startedOn": "2026-01-01"}),
        );
    }
    let record = "mutation($input: RecordEmploymentsInput!) { recordEmployments(input: $input) {
        results { status } } }";
    app.data(&token, record, json!({"input": {"items": jobs}}))
        .await;
    let data = app.data(&token, PATH, json!({})).await;
    let nodes = data["workers"]["nodes"].as_array().expect("people");
    [
        "/id",
        "/household/id",
        "/currentEmployments/0/id",
        "/currentEmployments/0/employer/id",
    ]
    .map(|path| {
        let ids = nodes
            .iter()
            .map(|node| node.pointer(path).expect(path).clone());
        ids.collect()
    })
}

async fn many_objects_of_a_kind_take_the_statements_of_a_few(app: TestApp) {
    let token = app.officer(ORIGIN);
    for ids in objects(&app, 40).await {
        let mut sent = Vec::new();
        for count in [2, 40] {
            let asked = json!({"ids": ids[..count]});
            app.data(&token, NODES, asked.clone()).await;
            let before = app.db.statements_sent();
            let data = app.data(&token, NODES, asked).await;
            sent.push(app.db.statements_sent() - before);
            let nodes = data["nodes"].as_array().expect("a list");
            assert!(nodes.iter().all(|node| !node.is_null()), "{nodes:?}");
        }
        // Each look is an entry; entries that wait together are written together.
        assert!(sent[1] < sent[0] + 10, "{sent:?}: {}", ids[0]);
    }
}
