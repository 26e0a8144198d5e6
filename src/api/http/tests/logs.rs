//! What a request leaves behind in the log: enough to find it again, nothing of the caller.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};

use super::super::routes::{guard, routes};
use super::*;
use crate::platform::telemetry::span::request_spans;

const MARKED: &str = "590101199001011234";

thread_local! {
    /// What this thread's test has logged so far.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThisThread;

impl io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One subscriber for all threads: `tracing` remembers per call site whether anybody listens, and
/// with a subscriber on one thread only, a server on another would have it remember "nobody".
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| ThisThread)
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("only these tests listen");
    });
    LINES.take();
}

/// Answers the requests on this thread and returns every line that was logged, however fine.
async fn log_of(requests: Vec<TestRequest>) -> (String, Vec<String>) {
    listen();
    let endpoint = Arc::new(toy_endpoint(settings(), &Levers::default()));
    let app = App::new()
        .configure(routes(endpoint))
        .wrap(from_fn(guard))
        .wrap(request_spans());
    let app = init_service(app).await;
    let mut ids = Vec::new();
    for request in requests {
        let response = call_service(&app, request.to_request()).await;
        let id = response.headers().get("x-request-id").unwrap();
        ids.push(id.to_str().unwrap().to_owned());
    }
    (String::from_utf8(LINES.take()).unwrap(), ids)
}

#[tokio::test]
async fn the_line_of_a_request_has_its_id_route_operation_and_status() {
    let request = TestRequest::post()
        .uri("/graphql?tag=seven")
        .set_json(json!({ "query": "query Mine { hello }" }));
    let (log, ids) = log_of(vec![request]).await;
    let line = log.lines().find(|line| line.contains("answered")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["request_id"], *ids[0]);
    assert_eq!(line["span"]["http.route"], "/graphql");
    assert_eq!(line["span"]["http.request.method"], "POST");
    assert_eq!(line["span"]["operation"], "query hello");
    assert_eq!(line["fields"]["status"], 200);
    assert!(!log.contains("seven") && !log.contains("Mine"), "{log}");
}

#[tokio::test]
async fn no_part_of_a_request_brings_a_persons_number_into_the_log() {
    let post = || TestRequest::post().uri("/graphql");
    let named = format!("query Q{MARKED}($n: Int!) {{ echo(number: $n) }}");
    let requests = vec![
        TestRequest::get().uri(&format!("/graphql?query={MARKED}")),
        TestRequest::get().uri(&format!("/{MARKED}")),
        TestRequest::with_uri("/graphql").method(MARKED.parse().unwrap()),
        post().insert_header(("authorization", format!("Bearer {MARKED}"))),
        post().insert_header(("user-agent", MARKED)).set_json(json!({ "query": "{ hello }" })),
        post().set_json(json!({ "query": named, "variables": { "n": 1 }, "operationName": format!("Q{MARKED}") })),
        post().set_json(json!({ "query": named, "variables": { "n": MARKED } })),
        post().set_json(json!({ "query": format!("{{ x{MARKED} }}") })),
        post().set_json(json!({ "query": format!("{{ {MARKED} }}") })),
        post().set_json(json!({ "query": format!("{{ echo(number: \"{MARKED}\") }}") })),
        post().set_json(json!({ "query": "{ leaks }" })),
    ];
    let count = requests.len();
    let (log, ids) = log_of(requests).await;
    assert!(!log.contains(MARKED), "{log}");
    assert_eq!(ids.len(), count);
    for id in ids {
        assert!(log.contains(&id), "request {id} left no line");
    }
    assert!(log.contains("secret host name"), "operators read the cause");
}
