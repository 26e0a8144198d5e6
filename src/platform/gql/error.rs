//! The one way from a [`Failure`] to an error that a GraphQL client reads.
//!
//! Clients branch on `extensions.code` and quote `extensions.requestId`; a client that meets an
//! error without a known code takes it for a server fault. So nothing else in the exchange builds
//! a top-level error: resolvers and the transport come here.

use async_graphql::{Error, ErrorExtensionValues, Value};

use crate::kernel::error::{ErrorCode, Failure, Locale, Text};

const ALL_CODES: [ErrorCode; 12] = [
    ErrorCode::Unauthenticated,
    ErrorCode::Forbidden,
    ErrorCode::BadUserInput,
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::LimitExceeded,
    ErrorCode::RateLimited,
    ErrorCode::CursorExpired,
    ErrorCode::PersistedQueryNotFound,
    ErrorCode::Timeout,
    ErrorCode::Unavailable,
    ErrorCode::Internal,
];

/// Turns a failure into the error its caller reads, and writes what only operators may read
/// (the cause of `INTERNAL` and `UNAVAILABLE`) to the log under the same request id.
#[must_use]
pub fn graphql_error(failure: &Failure, locale: Locale, request_id: &str) -> Error {
    log(failure, request_id);
    let mut error = coded_error(failure.code(), &failure.text(), locale, request_id);
    if let Failure::Limit {
        limit,
        bound,
        found,
    } = failure
    {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("limit", *limit);
        extensions.set("bound", *bound);
        extensions.set("found", *found);
    }
    error
}

/// An error with a code of the transport's own (`UNAUTHENTICATED`, `TIMEOUT`), for which there is
/// no [`Failure`] because no use case can cause it.
#[must_use]
pub fn coded_error(code: ErrorCode, text: &Text, locale: Locale, request_id: &str) -> Error {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.as_str());
    extensions.set("requestId", request_id);
    Error {
        message: text.in_locale(locale).to_owned(),
        source: None,
        extensions: Some(extensions),
    }
}

/// The code an error already carries; absent when it has none or one that is not ours.
#[must_use]
pub fn code_of(extensions: Option<&ErrorExtensionValues>) -> Option<ErrorCode> {
    let Value::String(code) = extensions?.get("code")? else {
        return None;
    };
    ALL_CODES.into_iter().find(|known| known.as_str() == code)
}

fn log(failure: &Failure, request_id: &str) {
    match failure {
        Failure::Internal(source) => {
            tracing::error!(request_id, cause = %chain(source.as_ref()), "internal failure");
        }
        Failure::Unavailable(cause) | Failure::Contended(cause) => {
            tracing::warn!(request_id, cause, "unavailable")
        }
        Failure::Unauthenticated
        | Failure::Forbidden { .. }
        | Failure::NotFound
        | Failure::BadInput(_)
        | Failure::Conflict(_)
        | Failure::Limit { .. } => {}
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension(error: &Error, name: &str) -> Option<Value> {
        error.extensions.as_ref()?.get(name).cloned()
    }

    #[test]
    fn an_error_carries_code_request_id_and_the_callers_language() {
        let error = graphql_error(&Failure::NotFound, Locale::En, "r-1");
        assert_eq!(extension(&error, "code"), Some("NOT_FOUND".into()));
        assert_eq!(extension(&error, "requestId"), Some("r-1".into()));
        assert_eq!(error.message, "There is no such record within your reach.");
        let chinese = graphql_error(&Failure::NotFound, Locale::ZhCn, "r-1");
        assert!(chinese.message.contains("未找到"));
    }

    #[test]
    fn a_limit_names_itself_its_bound_and_what_was_found() {
        let failure = Failure::Limit {
            limit: "depth",
            bound: 12,
            found: 13,
        };
        let error = graphql_error(&failure, Locale::En, "r-1");
        assert_eq!(extension(&error, "limit"), Some("depth".into()));
        assert_eq!(extension(&error, "bound"), Some(12_u64.into()));
        assert_eq!(extension(&error, "found"), Some(13_u64.into()));
    }

    #[test]
    fn causes_stay_out_of_what_the_caller_reads() {
        let failure = Failure::internal("password=hunter2");
        let error = graphql_error(&failure, Locale::En, "r-1");
        assert!(!format!("{error:?}").contains("hunter2"));
        assert!(error.source.is_none());
    }

    #[test]
    fn only_codes_of_the_closed_set_are_recognised() {
        let mut extensions = ErrorExtensionValues::default();
        assert_eq!(code_of(Some(&extensions)), None);
        extensions.set("code", "MADE_UP");
        assert_eq!(code_of(Some(&extensions)), None);
        for code in ALL_CODES {
            extensions.set("code", code.as_str());
            assert_eq!(code_of(Some(&extensions)), Some(code));
        }
    }
}
