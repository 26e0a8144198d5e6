//! Telemetry against its real outputs: the lines it writes and the requests it posts.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged(settings: &TelemetryConfig, work: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = subscriber(settings, None, move || writer.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn in_a_request() {
    let _span = tracing::info_span!("request", request_id = "r-7").entered();
    tracing::info!(rows = 3, "loaded");
    tracing::debug!("too fine");
}

#[test]
fn json_lines_are_objects_that_carry_the_request_id() {
    let settings = TelemetryConfig {
        log_format: LogFormat::Json,
        ..TelemetryConfig::default()
    };
    let text = logged(&settings, in_a_request);
    assert_eq!(text.lines().count(), 1, "debug is filtered out: {text}");
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["message"], "loaded");
    assert_eq!(line["rows"], 3);
    assert_eq!(line["spans"][0]["request_id"], "r-7");
}

#[test]
fn pretty_lines_carry_the_request_id_and_follow_the_filter() {
    let settings = TelemetryConfig {
        log_filter: "debug".to_owned(),
        ..TelemetryConfig::default()
    };
    let text = logged(&settings, in_a_request);
    assert!(text.contains("loaded") && text.contains("r-7"), "{text}");
    assert!(text.contains("too fine"), "{text}");
}

#[test]
fn an_unreadable_filter_is_refused_and_not_ignored() {
    let settings = TelemetryConfig {
        log_filter: "employment_exchange=loudly".to_owned(),
        ..TelemetryConfig::default()
    };
    assert!(matches!(
        subscriber(&settings, None, io::sink),
        Err(TelemetryError::Filter(_))
    ));
}

/// Takes one POST and answers 200; returns its head and body.
fn take_post(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().unwrap();
    let (head, mut body, length) = read_head(&mut stream);
    let mut chunk = [0_u8; 4096];
    while body.len() < length {
        let read = stream.read(&mut chunk).unwrap();
        body.extend_from_slice(&chunk[..read]);
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    (head, body)
}

fn read_head(stream: &mut TcpStream) -> (String, Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.parse().unwrap());
            return (head, bytes[end + 4..].to_vec(), length);
        }
    }
}

#[test]
fn spans_are_posted_to_the_endpoint_at_the_latest_on_shutdown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collector = std::thread::spawn(move || take_post(&listener));

    let provider = tracer(Some(&endpoint)).unwrap();
    let subscriber = subscriber(&TelemetryConfig::default(), provider.as_ref(), io::sink).unwrap();
    tracing::subscriber::with_default(subscriber, in_a_request);
    drop(Guard {
        metrics: Metrics::install(),
        tracer: provider,
    });

    let (head, body) = collector.join().unwrap();
    assert!(head.starts_with("POST /v1/traces "), "{head}");
    let body = String::from_utf8_lossy(&body);
    for text in ["employment-exchange", "request", "r-7", "loaded"] {
        assert!(body.contains(text), "{text} is not in the export");
    }
}

#[test]
fn a_path_that_was_configured_is_kept() {
    for (endpoint, url) in [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        (
            "https://ingest.example/otlp/v1/traces",
            "https://ingest.example/otlp/v1/traces",
        ),
    ] {
        assert_eq!(traces_url(endpoint), url);
    }
}
