//! The span that every request runs in.
//!
//! It holds what finds a request again and nothing a caller wrote: no query string, no raw path
//! (an unknown path may hold a person's number), no header, no variables, no operation name.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{RequestId, RootSpanBuilder, TracingLogger};

use actix_web::HttpMessage as _;

/// The middleware that gives each request its id (UUIDv7) and its span.
#[must_use]
pub fn request_spans() -> TracingLogger<RequestSpan> {
    TracingLogger::new()
}

/// Builds the request's span; see the module's rule of what may stand in it.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = request
            .extensions()
            .get::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        let route = request
            .match_pattern()
            .unwrap_or_else(|| "unknown".to_owned());
        let method = known_method(request.method());
        tracing::info_span!(
            "request",
            otel.name = %format_args!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            request_id,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            operation = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            span.record("otel.status_code", "ERROR");
        }
        tracing::info!(status = status.as_u16(), "answered");
    }
}

/// Adds to the request's span what kind of operation it turned out to be. `operation` is built
/// from the schema's names only.
pub fn record_operation(operation: &str) {
    Span::current().record("operation", operation);
}

/// A method is a token of the caller's choice; only the usual ones are written down.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}
