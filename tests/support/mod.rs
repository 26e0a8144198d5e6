//! What every test of the exchange stands on: a running exchange with a fresh database, a fixed
//! clock and seeded ids, reached over HTTP as a caller would.

pub mod app;
pub mod engines;
pub mod people;
