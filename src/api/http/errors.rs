//! Makes the engine's errors fit to leave: a code on each, few, short, and nothing of the inside.
//!
//! Resolvers build their errors with [`crate::platform::gql::error`]; those pass. What else
//! comes out of the engine is its own: validation messages, unreadable values (whose texts quote
//! the value), or the `Display` of an error that somebody let through with `?`.

use async_graphql::{ErrorExtensionValues, ServerError};

use super::call::Call;
use crate::kernel::error::{ErrorCode, Failure, Text};
use crate::kernel::personal::holds_personal_number;
use crate::kernel::unreadable::Unreadable;
use crate::platform::gql::error::{code_of, coded_error, graphql_error};

/// Most errors in one answer: hostile documents can cause one per byte.
const MOST_ERRORS: usize = 20;
/// Longest message in characters.
const LONGEST_MESSAGE: usize = 300;
/// Where the engine starts to list names the caller may not know of.
const SUGGESTION: &str = " Did you mean";

/// Brings the errors of one answer into shape.
pub(super) fn tidy(errors: &mut Vec<ServerError>, call: &Call) {
    leave_out(errors, call);
    for error in errors {
        give_code(error, call);
        shorten(&mut error.message);
        error.source = None;
        error
            .extensions
            .get_or_insert_default()
            .set("requestId", call.request_id.as_str());
    }
}

/// Leaves out what is too much and says so: a place that is null without an error would seem to be
/// empty.
fn leave_out(errors: &mut Vec<ServerError>, call: &Call) {
    let found = errors.len();
    let Some(further) = found
        .checked_sub(MOST_ERRORS)
        .filter(|further| *further > 0)
    else {
        return;
    };
    errors.truncate(MOST_ERRORS);
    let text = Text::new(
        format!("另有 {further} 个错误未列出；请减少一次请求的字段或标识后重试。"),
        format!("{further} further errors are left out; ask for fewer fields or ids at once."),
    );
    let mut summary = coded_error(
        ErrorCode::LimitExceeded,
        &text,
        call.locale,
        &call.request_id,
    );
    let extensions = summary.extensions.get_or_insert_default();
    extensions.set("limit", "errors");
    extensions.set("bound", MOST_ERRORS as u64);
    extensions.set("found", found as u64);
    errors.push(server_error(summary.message, summary.extensions));
}

fn give_code(error: &mut ServerError, call: &Call) {
    if code_of(error.extensions.as_ref()).is_some() {
        return;
    }
    let replacement = if error.path.is_empty() {
        let end = error.message.find(SUGGESTION);
        let message = &error.message[..end.unwrap_or(error.message.len())];
        let text = if holds_personal_number(message) {
            Unreadable::BadValue.text()
        } else {
            Text::new(format!("请求不符合接口定义：{message}"), message.to_owned())
        };
        coded_error(
            ErrorCode::BadUserInput,
            &text,
            call.locale,
            &call.request_id,
        )
    } else if error.source.is_some() {
        let cause = if holds_personal_number(&error.message) {
            "an error without a code, withheld because it quotes a number".to_owned()
        } else {
            std::mem::take(&mut error.message)
        };
        graphql_error(&Failure::internal(cause), call.locale, &call.request_id)
    } else {
        coded_error(
            ErrorCode::BadUserInput,
            &Unreadable::BadValue.text(),
            call.locale,
            &call.request_id,
        )
    };
    error.message = replacement.message;
    error.extensions = replacement.extensions;
}

fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
        message.truncate(end);
    }
}

/// The code that stands for the whole answer in the metrics: the first error's, else `OK`.
pub(super) fn code_of_answer(errors: &[ServerError]) -> &'static str {
    let Some(error) = errors.first() else {
        return "OK";
    };
    code_of(error.extensions.as_ref())
        .unwrap_or(ErrorCode::Internal)
        .as_str()
}

/// An error outside of any field, from what built it.
pub(super) fn server_error(
    message: String,
    extensions: Option<ErrorExtensionValues>,
) -> ServerError {
    ServerError {
        extensions,
        ..ServerError::new(message, None)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_graphql::{PathSegment, Value};

    use super::super::negotiate::Media;
    use super::*;
    use crate::kernel::error::Locale;

    fn tidied(mut errors: Vec<ServerError>) -> Vec<ServerError> {
        let call = Call {
            request_id: "r-1".to_owned(),
            locale: Locale::En,
            media: Some(Media::Json),
            gzip: false,
        };
        tidy(&mut errors, &call);
        errors
    }

    fn extension(error: &ServerError, name: &str) -> Option<Value> {
        error.extensions.as_ref()?.get(name).cloned()
    }

    fn at_a_field(message: &str) -> ServerError {
        ServerError::new(message, None).with_path(vec![PathSegment::Field("worker".to_owned())])
    }

    #[test]
    fn validation_errors_keep_their_text_but_not_the_suggestion() {
        let message = r#"Unknown field "nam" on type "Worker". Did you mean "nameHash"?"#;
        let errors = tidied(vec![ServerError::new(message, None)]);
        assert_eq!(
            errors[0].message,
            r#"Unknown field "nam" on type "Worker"."#
        );
        assert_eq!(extension(&errors[0], "code"), Some("BAD_USER_INPUT".into()));
        assert_eq!(extension(&errors[0], "requestId"), Some("r-1".into()));
    }

    #[test]
    fn an_unreadable_value_is_never_quoted() {
        for error in [
            at_a_field(r#"Expected input type "Int", found "590101199001011234"."#),
            ServerError::new(r#"… does not contain the value "13912345678""#, None),
        ] {
            let errors = tidied(vec![error]);
            assert_eq!(extension(&errors[0], "code"), Some("BAD_USER_INPUT".into()));
            assert!(!errors[0].message.contains(char::is_numeric), "{errors:?}");
        }
    }

    #[test]
    fn an_error_that_slipped_through_becomes_internal() {
        let mut error = at_a_field("connection to 10.0.0.3 refused");
        error.source = Some(Arc::new(std::io::Error::other("refused")));
        let errors = tidied(vec![error]);
        assert_eq!(extension(&errors[0], "code"), Some("INTERNAL".into()));
        assert!(!errors[0].message.contains("10.0.0.3"));
        assert!(errors[0].source.is_none());
        assert!(!errors[0].path.is_empty(), "the place stays");
    }

    #[test]
    fn a_coded_error_passes_and_gets_the_request_id() {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", "NOT_FOUND");
        let mut error = at_a_field("Nothing here.");
        error.extensions = Some(extensions);
        let errors = tidied(vec![error]);
        assert_eq!(errors[0].message, "Nothing here.");
        assert_eq!(extension(&errors[0], "code"), Some("NOT_FOUND".into()));
        assert_eq!(extension(&errors[0], "requestId"), Some("r-1".into()));
    }

    #[test]
    fn answers_hold_twenty_errors_of_three_hundred_characters_and_say_what_is_left_out() {
        let errors = tidied(vec![ServerError::new("误".repeat(1_000), None); 1_000]);
        let (rest, errors) = errors.split_last().unwrap();
        assert_eq!(errors.len(), 20);
        assert!(errors.iter().all(|e| e.message.chars().count() == 300));
        assert!(rest.message.contains("980"), "{rest:?}");
        assert_eq!(extension(rest, "code"), Some("LIMIT_EXCEEDED".into()));
        assert_eq!(extension(rest, "found"), Some(1_000.into()));
        assert!(rest.path.is_empty());
        let twenty = tidied(vec![ServerError::new("x", None); 20]);
        assert_eq!(twenty.len(), 20, "all of them are told");
    }
}
