//! Regions at a glance: how many people, how many of them work, and where.
//!
//! Policy article, measure 5: regular scheduling needs the figures of the moment. What is
//! published monthly is frozen and lives elsewhere; these figures move with the record, and every
//! one of them counts only people within the caller's reach.

pub mod graphql;
mod model;
pub mod policy;
mod repo;
mod rules;
pub mod service;

pub use model::Agreement;
