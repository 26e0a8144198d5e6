//! Employers: registration, corrections, the facts about them, and who sees which.

mod facts;
mod registration;
mod sight;
mod successors;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;

pub fn trials() -> Vec<Trial> {
    [
        registration::trials(),
        facts::trials(),
        sight::trials(),
        successors::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const ENTERPRISE: &str = "91590101MA9K2T3HXH";
const SOLE_TRADER: &str = "92590102MA5P0A2E32";
const ORGANISATION: &str = "52590101MJU1234A1M";
const OUTSIDE: &str = "91350100M000100Y43";

const REGISTER: &str =
    "mutation($input: RegisterEmployerInput!) { registerEmployer(input: $input) {
    employer { id creditCode name kind regionCode status statusSince version }
    userErrors { field code } } }";
const UPDATE: &str = "mutation($input: UpdateEmployerInput!) { updateEmployer(input: $input) {
    employer { name kind regionCode version } userErrors { field code } } }";
const SUBMIT: &str = "mutation($input: SubmitEmployerStatusesInput!) {
    submitEmployerStatuses(input: $input) {
      submissionId accepted unchanged dropped refused
      results { index outcome error { field code } } userErrors { code } } }";
const ACCREDIT: &str = "mutation($input: RecordAccreditationInput!) {
    recordAccreditation(input: $input) {
      employer { version accreditations { kind reference since until } }
      userErrors { field code } } }";
const EMPLOYER: &str = "query($id: ID, $code: CreditCode) { employer(id: $id, creditCode: $code) {
    name status statusSince statusHistory { standing since source } version } }";
const LIST: &str =
    "query($filter: EmployerFilter, $by: EmployerOrder, $first: Int, $after: String) {
    employers(filter: $filter, orderBy: $by, first: $first, after: $after) {
      nodes { creditCode statusSince accreditations { kind } }
      pageInfo { hasNextPage endCursor } } }";

fn input(code: &str, kind: &str, region: &str) -> Value {
    json!({"input": {"creditCode": code, "name": "清河（甲）厂", "kind": kind, "regionCode": region}})
}

/// Registers an employer seated in a county; its id.
async fn employer(app: &TestApp, code: &str, county: &str) -> String {
    let token = app.officer(county);
    let data = app
        .data(&token, REGISTER, input(code, "ENTERPRISE", county))
        .await;
    data["registerEmployer"]["employer"]["id"]
        .as_str()
        .expect("registered")
        .to_owned()
}
