//! The one journal: what happened, for the trail, and what changed, for everybody downstream.
//!
//! A commit writes its entries in its own transaction ([`AuditEntry`], [`Change`]). The
//! [`sequencer`] then gives every committed entry its place in one total order and chains it by
//! hash; [`anchor`] signs the head daily; [`verify`] walks both. Reads that reveal somebody and
//! refusals are entries too ([`access`], [`Refusals`]). Trail, feed, warnings and counters read
//! this journal and keep no log of their own. The design and its measured write rate are in
//! `docs/decisions/0003-one-journal.md`.

pub mod access;
pub mod anchor;
mod entry;
mod refusals;
pub(in crate::platform) mod repo;
pub mod sequencer;
pub mod verify;

pub use access::AccessLog;
pub(in crate::platform) use entry::{Actor, EntryRow};
pub use entry::{AuditEntry, Change, RecordRef};
pub use refusals::{Noted, Refusals};
