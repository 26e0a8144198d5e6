//! Bounds on documents as callers meet them.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;

/// The limit named by a refusal with 400, its bound and what was found.
fn limit(answer: &Answer) -> (String, u64, u64) {
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.refusal(), "LIMIT_EXCEEDED");
    let extensions = &answer.json()["errors"][0]["extensions"];
    (
        extensions["limit"].as_str().unwrap().to_owned(),
        extensions["bound"].as_u64().unwrap(),
        extensions["found"].as_u64().unwrap(),
    )
}

#[tokio::test]
async fn a_refusal_names_the_limit_its_bound_and_what_was_found() {
    let toy = Toy::start().await;
    let deep = format!("{}{}", "{hello".repeat(13), "}".repeat(13));
    assert_eq!(limit(&toy.ask(&deep).await), ("depth".to_owned(), 12, 13));
    let long = format!("{{hello}} #{}", "x".repeat(65_536));
    assert_eq!(limit(&toy.ask(&long).await).0, "documentBytes");
}

#[tokio::test]
async fn thousands_of_open_brackets_do_not_reach_the_parser() {
    let toy = Toy::start().await;
    for open in ["{a", "{a(x:[", "{a(x:{y:"] {
        let answer = toy.ask(&open.repeat(1_000)).await;
        assert_eq!(limit(&answer).0, "nesting", "{open}");
    }
}

#[tokio::test]
async fn a_fragment_bomb_is_answered_at_once() {
    let toy = Toy::start().await;
    let mut bomb = "{ ...F0 }".to_owned();
    for index in 0..25 {
        let next = index + 1;
        write!(
            bomb,
            " fragment F{index} on ToyQuery {{ ...F{next} ...F{next} }}"
        )
        .unwrap();
    }
    bomb += " fragment F25 on ToyQuery { hello }";
    let started = Instant::now();
    assert_eq!(limit(&toy.ask(&bomb).await).0, "selections");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_mutation_named_twice_under_one_key_does_not_run_even_once() {
    let toy = Toy::start().await;
    let twice = "mutation { bump ...F } fragment F on ToyMutation { bump }";
    let answer = toy.ask(twice).await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (400, "BAD_USER_INPUT".to_owned())
    );
    assert_eq!(toy.bumps(), 0);
    let answer = toy.ask("mutation { a: bump b: bump }").await;
    assert_eq!(answer.json()["data"], json!({ "a": 1, "b": 2 }));
}

#[tokio::test]
async fn the_engines_upload_marker_in_a_variable_is_refused() {
    let toy = Toy::start().await;
    let query = "query Q($n: Int!) { echo(number: $n) }";
    for marker in ["#__graphql_file__:0", "#__graphql_file__:x"] {
        let body = json!({ "query": query, "variables": { "n": marker } });
        let answer = Toy::send(toy.post(&body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.refusal()),
            (400, "BAD_USER_INPUT".to_owned())
        );
        assert!(answer.text.contains("internal marker"), "{answer:?}");
    }
}

#[tokio::test]
async fn the_price_of_a_request_is_told() {
    let toy = Toy::start().await;
    let cost = &toy.ask("{ hello person }").await.json()["extensions"]["cost"];
    assert_eq!(*cost, json!({ "complexity": 2, "fields": 2, "depth": 1 }));
}

#[tokio::test]
async fn introspection_runs_unless_it_is_switched_off() {
    let query = "{ __schema { queryType { name } } }";
    let open = Toy::start().await;
    assert_eq!(
        open.ask(query).await.json()["data"]["__schema"]["queryType"]["name"],
        "ToyQuery"
    );
    let closed = Toy::with(HttpSettings {
        introspection: false,
        ..settings()
    })
    .await;
    let answer = closed.ask(query).await;
    assert!(!answer.text.contains("ToyQuery\""), "{answer:?}");
}

#[tokio::test]
async fn names_that_were_not_asked_for_are_not_suggested() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ helo }").await;
    assert!(!answer.text.contains("hello"), "{answer:?}");
    assert!(!answer.text.contains("Did you mean"), "{answer:?}");
}

#[tokio::test]
async fn syntax_errors_say_where_and_repeat_nothing() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ hello\n  590101199001011234 }").await;
    let error = &answer.json()["errors"][0];
    assert_eq!(error["locations"][0], json!({ "line": 2, "column": 3 }));
    assert!(!answer.text.contains("590101199001011234"), "{answer:?}");
}
