//! Answers to queries, packed with gzip for clients that accept it.
//!
//! A page of people shrinks to a quarter, which matters more on a county's line than the CPU it
//! costs. What a length could give away to somebody who reads along is weighed in
//! `docs/operating.md`: mutations, the only way to a personal value in full, stay as they are.

use std::io::Write as _;

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, CONTENT_ENCODING, Encoding, Header as _, HeaderValue, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Smallest body that is packed, in bytes: a smaller one fits a packet or two anyway.
const WORTH_IT: usize = 2048;

/// Whether the caller would rather have gzip than nothing.
pub(super) fn accepted(request: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    request.headers().contains_key(ACCEPT_ENCODING)
        && AcceptEncoding::parse(request)
            .is_ok_and(|accepted| accepted.negotiate(offered.iter()) == Some(Encoding::gzip()))
}

/// The same answer, packed where that is worth it and `accepted`.
pub(super) fn packed(response: HttpResponse, accepted: bool) -> HttpResponse {
    let (mut head, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(stream) => return head.set_body(stream),
    };
    if bytes.len() < WORTH_IT {
        return head.set_body(BoxBody::new(bytes));
    }
    let headers = head.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if !accepted {
        return head.set_body(BoxBody::new(bytes));
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    let packed = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    match packed {
        Ok(packed) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            head.set_body(BoxBody::new(packed))
        }
        // Memory does not fail to be written to; if it did, the plain answer would be right too.
        Err(_) => head.set_body(BoxBody::new(bytes)),
    }
}
