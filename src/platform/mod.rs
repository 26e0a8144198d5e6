//! What every capability stands on and none of them owns: configuration, keys, identity, access,
//! the database, the journal, telemetry and the conventions of the GraphQL surface.

pub mod authn;
pub mod authz;
pub mod config;
pub mod crypto;
pub mod db;
mod durable;
pub mod gql;
pub mod journal;
pub mod queue;
pub mod telemetry;
