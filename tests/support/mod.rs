//! What every test of the exchange stands on: a running exchange with a fresh database, a fixed
//! clock and seeded ids, reached over HTTP as a caller would.

pub mod app;
pub mod callers;
pub mod catalogue;
pub mod engines;
pub mod figures;
pub mod helpers;
pub mod http;
pub mod journal;
pub mod people;
pub mod waiting;
pub mod whole;
