//! Employers: who hires, pays wages and insures the people of the registry.
//!
//! An employer is known by its unified social credit code and is public registry data; the only
//! personal value about one, its legal representative's resident id, is kept as a keyed hash and
//! never leaves. Its standing is stated by market regulation as dated facts, which are kept side by
//! side and never overwritten (registry rules F46: conflicting reports coexist with their source).
//! Kind and standing decide later who may receive a subsidy: government bodies and dispatch firms
//! may not receive the one-off absorption subsidy (F7), and invented labour relations are found by
//! looking at the standing of the unit that reported them (F26).

pub mod error;
pub mod graphql;

pub mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod rules;
pub mod service;
