//! Writes the outcome of a call: status, headers and JSON, the same way for every refusal.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_graphql::{Error, Response, ServerError, Value};
use serde::Serialize;

use super::call::Call;
use super::errors::{code_of_answer, server_error, tidy};
use super::negotiate::Media;
use super::refusal::{Cause, Refusal, Stage};
use crate::kernel::error::ErrorCode;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::error::{coded_error, graphql_error};

/// Says no more than the specification asks of a failed bearer token (RFC 6750 §3).
const CHALLENGE: &str = r#"Bearer realm="employment-exchange", error="invalid_token""#;
/// Seconds after which a call that met a busy server may try again.
const RETRY_SECONDS: &str = "5";

/// An answer and the code it counts under.
pub(super) struct Reply {
    pub(super) response: HttpResponse,
    pub(super) code: &'static str,
}

/// A request error has no `data`, not even `null`.
#[derive(Serialize)]
struct ErrorsOnly<'a> {
    errors: &'a [ServerError],
}

/// Writes what the engine answered, or why it was not asked.
pub(super) fn reply(call: &Call, result: Result<Response, Refusal>) -> Reply {
    match result {
        Ok(response) => executed(call, response),
        Err(refusal) => refused(call, refusal),
    }
}

fn executed(call: &Call, mut response: Response) -> Reply {
    tidy(&mut response.errors, call);
    let code = code_of_answer(&response.errors);
    // The engine reports parsing, validation and execution alike; only an error of execution
    // has a path.
    let never_ran = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let response = if never_ran {
        errors(call, Stage::Document).json_body(&ErrorsOnly {
            errors: &response.errors,
        })
    } else {
        builder(call, StatusCode::OK).json_body(&response)
    };
    Reply { response, code }
}

/// Writes a refusal.
pub(super) fn refused(call: &Call, refusal: Refusal) -> Reply {
    let Refusal {
        stage,
        cause,
        locations,
        allow,
    } = refusal;
    let error = match &cause {
        Cause::Failure(failure) => graphql_error(failure, call.locale, &call.request_id),
        Cause::Misread(misread) => misread_error(call, misread),
        Cause::Coded(code, text) => coded_error(*code, text, call.locale, &call.request_id),
    };
    let error = ServerError {
        locations,
        ..server_error(error.message, error.extensions)
    };
    let mut builder = errors(call, stage);
    if let Some(methods) = allow {
        builder.insert_header((ALLOW, methods));
    }
    Reply {
        response: builder.json_body(&ErrorsOnly { errors: &[error] }),
        code: cause.code().as_str(),
    }
}

/// The only error with `extensions.field`: programs find the value by it.
fn misread_error(call: &Call, misread: &Misread) -> Error {
    let text = misread.reason.text();
    let mut error = coded_error(
        ErrorCode::BadUserInput,
        &text,
        call.locale,
        &call.request_id,
    );
    let field: Vec<Value> = misread.field.iter().cloned().map(Value::from).collect();
    error.extensions.get_or_insert_default().set("field", field);
    error
}

fn errors(call: &Call, stage: Stage) -> HttpResponseBuilder {
    let status = match (stage, call.media()) {
        (Stage::Transport(status), _) => status,
        (Stage::Document, Media::GraphQl) => StatusCode::BAD_REQUEST,
        (Stage::Document, Media::Json) => StatusCode::OK,
    };
    let mut builder = builder(call, status);
    match status {
        StatusCode::UNAUTHORIZED => {
            builder.insert_header((WWW_AUTHENTICATE, CHALLENGE));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            builder.insert_header((RETRY_AFTER, RETRY_SECONDS));
        }
        _ => {}
    }
    builder
}

fn builder(call: &Call, status: StatusCode) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status);
    builder.insert_header((CONTENT_TYPE, call.media().content_type()));
    builder
}

trait JsonBody {
    fn json_body(self, body: &impl Serialize) -> HttpResponse;
}

impl JsonBody for HttpResponseBuilder {
    fn json_body(mut self, body: &impl Serialize) -> HttpResponse {
        let bytes = serde_json::to_vec(body).expect("GraphQL values have string keys");
        self.body(bytes)
    }
}
