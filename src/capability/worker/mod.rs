//! The real-name registry: households, the people in them, and what is known about each.
//!
//! Policy article, measure 1 (monitoring by real name): one person exists once in the province,
//! with category, ability and willingness to work, and a work status that is derived from facts.
//! The household carries the category; the person carries everything else.

pub mod error;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod rules;
pub mod service;
