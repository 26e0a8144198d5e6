//! Jobs: who works where, for whom, since when, on whose word.
//!
//! Policy article, measure 3 (services of origin and destination): both regions share one record
//! of each job. A job is opened by the origin, or reported by anybody else and then confirmed by
//! the origin or by a month of insurance; only a confirmed job makes its workplace county the
//! destination. A report gives its reporter no view of the person beyond what was sent.

pub mod error;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod rules;
pub mod service;
