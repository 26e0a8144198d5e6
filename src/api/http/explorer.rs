//! A small page for trying queries by hand, complete in itself.
//!
//! The usual explorers load their code from somebody else's network; an office without internet
//! cannot, and a page that holds an officer's token should not.

use actix_web::HttpResponse;

/// Nothing but this server's own files and answers.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn page() -> HttpResponse {
    file(
        "text/html; charset=utf-8",
        include_str!("explorer/index.html"),
    )
}

pub(super) async fn script() -> HttpResponse {
    file(
        "text/javascript; charset=utf-8",
        include_str!("explorer/explorer.js"),
    )
}

pub(super) async fn style() -> HttpResponse {
    file(
        "text/css; charset=utf-8",
        include_str!("explorer/explorer.css"),
    )
}

fn file(content_type: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("content-security-policy", POLICY))
        .body(text)
}
