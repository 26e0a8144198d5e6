//! Deliveries of data by partner agencies: what came, when, and what became of its rows.
//!
//! Policy article, measure 3 (data matching between agencies): an agency must be able to see that
//! its month arrived and how many rows were dropped, because nobody of them is registered, or
//! refused. The rows themselves belong to the capability whose data set they are; it records its
//! delivery here, in the transaction that takes the rows.

pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod service;
