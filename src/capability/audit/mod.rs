//! Supervision by auditors: what they find, what the responsible county answers, and lists of
//! numbers compared with the records.
//!
//! The audits of this field find subsidies paid for invented labour relations and to people who
//! were entitled to none (registry rules F26): a finding names the clause that is held to be
//! broken and the evidence, the county that is responsible answers, and the auditor decides what
//! comes of it. Nothing of it is overwritten; an answer that was not enough stands beside the next
//! one. Matching serves the same end from the other side: an auditor holds a list of resident ids
//! or bank accounts, says what for, and learns whom of the registry they belong to, masked. Whoever
//! was found sees that in the own access log (PIPL, articles 44 and 54), once no finding about them is
//! open.

pub mod error;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod rules;
pub mod service;
