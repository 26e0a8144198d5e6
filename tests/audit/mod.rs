//! What auditors do: findings with their answers, and lists compared with the records.

mod bounds;
mod findings;
mod matching;
mod sight;
mod successors;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::Role;

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION};

pub fn trials() -> Vec<Trial> {
    [
        bounds::trials(),
        findings::trials(),
        matching::trials(),
        sight::trials(),
        successors::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const EMPLOYER: &str = "91590101MA9K2T3HXH";

/// What is asked of a finding; `$name` mutations answer it with their user errors.
const FINDING: &str = "id subjectKind responsibleCounty clause evidence state outcome recordedBy
    version answer { text by regionCode } steps { kind outcome text by role regionCode }
    worker { id residentIdMask } employer { creditCode } employment { jobTitle }";

/// Runs one of the mutations about findings; its payload.
async fn run(app: &TestApp, token: &str, name: &str, input: Value) -> Value {
    let mut told = app
        .data(token, &mutation(name), json!({"input": input}))
        .await;
    told[name].take()
}

fn mutation(name: &str) -> String {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    format!(
        "mutation($input: {of}!) {{ {name}(input: $input) {{
           finding {{ {FINDING} }} userErrors {{ field code message }} }} }}"
    )
}

/// Records a finding as an auditor; it.
async fn found(app: &TestApp, input: Value) -> Value {
    let mut told = run(app, &app.plain(Role::Auditor), "recordFinding", input).await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
    told["finding"].take()
}

/// Input of a finding for a county.
fn for_county(county: &str) -> Value {
    json!({"responsibleCounty": county, "clause": "补贴办法第三条", "evidence": "无发放凭证"})
}

/// The mask of the `number`-th person's resident id.
fn masked(number: u32) -> String {
    let id = people::resident_id(number);
    format!("{}********{}", &id[..6], &id[14..])
}

fn id(record: &Value) -> String {
    record["id"].as_str().expect("an id").to_owned()
}

/// Field and code of each user error.
fn codes(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().expect("a list").iter();
    let told = errors.map(|error| {
        let path = error["field"].as_array().expect("a path");
        let path: Vec<_> = path.iter().filter_map(Value::as_str).collect();
        let code = error["code"].as_str().expect("a code").to_owned();
        (path.join("."), code)
    });
    told.collect()
}

fn rejected(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(format!("input.{field}"), code.to_owned())]
}

/// Registers an employer seated in [`DESTINATION`]; its id.
async fn employer(app: &TestApp) -> String {
    let data = app
        .data(
            &app.officer(DESTINATION),
            "mutation($input: RegisterEmployerInput!) {
               registerEmployer(input: $input) { employer { id } } }",
            json!({"input": {"creditCode": EMPLOYER, "name": "清河厂", "kind": "ENTERPRISE",
                   "regionCode": DESTINATION}}),
        )
        .await;
    id(&data["registerEmployer"]["employer"])
}
