//! Methods, media types, bodies and status codes of the GraphQL-over-HTTP specification.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

#[tokio::test]
async fn a_query_is_answered_in_the_media_type_that_was_asked_for() {
    let toy = Toy::start().await;
    let body = json!({ "query": "{ hello }" });
    for (accept, content_type) in [
        (GRAPHQL, "application/graphql-response+json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ] {
        let request = toy.request("POST", "/graphql").header("accept", accept);
        let answer = Toy::send(request.json(&body)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.json()["data"], json!({ "hello": "hello" }));
        assert!(answer.json().get("errors").is_none());
    }
    let request = toy
        .request("POST", "/graphql")
        .header("accept", "text/html");
    let answer = Toy::send(request.json(&body)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (406, "BAD_USER_INPUT".to_owned())
    );
}

#[tokio::test]
async fn request_errors_are_400_as_graphql_and_200_as_json() {
    let toy = Toy::start().await;
    let several = "query A { hello } query B { hello }";
    for body in [
        json!({ "query": "{ hello" }),
        json!({ "query": "{ nonsense }" }),
        json!({ "query": several }),
        json!({ "query": several, "operationName": "C" }),
        json!({ "query": "query Q($n: Int!) { echo(number: $n) }" }),
        json!({ "query": "query Q($n: Int!) { echo(number: $n) }", "variables": { "n": null } }),
        json!({ "query": "query Q($n: Int!) { echo(number: $n) }", "variables": { "n": "x" } }),
        json!({ "query": "subscription { x }" }),
        json!({ "query": "{ hello(x: 1) }" }),
    ] {
        for (accept, status) in [(GRAPHQL, 400), ("application/json", 200)] {
            let request = toy.request("POST", "/graphql").header("accept", accept);
            let answer = Toy::send(request.json(&body)).await;
            assert_eq!(answer.status, status, "{body} {answer:?}");
            assert_eq!(answer.refusal(), "BAD_USER_INPUT", "{body}");
        }
    }
}

#[tokio::test]
async fn what_is_not_a_graphql_request_is_400_in_both_media_types() {
    let toy = Toy::start().await;
    for body in [
        "",
        "{",
        "null",
        "\"{ hello }\"",
        "{}",
        r#"{"query":""}"#,
        r#"{"query":null}"#,
        r#"{"query":{"a":1}}"#,
        r#"{"query":"{ hello }","variables":[]}"#,
        r#"{"query":"{ hello }","variables":"{}"}"#,
        r#"{"query":"{ hello }","operationName":1}"#,
        r#"{"query":"{ hello }","extensions":[]}"#,
        r#"[{"query":"{ hello }"}]"#,
        r#" ["{ hello }", null, {}, {}]"#,
    ] {
        for accept in [GRAPHQL, "application/json"] {
            let request = toy
                .request("POST", "/graphql")
                .header("accept", accept)
                .header("content-type", "application/json")
                .body(body);
            let answer = Toy::send(request).await;
            assert_eq!(answer.status, 400, "{body} {answer:?}");
            assert_eq!(answer.refusal(), "BAD_USER_INPUT", "{body}");
        }
    }
}

#[tokio::test]
async fn only_json_runs_anything() {
    let toy = Toy::start().await;
    let body = r#"{"query":"mutation { bump }"}"#;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json; charset=utf-16",
        "application/graphql",
        "",
    ] {
        let request = toy
            .request("POST", "/graphql")
            .header("content-type", content_type);
        let answer = Toy::send(request.body(body)).await;
        assert_eq!(answer.status, 415, "{content_type}");
        assert_eq!(answer.refusal(), "BAD_USER_INPUT");
    }
    let answer = Toy::send(toy.request("POST", "/graphql").body(body)).await;
    assert_eq!(answer.status, 415, "no content type at all");
    assert_eq!(toy.bumps(), 0);
    assert_eq!(toy.ask("mutation { bump }").await.json()["data"]["bump"], 1);
}

#[tokio::test]
async fn other_methods_are_405_with_what_is_allowed() {
    let toy = Toy::start().await;
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        let answer = Toy::send(toy.request(method, "/graphql")).await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "GET, POST");
        assert_eq!(answer.refusal(), "BAD_USER_INPUT");
    }
    let answer = Toy::send(toy.request("HEAD", "/graphql")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, "GET, POST")
    );
    let answer = Toy::send(toy.request("POST", "/healthz")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, "GET")
    );
}

/// Writes to a socket as no client library would and returns all that comes back.
async fn raw(toy: &Toy, text: &str) -> String {
    let address = toy.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

const RAW_HEAD: &str = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

#[tokio::test]
async fn an_announced_body_beyond_the_bound_is_413() {
    let toy = Toy::start().await;
    let query = format!("{{ hello }} #{}", "x".repeat(200_000));
    let answer = Toy::send(toy.post(&json!({ "query": query }))).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert_eq!(answer.refusal(), "LIMIT_EXCEEDED");
    let extensions = &answer.json()["errors"][0]["extensions"];
    assert_eq!(extensions["limit"], "bodyBytes");
    assert_eq!(extensions["bound"], 100_000);
    assert!(extensions["found"].as_u64() > Some(200_000));
    assert_eq!(toy.ask("{ hello }").await.status, 200, "the server goes on");
}

#[tokio::test]
async fn a_streamed_body_is_413_as_soon_as_it_passes_the_bound() {
    let toy = Toy::start().await;
    let chunk = format!("2710\r\n{}\r\n", " ".repeat(10_000));
    // Eleven chunks and no end: the answer comes before the body is complete.
    let endless = format!(
        "{RAW_HEAD}transfer-encoding: chunked\r\n\r\n{}",
        chunk.repeat(11)
    );
    let answer = raw(&toy, &endless).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""limit":"bodyBytes""#), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_408() {
    let toy = Toy::with(HttpSettings {
        body_timeout: Duration::from_millis(50),
        ..settings()
    })
    .await;
    let half = format!("{RAW_HEAD}content-length: 40\r\n\r\n{{\"query\":");
    let answer = raw(&toy, &half).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains(r#""code":"TIMEOUT""#), "{answer}");
}

#[tokio::test]
async fn get_reads_the_four_parameters_and_runs_queries() {
    let toy = Toy::start().await;
    let query = "query A($n: Int!) { echo(number: $n) } query B { hello }";
    let answer = toy
        .get_graphql(&[
            ("query", query),
            ("operationName", "A"),
            ("variables", r#"{"n":7}"#),
            ("extensions", "{}"),
            ("unknown", "ignored"),
        ])
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["data"], json!({ "echo": 7 }));
    let answer = toy
        .get_graphql(&[("query", query), ("operationName", "B")])
        .await;
    assert_eq!(answer.json()["data"], json!({ "hello": "hello" }));
    let answer = toy
        .get_graphql(&[
            ("query", "{ hello }"),
            ("variables", ""),
            ("operationName", ""),
        ])
        .await;
    assert_eq!(answer.status, 200, "empty parameters are absent ones");
}

#[tokio::test]
async fn get_refuses_what_it_cannot_read() {
    let toy = Toy::start().await;
    for parameters in [
        &[][..],
        &[("query", "")],
        &[("query", "{ hello }"), ("query", "{ hello }")],
        &[("query", "{ hello }"), ("variables", "7")],
        &[("query", "{ hello }"), ("variables", "{")],
        &[("query", "{ hello }"), ("extensions", "[]")],
    ] {
        let answer = toy.get_graphql(parameters).await;
        assert_eq!(answer.status, 400, "{parameters:?}");
        assert_eq!(answer.refusal(), "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_mutation_over_get_is_405_and_does_not_run() {
    let toy = Toy::start().await;
    for query in ["mutation { bump }", "query Q { hello } mutation M { bump }"] {
        let answer = toy
            .get_graphql(&[("query", query), ("operationName", "M")])
            .await;
        if query.starts_with("mutation") {
            assert_eq!(answer.status, 400, "the anonymous one has no name M");
        } else {
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, "POST")
            );
            assert_eq!(answer.refusal(), "BAD_USER_INPUT");
        }
    }
    let answer = toy.get_graphql(&[("query", "mutation { bump }")]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, "POST")
    );
    assert_eq!(toy.bumps(), 0);
}

#[tokio::test]
async fn a_batch_is_told_to_come_one_by_one() {
    let toy = Toy::start().await;
    let one = json!({ "query": "mutation { bump }" });
    let answer = Toy::send(toy.post(&json!([one, one]))).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.refusal(), "BAD_USER_INPUT");
    assert!(answer.text.contains("one request at a time"), "{answer:?}");
    assert_eq!(toy.bumps(), 0);
}
