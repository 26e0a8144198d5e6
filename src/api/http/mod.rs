//! GraphQL over HTTP, after the GraphQL-over-HTTP specification, and the addresses around it.
//!
//! Written over actix-web and not taken from the engine's integration crate, which runs mutations
//! over GET and from `text/plain`, reads bodies without a bound and always answers 200. The order
//! of a call is fixed: address, media types, token, body, document, execution; whatever fails
//! first is the answer, and every answer is JSON with a code and the request's id.
//!
//! | address | answers |
//! |---|---|
//! | `POST /graphql` | queries and mutations, `application/json` |
//! | `GET /graphql` | queries |
//! | `/healthz`, `/readyz`, `/metrics` | operators |
//! | `/` | the explorer, when it is switched on |

mod call;
mod endpoint;
mod errors;
mod explorer;
mod graphql;
mod gzip;
mod negotiate;
mod operation;
mod params;
mod probes;
mod refusal;
mod reply;
mod routes;
mod server;
mod settings;
mod unread;
mod values;

pub use call::Visitor;
pub use endpoint::{Denied, Endpoint, Gate, Readiness};
pub use server::{Server, bind};
pub use settings::{HttpSettings, MetricsAccess};

#[cfg(test)]
mod tests;
