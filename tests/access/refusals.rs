//! Nobody gets anything without a token or without a grant, and asking in vain leaves a trace.

use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::selection::{Errors, Operation};
use super::world::World;
use super::{Outcome, ask};
use crate::support::app::TestApp;
use crate::support::catalogue::Catalogue;
use crate::support::journal;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        without_a_token_every_root_field_is_refused,
        what_is_open_to_everybody_needs_to_be,
        every_change_is_forbidden_to_somebody,
        a_refusal_is_in_the_journal_and_its_repetitions_are_one_entry,
    ]
}

/// What is answered without a token: the shape of the API, no data of it. This list may only
/// shrink.
const OPEN: [&str; 3] = ["__typename", "__schema", "__type"];

async fn without_a_token_every_root_field_is_refused(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let samples = world.samples();
    for (kind, of) in [
        ("query", &catalogue.query),
        ("mutation", &catalogue.mutation),
    ] {
        for root in catalogue.fields(of).expect("a root") {
            let sample = samples.iter().find(|(name, _)| {
                let name = name.split(':').next().expect("a first part");
                name == format!("{of}.{}", root.name)
            });
            let (_, arguments) = sample.unwrap_or_else(|| panic!("no sample of {}", root.name));
            let mut operation = Operation::new(&catalogue, &samples);
            let (text, _) = operation.text(kind, root, arguments, &root.of, 1);
            let body = ask(&app, None, &text, Value::Object(operation.variables)).await;
            let refused = Errors::of(&body).at(&format!("/{}", root.name));
            let refused = refused.unwrap_or_else(|| panic!("{}: {body:#}", root.name));
            assert_eq!(
                refused,
                Outcome::Error("UNAUTHENTICATED".into()),
                "{}",
                root.name
            );
            assert_eq!(body["data"][&root.name], json!(null), "{}", root.name);
        }
    }
}

async fn what_is_open_to_everybody_needs_to_be(app: TestApp) {
    for name in OPEN {
        let asked = match name {
            "__schema" => "{ __schema { queryType { name } } }",
            "__type" => "{ __type(name: \"Query\") { name } }",
            _ => "{ __typename }",
        };
        let body = ask(&app, None, asked, json!({})).await;
        let answered = body.get("errors").is_none() && !body["data"][name].is_null();
        assert!(
            answered,
            "{name} is refused: take it off the list\n{body:#}"
        );
    }
}

async fn every_change_is_forbidden_to_somebody(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let samples = world.samples();
    for root in catalogue.fields(&catalogue.mutation).expect("a root") {
        let of = &root.arguments[0].of;
        let query = format!(
            "mutation($input: {of}) {{ {}(input: $input) {{ userErrors {{ code }} }} }}",
            root.name
        );
        let mut forbidden = 0;
        for (_, token) in world.callers(&app) {
            let name = format!("{}.{}", catalogue.mutation, root.name);
            let mut inputs = samples.iter();
            let input = inputs.find(|(sample, _)| sample.split(':').next() == Some(&name));
            let input = input.expect("a sample").1.clone();
            let body = ask(&app, token.as_deref(), &query, input).await;
            let refused = Errors::of(&body).at(&format!("/{}", root.name));
            forbidden += usize::from(refused == Some(Outcome::Error("FORBIDDEN".into())));
        }
        assert!(forbidden > 0, "everybody holds {}", root.name);
    }
}

async fn a_refusal_is_in_the_journal_and_its_repetitions_are_one_entry(app: TestApp) {
    let token = app.agency(Agency::Training);
    let query = "{ workers { nodes { id } } }";
    for _ in 0..5 {
        assert_eq!(app.code(&token, query, json!({})).await, "FORBIDDEN");
    }
    app.db.refusals().finish().await.expect("written");
    let entries = journal::of_action(&app, "worker.read").await;
    let seen: Vec<_> = entries
        .iter()
        .map(|e| (e.subject.as_str(), e.outcome.as_str(), e.repeats))
        .collect();
    assert_eq!(
        seen,
        [("TRAINING", "REFUSED", 1), ("TRAINING", "REFUSED", 4)]
    );
    assert!(entries.iter().all(|entry| entry.role == "AGENCY"));
    assert!(journal::verified(&app).await >= 2);
}
