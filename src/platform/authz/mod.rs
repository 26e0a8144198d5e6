//! Who may do what, decided before any session exists.
//!
//! A capability's `policy.rs` declares [`Action`]s as data: which role, on which level and side.
//! [`Caller::permit`] turns an action into a [`Permit`], whose fields are private and which is the
//! only key to a database session; the permit carries the [`Scope`] that becomes the `WHERE` of
//! every statement made under it. Forgetting the check therefore does not compile. The
//! alternatives (a check as the first line of each resolver, a policy language) are discussed in
//! `docs/authorization.md`.

mod action;
mod caller;
mod permit;

pub use action::{Access, Action, Grant, Levels, Read, Side, Write};
pub use caller::{Caller, RequestInfo, Standing};
pub use permit::{Permit, Scope};
