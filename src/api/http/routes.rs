//! Which address is answered by what, and what every answer carries.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web::{self, Data, Payload, Query, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, Resource};

use super::call::Call;
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use super::reply::refused;
use super::unread::leave_unread;
use super::{explorer, graphql, probes};
use crate::kernel::personal::holds_personal_number;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Fixed headers of every answer that does not set its own: not sniffed, not stored, not framed.
const HEADERS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
];

/// Adds the endpoint's addresses to an application.
pub(super) fn routes(endpoint: Arc<Endpoint>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.service(
            web::resource("/graphql")
                .route(web::get().to(graphql::get))
                .route(web::post().to(graphql::post))
                .default_service(web::to(|request, body| {
                    not_allowed(request, body, "GET, POST")
                })),
        );
        config.service(only_get("/healthz").route(web::get().to(probes::healthz)));
        config.service(only_get("/readyz").route(web::get().to(probes::readyz)));
        if endpoint.settings.metrics.is_some() {
            config.service(only_get("/metrics").route(web::get().to(probes::metrics)));
        }
        if endpoint.settings.explorer {
            config.service(only_get("/").route(web::get().to(explorer::page)));
            config.service(only_get("/explorer.js").route(web::get().to(explorer::script)));
            config.service(only_get("/explorer.css").route(web::get().to(explorer::style)));
        }
        config.default_service(web::to(no_such_address));
        config.app_data(Data::from(endpoint));
    }
}

fn only_get(path: &str) -> Resource {
    web::resource(path).default_service(web::to(|request, body| not_allowed(request, body, "GET")))
}

async fn not_allowed(request: HttpRequest, body: Payload, allow: &'static str) -> HttpResponse {
    let reply = refused(&Call::of(&request), Refusal::method_not_allowed(allow));
    leave_unread(reply.response, body)
}

async fn no_such_address(request: HttpRequest, body: Payload) -> HttpResponse {
    let reply = refused(&Call::of(&request), Refusal::no_such_address());
    leave_unread(reply.response, body)
}

/// Refuses addresses that hold a person's number, and dresses every answer.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let call = Call::of(request.request());
    let mut response = if address_is_personal(&request) {
        let reply = refused(&call, Refusal::personal_number_in_address());
        request.into_response(reply.response)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    dress(response.headers_mut(), &call.request_id);
    Ok(response)
}

fn address_is_personal(request: &ServiceRequest) -> bool {
    let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string());
    holds_personal_number(request.path())
        || holds_personal_number(request.query_string())
        || pairs.is_ok_and(|pairs| {
            pairs
                .iter()
                .any(|(name, value)| holds_personal_number(name) || holds_personal_number(value))
        })
}

fn dress(headers: &mut HeaderMap, request_id: &str) {
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
}
