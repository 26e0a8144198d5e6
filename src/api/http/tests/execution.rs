//! What comes out of execution: errors in shape, panics caught, time bounded, all of it counted.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_failing_field_is_null_in_a_200_with_code_and_path() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ hello missing }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.code(), "NOT_FOUND");
    assert_eq!(
        answer.json()["data"],
        json!({ "hello": "hello", "missing": null })
    );
    assert_eq!(answer.json()["errors"][0]["path"], json!(["missing"]));
}

#[tokio::test]
async fn an_uncoded_error_is_internal_and_tells_nothing() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ leaks }").await;
    assert_eq!(answer.status, 200, "the field failed, the request did not");
    assert_eq!(answer.code(), "INTERNAL");
    assert!(!answer.text.contains("secret"), "{answer:?}");
}

#[tokio::test]
async fn at_most_twenty_errors_leave_and_one_that_counts_the_rest() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ many }").await;
    let errors = answer.json()["errors"].clone();
    assert_eq!(errors.as_array().map(Vec::len), Some(21));
    assert_eq!(errors[20]["extensions"]["limit"], "errors");
    assert_eq!(answer.code(), "CONFLICT");
    let unknown = (0..400).map(|i| format!("u{i} ")).collect::<String>();
    let answer = toy.ask(&format!("{{ hello {{ {unknown} }} }}")).await;
    assert!(answer.text.len() < 10_000, "{}", answer.text.len());
}

#[tokio::test]
async fn a_panic_is_500_internal_counted_and_the_server_goes_on() {
    let toy = Toy::start().await;
    let answer = toy.ask("{ panics }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (500, "INTERNAL".to_owned())
    );
    assert!(!answer.text.contains("must not leave"), "{answer:?}");
    let metrics = toy.get("/metrics").await.text;
    assert!(metrics.contains("exchange_panics_total 1"), "{metrics}");
    assert_eq!(toy.ask("{ hello }").await.status, 200);
}

#[tokio::test]
async fn a_request_without_end_is_cut_off_as_timeout() {
    let toy = Toy::with(HttpSettings {
        request_timeout: Duration::from_millis(50),
        ..settings()
    })
    .await;
    let answer = toy.ask("{ never }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (504, "TIMEOUT".to_owned())
    );
}

#[tokio::test]
async fn requests_are_counted_by_names_of_the_schema_and_codes_of_the_closed_set() {
    let toy = Toy::start().await;
    toy.ask("query Wang590101199001011234 { waiting: echo(number: 1) }")
        .await;
    toy.ask("{ missing }").await;
    toy.ask("query Li13912345678 { li13912345678 }").await;
    Toy::send(
        toy.post(&json!({ "query": "{ hello }" }))
            .bearer_auth("bad"),
    )
    .await;
    let metrics = toy.get("/metrics").await.text;
    for line in [
        r#"exchange_requests_total{operation="query echo",code="OK"}"#,
        r#"exchange_requests_total{operation="query missing",code="NOT_FOUND"}"#,
        r#"exchange_requests_total{operation="query other",code="BAD_USER_INPUT"}"#,
        r#"exchange_requests_total{operation="none",code="UNAUTHENTICATED"}"#,
        r#"exchange_request_seconds_bucket{operation="query echo",le="+Inf"}"#,
    ] {
        assert!(metrics.contains(line), "missing {line} in\n{metrics}");
    }
    for text in ["Wang", "590101199001011234", "13912345678", "waiting"] {
        assert!(!metrics.contains(text), "{text} became a label");
    }
}
