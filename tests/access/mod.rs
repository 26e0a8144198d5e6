//! Role × field of the whole schema, as a golden table, and what nobody gets without a token.
//!
//! Types and fields are asked of the schema itself: a root field nobody wrote a sample for fails
//! the test by name, and so does a field that no selection comes to. `UPDATE_GOLDEN=1 cargo test
//! --test exchange access` writes the table anew; a changed line is a changed right and is reviewed
//! as one. The payloads of mutations are left out: their records are loaded by the same loaders.

mod beyond;
mod refusals;
mod selection;
mod table;
mod texts;
mod values;
mod world;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use self::selection::Errors;
use crate::support::app::TestApp;
use crate::support::http;

pub fn trials() -> Vec<Trial> {
    [
        beyond::trials(),
        table::trials(),
        refusals::trials(),
        texts::trials(),
        values::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What became of a field, the least telling first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// No record that has the field was shown.
    #[default]
    Unseen,
    Null,
    /// A top-level error with this code.
    Error(String),
    /// A list with nothing in it.
    Empty,
    /// The use case ran and refused with this code: the permission was there.
    Refused(String),
    Value,
}

impl Outcome {
    fn of(value: &Value) -> Self {
        let items = match value {
            Value::Object(object) if object.contains_key("nodes") => &object["nodes"],
            other => other,
        };
        match items {
            Value::Null => Self::Null,
            Value::Array(items) if items.is_empty() => Self::Empty,
            _ => Self::Value,
        }
    }

    /// What became of a root field in the body of an answer.
    fn of_root(body: &Value, field: &str) -> Self {
        if let Some(error) = Errors::of(body).at(&format!("/{field}")) {
            return error;
        }
        let value = &body["data"][field];
        match value["userErrors"][0]["code"].as_str() {
            Some(code) => Self::Refused(code.to_owned()),
            None => Self::of(value),
        }
    }
}

/// Posts an operation, without a token for an anonymous caller; the body of the answer.
async fn ask(app: &TestApp, token: Option<&str>, query: &str, variables: Value) -> Value {
    if let Some(token) = token {
        return app.gql(token, query, variables).await;
    }
    let client = http::client().build().expect("a client");
    let request = client
        .post(format!("{}/graphql", app.url))
        .json(&json!({"query": query, "variables": variables}));
    let answer = request.send().await.expect("the exchange answers");
    answer.json().await.expect("the answer is JSON")
}
