//! Everything around `/graphql`, and what all addresses have in common.

use actix_web::App;
use actix_web::test::{TestRequest, call_service, init_service};

use super::super::routes::routes;
use super::*;

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_and_is_neither_sniffed_nor_stored() {
    let toy = Toy::start().await;
    let mut seen = std::collections::HashSet::new();
    for path in [
        "/graphql?query=%7Bhello%7D",
        "/healthz",
        "/readyz",
        "/metrics",
        "/nowhere",
    ] {
        let answer = toy.get(path).await;
        let id: uuid::Uuid = answer.header("x-request-id").parse().unwrap();
        assert_eq!(id.get_version_num(), 7, "{path}");
        assert!(seen.insert(id));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let request = toy
        .request("GET", "/healthz")
        .header("x-request-id", "mine");
    assert_ne!(Toy::send(request).await.header("x-request-id"), "mine");
}

#[tokio::test]
async fn an_unknown_address_is_404_in_json() {
    let toy = Toy::start().await;
    let answer = toy.get("/nowhere").await;
    assert_eq!(
        (answer.status.as_u16(), answer.refusal()),
        (404, "NOT_FOUND".to_owned())
    );
    assert!(
        answer.text.contains("/graphql"),
        "it is about the address and says which one there is: {}",
        answer.text
    );
}

#[tokio::test]
async fn an_address_with_a_persons_number_is_refused_and_not_echoed() {
    let toy = Toy::start().await;
    for path in [
        "/graphql?query=%7Bw(id:%22590101199001011234%22)%7D",
        "/graphql?query=%7Bw(id:%2259010119900101123%58%22)%7D",
        "/graphql?query=%7Bhello%7D&variables=%7B%22n%22:%22%EF%BC%95%EF%BC%99010119900101123X%22%7D",
        "/graphql?query=%7Bhello%7D&variables=%7B%22n%22:%22%5Cu0035%390101199001011234%22%7D",
        "/graphql?query=%7Bhello%7D&phone=139+1234+5678",
        "/graphql?13912345678=1",
        "/graphql?query=%7Bhello%7D&account=6222021234567890123",
        "/workers/590101900101123",
        "/healthz?id=590101900101123",
    ] {
        let answer = toy.get(path).await;
        assert_eq!(answer.status, 400, "{path} {answer:?}");
        assert_eq!(answer.refusal(), "BAD_USER_INPUT");
        assert!(!answer.text.contains("0101"), "{answer:?}");
    }
    let request = toy.request("POST", "/graphql?id=590101199001011234");
    let answer = Toy::send(request.json(&json!({ "query": "mutation { bump }" }))).await;
    assert_eq!((answer.status.as_u16(), toy.bumps()), (400, 0));

    let answer = toy
        .get("/graphql?query=%7Bhello%7D&variables=%7B%22region%22:%22590101000000%22%7D")
        .await;
    assert_eq!(answer.status, 200, "a region code is nobody's number");
}

#[tokio::test]
async fn an_address_gives_no_persons_number_to_anything_whatever_it_looks_like() {
    let toy = Toy::start().await;
    let told = toy.get("/graphql?phone=13912345678").await.json();
    let told = &told["errors"][0]["message"];
    for query in [
        "{hello(residentId:\"x\")}",
        "query($x:String){hello(residentId:$x)}",
        "{hello{...F}} fragment F on Q{a(input:{list:[{phone:\"x\"}]})}",
        "{hello ...on Q{b(bankAccount:\"x\")}}",
    ] {
        let answer = toy.get(&format!("/graphql?query={}", encoded(query))).await;
        assert_eq!(&answer.json()["errors"][0]["message"], told, "{query}");
    }
    let variables = encoded(r#"{"input":{"phone":"x"}}"#);
    let path = format!("/graphql?query=%7Bhello%7D&variables={variables}");
    assert_eq!(&toy.get(&path).await.json()["errors"][0]["message"], told);
    let other = format!("/graphql?query={}", encoded("{hello(region:\"x\")}"));
    assert_ne!(&toy.get(&other).await.json()["errors"][0]["message"], told);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn health_is_about_the_process_and_readiness_about_what_it_needs() {
    let ready = |outcome: Result<(), String>| {
        Toy::serving(move |levers| {
            toy_endpoint(settings(), levers).ready_when(Arc::new(move || {
                std::future::ready(outcome.clone()).boxed()
            }))
        })
    };
    let toy = ready(Ok(())).await;
    assert_eq!(toy.get("/healthz").await.status, 200);
    assert_eq!(toy.get("/readyz").await.status, 200);

    let toy = ready(Err("database of host db-7 is away".to_owned())).await;
    assert_eq!(toy.get("/healthz").await.status, 200);
    let answer = toy.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert!(!answer.text.contains("db-7"), "{answer:?}");
}

#[tokio::test]
async fn a_server_that_is_stopping_is_not_ready() {
    let endpoint = Arc::new(toy_endpoint(settings(), &Levers::default()));
    let app = init_service(App::new().configure(routes(Arc::clone(&endpoint)))).await;
    let probe = || TestRequest::get().uri("/readyz").to_request();
    assert_eq!(call_service(&app, probe()).await.status(), 200);
    endpoint.drain();
    assert_eq!(call_service(&app, probe()).await.status(), 503);
}

#[tokio::test]
async fn metrics_and_explorer_exist_only_when_switched_on() {
    let off = Toy::with(HttpSettings {
        metrics_access: MetricsAccess::Closed,
        ..settings()
    })
    .await;
    for path in ["/metrics", "/", "/explorer.js", "/explorer.css"] {
        assert_eq!(off.get(path).await.status, 404, "{path}");
    }
    let on = Toy::with(HttpSettings {
        explorer: true,
        ..settings()
    })
    .await;
    let metrics = on.get("/metrics").await;
    assert_eq!(
        metrics.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let page = on.get("/").await;
    assert!(page.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn metrics_with_a_token_are_for_whoever_carries_it() {
    let token = "a-scraper-and-nobody-else";
    let toy = Toy::with(HttpSettings {
        metrics_access: MetricsAccess::Token(token.into()),
        ..settings()
    })
    .await;
    let ask = |authorization: Option<&str>| {
        let request = toy.request("GET", "/metrics");
        Toy::send(match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        })
    };
    let right = format!("Bearer {token}");
    assert_eq!(ask(Some(&right)).await.status, 200);
    let longer = format!("{right}x");
    let shorter = &right[..right.len() - 1];
    for wrong in [
        None,
        Some(longer.as_str()),
        Some(shorter),
        Some(token),
        Some("Bearer good"),
    ] {
        let answer = ask(wrong).await;
        assert_eq!(answer.status, 401, "{wrong:?}");
        assert_eq!(answer.refusal(), "UNAUTHENTICATED");
        assert!(!answer.text.contains("exchange_"), "{answer:?}");
    }
}

#[tokio::test]
async fn the_explorer_loads_nothing_from_elsewhere() {
    let toy = Toy::with(HttpSettings {
        explorer: true,
        ..settings()
    })
    .await;
    for path in ["/", "/explorer.js", "/explorer.css"] {
        let answer = toy.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text.contains("://"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}
