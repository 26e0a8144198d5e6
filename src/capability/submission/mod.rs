//! Deliveries of data by partner agencies: what came, when, and what became of its rows.
//!
//! Policy article, measure 3 (data matching between agencies): an agency must be able to see that
//! its month arrived and how many rows were refused. How many were dropped, because nobody of them
//! is registered, it sees only where its rows are not about people at large: see
//! [`policy::SEE_MATCHES`]. The rows themselves belong to the capability whose data set they are;
//! it records its delivery here, in the transaction that takes the rows.

pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod service;
