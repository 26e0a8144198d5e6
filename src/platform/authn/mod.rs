//! Who is asking: a bearer token becomes a [`Principal`], or the request is refused.
//!
//! What a principal may do is not decided here. Every refusal looks the same from outside: which
//! check failed is for the log, since it would teach a forger where to go on.

mod authenticator;
mod claims;
mod error;
mod issuer;
mod key_set;
mod key_source;
mod principal;
#[cfg(test)]
mod tests;
mod wall_clock;

pub use authenticator::{Authenticator, TokenRules};
pub use claims::subject_name;
pub use error::AuthnError;
pub use issuer::{IssueError, Issuer, TokenRequest};
pub use key_source::{KeySource, KeySourceError};
pub use principal::{Agency, Identity, Principal, Role, WorkerBinding};
pub use wall_clock::WallClock;
