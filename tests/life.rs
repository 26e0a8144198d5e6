//! What happens to registered people: changes, death, reveals, helpers, bulk registration.

mod bulk;
mod corrected;
mod events;
mod facts;
mod helpers;
mod reveal;
mod update;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::kernel::ids::{self, WorkerId};

use crate::support::app::TestApp;

pub fn trials() -> Vec<Trial> {
    [
        bulk::trials(),
        corrected::trials(),
        events::trials(),
        facts::trials(),
        helpers::trials(),
        reveal::trials(),
        update::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn worker_id(id: &str) -> WorkerId {
    ids::decode(id).expect("an id of a person")
}

/// The `number`-th resident id with a wrong check character.
fn mistyped(number: u32) -> String {
    let mut id = crate::support::people::resident_id(number);
    let wrong = if id.ends_with('1') { '2' } else { '1' };
    id.pop();
    id.push(wrong);
    id
}

/// The id of nobody.
fn missing(app: &TestApp) -> String {
    ids::encode(app.db.ids().next::<WorkerId>())
}

fn codes(payload: &Value) -> Vec<(String, String)> {
    payload["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| {
            let path = error["field"].as_array().expect("a path");
            let path = path.iter().filter_map(Value::as_str).collect::<Vec<_>>();
            let code = error["code"].as_str().expect("a code");
            (path.join("."), code.to_owned())
        })
        .collect()
}

fn rejected(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

/// Asserts that a mutation about `id` is answered to this token as one about nobody is.
async fn assert_hidden(app: &TestApp, token: &str, mutation: &str, input: &Value, id: &str) {
    let mut told = Vec::new();
    for worker in [id, &missing(app)] {
        let mut input = input.clone();
        input["workerId"] = json!(worker);
        let mut body = app.gql(token, mutation, json!({"input": input})).await;
        body["errors"][0]["extensions"]["requestId"].take();
        body["extensions"].take();
        told.push(body);
    }
    assert_eq!(told[0]["errors"][0]["extensions"]["code"], "NOT_FOUND");
    assert_eq!(told[0], told[1]);
}
