//! Social insurance: who is insured in which of the five kinds, for which months, paid by whom.
//!
//! Policy article, measure 3 (data matching and insurance). Agencies deliver months and dates in
//! bulk; the exchange keeps those about people in the registry and drops the rest, since storing
//! the insured population of a province would break data minimisation. An answer to a delivery
//! never reveals who is registered; once somebody is registered, their agency is asked again
//! (`service::requery`). Months prove employment for subsidies and confirm reported jobs, so a
//! back payment keeps both the month it is for and the month it was posted in, and a correction is
//! a new row.

pub mod error;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod rules;
pub mod service;
