//! What is known of a call before its body is read.

use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use actix_web::{HttpMessage as _, HttpRequest};
use tracing_actix_web::RequestId;

use super::gzip;
use super::negotiate::{Media, only};
use super::refusal::Refusal;
use crate::kernel::error::Locale;

/// The circumstances of one call that shape every answer to it.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) request_id: String,
    pub(super) locale: Locale,
    /// Absent when the caller accepts neither of our media types.
    pub(super) media: Option<Media>,
    /// Whether the answer may be packed.
    pub(super) gzip: bool,
}

impl Call {
    pub(super) fn of(request: &HttpRequest) -> Self {
        Self {
            request_id: request
                .extensions()
                .get::<RequestId>()
                .map(ToString::to_string)
                .unwrap_or_default(),
            locale: Locale::from_accept_language(only(request.headers(), ACCEPT_LANGUAGE)),
            media: Media::accepted(request.headers()),
            gzip: gzip::accepted(request),
        }
    }

    /// The answer's media type; a refusal has to be written somehow, so JSON when none fits.
    pub(super) fn media(&self) -> Media {
        self.media.unwrap_or(Media::Json)
    }

    /// Who is calling, as far as the transport knows.
    pub(super) fn visitor(&self, request: &HttpRequest) -> Result<Visitor, Refusal> {
        let authorization = only(request.headers(), AUTHORIZATION).map(str::to_owned);
        // Twice, or not text: a token was meant, so this is never an anonymous call.
        if authorization.is_none() && request.headers().contains_key(AUTHORIZATION) {
            return Err(Refusal::unauthenticated());
        }
        Ok(Visitor {
            authorization,
            request_id: self.request_id.clone(),
            locale: self.locale,
        })
    }
}

/// Somebody at the door. Does not print: it holds a token.
pub struct Visitor {
    /// The `Authorization` header as it came; absent for an anonymous call.
    pub authorization: Option<String>,
    /// The id under which this request is logged and answered.
    pub request_id: String,
    /// The language of messages.
    pub locale: Locale,
}
