//! Closes a connection whose request was refused before its body was read.
//!
//! A chunked body that nobody holds any more is drained by actix for as long as the caller keeps
//! dripping: a refusal by size or time would still leave the connection open for ever. While the
//! answer holds on to the body, actix sees that it is unread, and closes after the answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::{Bytes, Payload};

/// Ties what is left of a request's body to the answer.
pub(super) fn leave_unread(response: HttpResponse, unread: Payload) -> HttpResponse {
    response.map_body(|_, answer| {
        Holding {
            answer,
            _unread: unread,
        }
        .boxed()
    })
}

struct Holding {
    answer: BoxBody,
    _unread: Payload,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(cx)
    }
}
