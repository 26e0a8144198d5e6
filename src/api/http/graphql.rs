//! The two handlers of `/graphql`.

use std::time::Instant;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::call::Call;
use super::endpoint::{Denied, Endpoint, Outcome};
use super::gzip::packed;
use super::negotiate::is_json;
use super::params::{Params, read_body};
use super::refusal::Refusal;
use super::reply::{Reply, reply};
use super::unread::leave_unread;
use crate::platform::telemetry::metrics::request_answered;

/// What resolvers find in their context, from the gate.
type Context = async_graphql::Data;

pub(super) async fn post(
    endpoint: Data<Endpoint>,
    request: HttpRequest,
    mut body: Payload,
) -> HttpResponse {
    let started = Instant::now();
    let call = Call::of(&request);
    match receive(&endpoint, &call, &request, &mut body).await {
        Ok((params, context)) => {
            let outcome = endpoint.answer(params, context, false).await;
            finish(&call, started, outcome)
        }
        Err(refusal) => leave_unread(finish(&call, started, Outcome::refused(refusal)), body),
    }
}

pub(super) async fn get(endpoint: Data<Endpoint>, request: HttpRequest) -> HttpResponse {
    let started = Instant::now();
    let call = Call::of(&request);
    let outcome = match receive_address(&endpoint, &call, &request).await {
        Ok((params, context)) => endpoint.answer(params, context, true).await,
        Err(refusal) => Outcome::refused(refusal),
    };
    finish(&call, started, outcome)
}

async fn receive(
    endpoint: &Endpoint,
    call: &Call,
    request: &HttpRequest,
    body: &mut Payload,
) -> Result<(Params, Context), Refusal> {
    acceptable(call)?;
    if !is_json(request.headers()) {
        return Err(Refusal::unsupported_media_type());
    }
    let context = admit(endpoint, call, request).await?;
    let settings = &endpoint.settings;
    let body = read_body(request, body, settings.body_bytes, settings.body_timeout).await?;
    Ok((Params::from_body(&body)?, context))
}

async fn receive_address(
    endpoint: &Endpoint,
    call: &Call,
    request: &HttpRequest,
) -> Result<(Params, Context), Refusal> {
    acceptable(call)?;
    let context = admit(endpoint, call, request).await?;
    Ok((Params::from_address(request.query_string())?, context))
}

fn acceptable(call: &Call) -> Result<(), Refusal> {
    match call.media {
        Some(_) => Ok(()),
        None => Err(Refusal::not_acceptable()),
    }
}

async fn admit(
    endpoint: &Endpoint,
    call: &Call,
    request: &HttpRequest,
) -> Result<Context, Refusal> {
    let visitor = call.visitor(request)?;
    let admitted = endpoint.gate.admit(visitor);
    match tokio::time::timeout(endpoint.settings.request_timeout, admitted).await {
        Ok(Ok(context)) => Ok(context),
        Ok(Err(Denied::Unauthenticated)) => Err(Refusal::unauthenticated()),
        Ok(Err(Denied::Unavailable)) => Err(Refusal::unavailable("the token cannot be checked")),
        Err(_) => Err(Refusal::unavailable("checking the token took too long")),
    }
}

fn finish(call: &Call, started: Instant, outcome: Outcome) -> HttpResponse {
    let Outcome { operation, result } = outcome;
    let Reply { response, code } = reply(call, result);
    let response = if operation.starts_with("query") {
        packed(response, call.gzip)
    } else {
        response
    };
    request_answered(operation, code, started.elapsed());
    response
}
