//! Who looked at whom, and who changed what: the journal as people and auditors read it.
//!
//! PIPL, articles 44 and 54: people may know who handled their data and what for, and handling is
//! audited. The trail keeps nothing of its own; it reads the platform's one journal, and each look
//! into it is an entry too.

pub mod graphql;
pub mod model;
pub mod policy;
mod repo;
pub mod service;
