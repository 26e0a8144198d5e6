//! Keys that change: what is sealed under older ones is sealed anew, and a key that nothing is under
//! any more may go.
//!
//! A key that has leaked opens whatever is still under it, for as long as that lies in the database.
//! Only the operator of an exchange does this, on the command line; the hashes by which people are
//! found are made with a key of their own, which stays.

pub mod model;
pub mod policy;
pub mod service;
