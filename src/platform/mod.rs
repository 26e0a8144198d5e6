//! What every capability stands on and none of them owns.

pub mod gql;
pub mod telemetry;
