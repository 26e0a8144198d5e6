//! `nodes`: many objects of any type, each with an outcome of its own.

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        what_a_role_may_not_open_leaves_the_other_nodes_alone,
        too_many_nodes_and_no_token_are_refused_as_a_whole,
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
