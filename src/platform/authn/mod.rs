//! Who is asking: a bearer token becomes a [`Principal`], or the request is refused.
//!
//! What a principal may do is not decided here.

mod principal;

pub use principal::{Agency, Identity, Principal, Role, WorkerBinding};
