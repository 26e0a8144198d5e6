//! Jobs: who may open a record, what a report gives away, and what a confirmed job opens.

mod decisions;
mod paged;
mod races;
mod reports;
mod retold;
mod returns;
mod same;
mod sides;
mod sight;
mod twins;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ORIGIN};

pub fn trials() -> Vec<Trial> {
    [
        races::trials(),
        reports::trials(),
        retold::trials(),
        returns::trials(),
        same::trials(),
        decisions::trials(),
        paged::trials(),
        sides::trials(),
        sight::trials(),
        twins::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const FIRM: &str = "91590101MA9K2T3HXH";
const DISPATCH: &str = "91590101MA90000700";
const STRANGER: &str = "92590102MA5P0A2E32";

const RECORD: &str = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
    status employment { id state confirmedBy version outsideProvince }
    userErrors { field code } } }";
const JOBS: &str = "query($id: ID!) { worker(id: $id) { workStatus workSplit
    currentEmployments { jobTitle employer { creditCode name } host { creditCode } worker { name } }
    employments { nodes { id state startedOn endedOn endReason voidReason confirmedBy version } } } }";
const RECORDS: &str = "query($id: ID!) { worker(id: $id) { employments { nodes {
    id version state startedOn monthlyWage employerName employerCode checkedOn checkedByCode
    employer { creditCode } } } } }";

/// A job at [`FIRM`] in [`DESTINATION`] since March; `more` replaces or adds fields.
fn job(more: Value) -> Value {
    let mut input = json!({"form": "EMPLOYED", "employerCreditCode": FIRM, "employerName": "南泽电子有限公司",
        "workplace": DESTINATION, "startedOn": "2026-03-01", "jobTitle": "焊工", "monthlyWage": "5200.00",
        "contractKind": "FIXED_TERM", "contractStart": "2026-03-01", "contractEnd": "2027-02-28"});
    let (fields, more) = (input.as_object_mut(), more);
    let fields = fields.expect("an object");
    for (field, value) in more.as_object().expect("an object") {
        fields.insert(field.clone(), value.clone());
    }
    input
}

fn about(number: u32) -> Value {
    json!({"residentId": people::resident_id(number)})
}

async fn record(app: &TestApp, token: &str, input: Value) -> Value {
    let mut data = app.data(token, RECORD, json!({"input": input})).await;
    data["recordEmployment"].take()
}

/// Person 1 with a confirmed job at [`FIRM`]: ids of the person and of the job.
async fn working(app: &TestApp) -> (String, String) {
    let person = people::person(app, 1).await;
    let done = record(app, &app.officer(ORIGIN), job(about(1))).await;
    assert_eq!(done["status"], "CONFIRMED", "{done}");
    let job = done["employment"]["id"].as_str().expect("an id");
    (person, job.to_owned())
}

async fn decide(app: &TestApp, token: &str, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{
           employment {{ id state confirmedBy lastConfirmedOn version endedOn voidReason
             employer {{ creditCode }}
             renewals {{ contractStart contractEnd }} }} userErrors {{ field code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    data[mutation].take()
}

/// Every record of a person's jobs, as the county of origin sees them.
async fn records(app: &TestApp, person: &str) -> Vec<Value> {
    let data = app
        .data(&app.officer(ORIGIN), RECORDS, json!({"id": person}))
        .await;
    let nodes = data["worker"]["employments"]["nodes"].as_array();
    nodes.expect("a list").clone()
}

/// A record at its present version, for a decision about it.
fn at(record: &Value) -> Value {
    json!({"employmentId": record["id"], "version": record["version"]})
}

async fn jobs(app: &TestApp, token: &str, person: &str) -> Value {
    let mut data = app.data(token, JOBS, json!({"id": person})).await;
    data["worker"].take()
}

fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().expect("a list");
    errors
        .iter()
        .map(|error| error["code"].as_str().expect("a code"))
        .collect()
}
