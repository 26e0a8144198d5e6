//! Requests that are wrong before anything of the schema is reached, with a marked value in every
//! part of them.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;

use super::super::process::CLIENT;
use super::marks::{self, Marks};

const WORKER: &str = "query($id: String) { worker(residentId: $id) { id residentIdMask } }";

/// Sends every one; no answer has anything of it.
pub async fn everything(url: &str, officer: &str, marks: &Marks) {
    for value in marks::strays().into_iter().chain(marks::persons()) {
        for address in addresses(url, &value) {
            for method in [Method::GET, Method::POST, Method::PUT] {
                let request = CLIENT.request(method, &address).bearer_auth(officer);
                let status = checked(
                    request.json(&json!({"query": "{ viewer { role } }"})),
                    marks,
                )
                .await;
                assert_eq!(
                    status,
                    StatusCode::BAD_REQUEST,
                    "a value in an address is refused"
                );
            }
        }
        for request in bodies(url, officer, &value) {
            checked(request, marks).await;
        }
        for request in headers(url, officer, &value) {
            checked(request, marks).await;
        }
    }
}

async fn checked(request: RequestBuilder, marks: &Marks) -> StatusCode {
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let said = format!("{:?}", answer.headers());
    let text = said + &answer.text().await.expect("text");
    assert_eq!(marks.found_in(text.as_bytes()), [], "{text}");
    status
}

fn addresses(url: &str, value: &str) -> Vec<String> {
    let endpoint = format!("{url}/graphql");
    let query = format!("{{ worker(residentId: \"{value}\") {{ id }} }}");
    let variables = json!({"id": value}).to_string();
    let with = |parameters: &[(&str, &str)]| {
        let address = reqwest::Url::parse_with_params(&endpoint, parameters);
        address.expect("an address").to_string()
    };
    vec![
        with(&[("query", &query)]),
        with(&[("query", WORKER), ("variables", &variables)]),
        with(&[("query", WORKER), ("operationName", value)]),
        with(&[("query", WORKER), ("extensions", &variables)]),
        with(&[(value, "1")]),
        format!("{url}/{value}"),
        format!("{url}/graphql/{value}?a=b"),
        format!("{url}/metrics?token={value}"),
    ]
}

fn bodies(url: &str, officer: &str, value: &str) -> Vec<RequestBuilder> {
    let post = || CLIENT.post(format!("{url}/graphql")).bearer_auth(officer);
    let worker = |more: &str| format!("{{ worker(residentId: \"{value}\") {more} }}");
    let good = json!({"query": worker("{ id }")});
    let queries = [
        worker("{ id "),
        worker("{ noSuchField }"),
        format!("{{ worker(residentId: {value}) {{ id }} }}"),
        format!("{{ worker(residentId: [\"{value}\"]) {{ id }} }}"),
        format!("{{ workers(filter: {{ workStatus: \"{value}\" }}) {{ nodes {{ id }} }} }}"),
        format!("{{ workers(filter: {{ a{value}: 1 }}) {{ nodes {{ id }} }} }}"),
        format!("{{ worker(a{value}: \"1\") {{ id }} }}"),
        format!("{{ a{value} }}"),
        format!("{{ a{value}: noSuchField }}"),
        format!("{{ viewer {{ a{value}: role ... on A{value} {{ id }} }} }}"),
        format!("{{ viewer {{ ...f{value} }} }}"),
        format!("query q{value}($v{value}: Int) {{ viewer {{ role }} }}"),
        format!("query q($v: T{value}) {{ viewer {{ role }} }}"),
        format!("query q($v: Int = \"{value}\") {{ workers(first: $v) {{ nodes {{ id }} }} }}"),
        format!("{{ viewer {{ role @d{value} @include(if: \"{value}\") }} }}"),
        format!("# {value}\n{{ viewer {{ role }} \"{value}"),
        format!("subscription {{ a{value} }}"),
        format!(
            "{{ {} }}",
            format!("a{value}: viewer {{ role }} ").repeat(40)
        ),
    ];
    let mut sent: Vec<_> = queries
        .iter()
        .map(|query| post().json(&json!({"query": query})))
        .collect();
    for variables in [
        json!({"id": [value]}),
        json!({"id": {"value": value}}),
        json!({"id": {value: 1}}),
        json!({"id": format!("#__graphql_file__:{value}")}),
        json!({value: value}),
        json!(value),
    ] {
        sent.push(post().json(&json!({"query": WORKER, "variables": variables})));
    }
    sent.extend([
        post().json(&json!({"query": WORKER, "operationName": value})),
        post().json(&json!({"query": format!("query q{value} {}", worker("{ id }")), "operationName": format!("q{value}")})),
        post().json(&json!({"query": "{ viewer { role } }", "extensions": {"persistedQuery": {"sha256Hash": value}}})),
        post().json(&json!({"query": "{ viewer { role } }", value: value})),
        post().json(&json!([good, good])),
        post().json(&json!(value)),
        post().json(&json!({"query": value.repeat(8_000)})),
        post().json(&json!({"query": value.repeat(200_000)})),
        post().header("content-type", "application/json").body(format!("{{\"query\": \"{value}")),
        post().header("content-type", "application/json").body(value.to_owned()),
        post().header("content-type", "text/plain").body(good.to_string()),
        post().header("content-type", "application/x-www-form-urlencoded").body(format!("query={value}")),
        post().header("content-type", format!("multipart/form-data; boundary={value}")).body(good.to_string()),
        post().header("content-type", "application/json").header("content-encoding", "gzip").body(good.to_string()),
    ]);
    sent
}

fn headers(url: &str, officer: &str, value: &str) -> Vec<RequestBuilder> {
    let good = json!({"query": "{ viewer { role } workers(first: 1) { totalCount } }"});
    let post = || CLIENT.post(format!("{url}/graphql")).json(&good);
    let names = [
        "x-request-id",
        "user-agent",
        "accept-language",
        "accept",
        "idempotency-key",
        "cookie",
        "origin",
        "referer",
        "traceparent",
        "tracestate",
        "baggage",
        "x-forwarded-for",
        "forwarded",
        "if-none-match",
    ];
    let mut sent: Vec<_> = names
        .iter()
        .map(|name| post().bearer_auth(officer).header(*name, value))
        .collect();
    let trace = format!(
        "00-{}-{}-01",
        "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    );
    let state = format!("vendor={value}");
    sent.push(
        post()
            .bearer_auth(officer)
            .header("traceparent", &trace)
            .header("tracestate", state),
    );
    sent.push(
        post()
            .bearer_auth(officer)
            .header(format!("x-{value}"), value),
    );
    sent.push(post().bearer_auth(value));
    sent.push(post().header("authorization", value));
    sent.push(post().basic_auth(value, Some(value)));
    sent.push(post().bearer_auth(format!("{officer}{value}")));
    sent.push(CLIENT.request(
        Method::from_bytes(format!("M{value}").as_bytes()).expect("a token"),
        format!("{url}/graphql"),
    ));
    sent
}
