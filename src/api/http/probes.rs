//! What operators and their machines ask: is it up, can it answer, how does it do.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::endpoint::Endpoint;

/// A check that takes longer than a prober waits is a no.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is up. Says nothing about what it depends on, so that a database that is away
/// does not get every server restarted.
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "up" }))
}

/// The process can answer requests now. Why not is written to the log, not told to strangers.
pub(super) async fn readyz(endpoint: Data<Endpoint>) -> HttpResponse {
    let outcome = if endpoint.is_draining() {
        Err("stopping".to_owned())
    } else {
        tokio::time::timeout(PATIENCE, (endpoint.ready)())
            .await
            .unwrap_or_else(|_| Err("the check did not answer in time".to_owned()))
    };
    match outcome {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })),
        Err(reason) => {
            tracing::warn!(reason, "not ready");
            HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "not ready" }))
        }
    }
}

/// The metrics in Prometheus' text format.
pub(super) async fn metrics(endpoint: Data<Endpoint>) -> HttpResponse {
    let text = endpoint
        .settings
        .metrics
        .as_ref()
        .map(|metrics| metrics.render());
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text.unwrap_or_default())
}
