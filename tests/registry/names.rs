//! Lists by name are in one order on every engine and under every collation, page by page.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::engines::on_postgres_by_pinyin;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![
        a_list_by_name_is_in_the_order_of_code_points,
        a_name_that_was_damaged_on_its_way_is_refused,
    ];
    trials.push(on_postgres_by_pinyin(
        concat!(
            module_path!(),
            "::a_list_by_name_is_in_the_order_of_code_points_under_any_collation"
        ),
        |app| Box::pin(a_list_by_name_is_in_the_order_of_code_points(app)),
    ));
    trials
}

/// Another village of [`ORIGIN`].
const NEIGHBOUR: &str = "590222101208";

const NAMES: [&str; 14] = [
    "张伟",
    "zhao",
    "王 伟",
    "Ángel",
    "阿依古丽",
    "Anna",
    "𠮷野",
    "anna",
    "王伟",
    "Zhao",
    "李-明",
    "王伟",
    "é",
    "_x",
];

async fn register(app: &TestApp) {
    let officer = app.officer(ORIGIN);
    let query = "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
        userErrors { code } } }";
    let mut households = Vec::new();
    for village in [VILLAGE, NEIGHBOUR] {
        households.push(people::household(app, village, village).await);
    }
    for (number, name) in (1..).zip(NAMES) {
        let household = &households[number as usize % 2];
        let person = json!({"input": {"householdId": household, "name": name,
            "residentId": people::resident_id(number)}});
        let done = app.data(&officer, query, person).await;
        assert_eq!(done["registerWorker"]["userErrors"], json!([]), "{name}");
    }
}

/// Every name of a list, in pages of three.
async fn paged(app: &TestApp, descending: bool) -> Vec<String> {
    let officer = app.officer(ORIGIN);
    let query = "query($by: WorkerOrder, $after: String) {
        workers(orderBy: $by, first: 3, after: $after) {
          nodes { name } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let by = json!({"field": "NAME", "descending": descending});
        let page = app
            .data(&officer, query, json!({"by": by, "after": after}))
            .await["workers"]
            .take();
        found.extend(names(&page));
        assert!(found.len() <= NAMES.len(), "nobody is shown twice");
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn names(list: &Value) -> Vec<String> {
    let nodes = list["nodes"].as_array().expect("a list").iter();
    nodes
        .map(|node| node["name"].as_str().expect("a name").to_owned())
        .collect()
}

async fn a_list_by_name_is_in_the_order_of_code_points(app: TestApp) {
    register(&app).await;
    let mut sorted = NAMES.map(str::to_owned);
    sorted.sort_unstable();
    assert_eq!(paged(&app, false).await, sorted);
    sorted.reverse();
    assert_eq!(paged(&app, true).await, sorted);

    // The lists of several regions at once are numbered by the database.
    let query = "query($after: String) { regions(parent: \"590222101000\", first: 100) { nodes {
        code workers(orderBy: {field: NAME}, first: 3, after: $after) {
          nodes { name } pageInfo { endCursor } } } } }";
    let officer = app.officer(ORIGIN);
    let ask = async |after: Value| {
        let answer = app.data(&officer, query, json!({"after": after})).await;
        let nodes = answer["regions"]["nodes"].as_array().expect("a list");
        let village = nodes.iter().find(|node| node["code"] == VILLAGE);
        village.expect("the village")["workers"].clone()
    };
    let mut here: Vec<String> = (1..)
        .zip(NAMES)
        .filter(|(number, _)| number % 2 == 0)
        .map(|(_, name)| name.to_owned())
        .collect();
    here.sort_unstable();
    let first = ask(Value::Null).await;
    assert_eq!(names(&first), here[..3]);
    let second = ask(first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(names(&second), here[3..6]);
}

async fn a_name_that_was_damaged_on_its_way_is_refused(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let officer = app.officer(ORIGIN);
    let person = json!({"householdId": household, "name": "张\u{FFFD}三",
        "residentId": people::resident_id(1)});
    let query = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { userErrors { field code message } } }";
    let done = app.data(&officer, query, json!({"input": person})).await["registerWorker"].take();
    assert_eq!(done["userErrors"][0]["code"], "BAD_TEXT", "{done}");
    assert_eq!(done["userErrors"][0]["field"], json!(["input", "name"]));
    let message = done["userErrors"][0]["message"].as_str();
    assert!(message.expect("a text").contains('\u{FFFD}'), "{done}");
    let firm = json!({"creditCode": people::credit_code(1), "name": "南泽\u{FFFD}子",
        "kind": "ENTERPRISE", "regionCode": DESTINATION});
    let query = "mutation($input: RegisterEmployerInput!) {
        registerEmployer(input: $input) { userErrors { code } } }";
    let done = app
        .data(&app.officer(DESTINATION), query, json!({"input": firm}))
        .await;
    let errors = &done["registerEmployer"]["userErrors"];
    assert_eq!(errors, &json!([{"code": "BAD_NAME"}]));
}
