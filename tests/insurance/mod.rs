//! Insurance months and statements: what is kept, what an agency learns, and who sees what.

mod corrected;
mod deliveries;
mod insured;
mod jobs;
mod regions;
mod requery;
mod views;

use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    [
        corrected::trials(),
        deliveries::trials(),
        insured::trials(),
        jobs::trials(),
        regions::trials(),
        requery::trials(),
        views::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A valid unified social credit code of an enterprise seated in [`DESTINATION`].
const EMPLOYER: &str = "91590101MA9K2T3HXH";
const HEAD_OFFICE: &str = "91590101MA90000700";

const SUBMIT: &str = "mutation($input: SubmitContributionsInput!) {
    submitContributions(input: $input) {
        submissionId received refused userErrors { code }
        results { index outcome error { field code message } } } }";
const STATE: &str = "mutation($input: SubmitInsuranceFactsInput!) {
    submitInsuranceFacts(input: $input) {
        submissionId received refused userErrors { code }
        results { index outcome error { field code } } } }";
const ROWS: &str = "query($id: ID!) { worker(id: $id) { version contributions {
    kind entry periodMonth postingMonth base employerAmount personalAmount corrects id
    employer { creditCode name } payer { creditCode } } } }";
const MONTHS: &str = "query($id: ID!) { worker(id: $id) {
    insuredMonths(kind: PENSION, from: \"2025-01\", to: \"2026-12\")
    insuredNow { kind insured lastMonth } } }";

/// A pension month of the `number`-th person, with `changes` made to it.
pub fn item(number: u32, period: &str, changes: Value) -> Value {
    let mut item = json!({
        "residentId": people::resident_id(number), "employerCreditCode": EMPLOYER,
        "employerName": "凤凰电子有限公司", "kind": "PENSION", "entry": "NORMAL",
        "periodMonth": period, "postingMonth": period,
        "base": "4000.00", "employerAmount": "640.00", "personalAmount": "320.00",
    });
    let whole = item.as_object_mut().expect("an object");
    for (field, value) in changes.as_object().expect("an object") {
        whole.insert(field.clone(), value.clone());
    }
    item
}

/// Lets a second pass, so that what follows is later than what was before.
fn tick(app: &TestApp) {
    app.clock
        .set(app.clock.now() + chrono::TimeDelta::seconds(1));
}

pub async fn submit(app: &TestApp, agency: Agency, items: Value) -> Value {
    tick(app);
    let input = json!({"input": {"items": items}});
    let data = app.data(&app.agency(agency), SUBMIT, input).await;
    data["submitContributions"].clone()
}

async fn state(app: &TestApp, items: Value) -> Value {
    tick(app);
    let token = app.agency(Agency::SocialInsurance);
    let data = app
        .data(&token, STATE, json!({"input": {"items": items}}))
        .await;
    data["submitInsuranceFacts"].clone()
}

async fn of(app: &TestApp, query: &str, id: &str) -> Value {
    let data = app
        .data(&app.officer(ORIGIN), query, json!({"id": id}))
        .await;
    data["worker"].clone()
}

async fn insured(app: &TestApp, id: &str, kind: &str) -> Value {
    let seen = of(app, MONTHS, id).await;
    let standings = seen["insuredNow"].as_array().expect("five insurances");
    assert_eq!(standings.len(), 5);
    let of_kind = standings.iter().find(|s| s["kind"] == kind);
    of_kind.expect("every kind")["insured"].clone()
}

/// The counts of every delivery as the province sees them, latest first.
async fn counts(app: &TestApp) -> Vec<[i64; 4]> {
    let data = app
        .data(
            &app.plain(Role::Admin),
            "{ submissions { nodes { accepted unchanged dropped refused } } }",
            json!({}),
        )
        .await;
    let nodes = data["submissions"]["nodes"].as_array().expect("a list");
    let count = |node: &Value, name: &str| node[name].as_i64().expect("a count");
    nodes
        .iter()
        .map(|node| ["accepted", "unchanged", "dropped", "refused"].map(|n| count(node, n)))
        .collect()
}
