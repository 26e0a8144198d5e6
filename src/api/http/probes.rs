//! What operators and their machines ask: is it up, can it answer, how does it do.

use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use secrecy::{ExposeSecret as _, SecretString};

use super::call::Call;
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use super::reply::refused;
use super::settings::MetricsAccess;

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

/// The metrics in Prometheus' text format, for whoever has the scraper's token when one is set.
pub(super) async fn metrics(endpoint: Data<Endpoint>, request: HttpRequest) -> HttpResponse {
    let settings = &endpoint.settings;
    let admitted = match &settings.metrics_access {
        MetricsAccess::Closed => false,
        MetricsAccess::Open => true,
        MetricsAccess::Token(token) => carries(&request, token),
    };
    if !admitted {
        return refused(&Call::of(&request), Refusal::unauthenticated()).response;
    }
    let text = settings.metrics.as_ref().map(|metrics| metrics.render());
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text.unwrap_or_default())
}

/// Compares in constant time: how long a wrong token takes tells nothing about the right one.
fn carries(request: &HttpRequest, token: &SecretString) -> bool {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    given.is_some_and(|given| {
        verify_slices_are_equal(given, token.expose_secret().as_bytes()).is_ok()
    })
}
