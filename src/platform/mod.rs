//! What every capability stands on and none of them owns: configuration, keys, identity.

pub mod authn;
pub mod authz;
pub mod config;
pub mod crypto;
pub mod db;
pub mod journal;
