//! What the outside reaches: the schema assembled from its capabilities, and the GraphQL endpoint
//! over HTTP with the bounds it stands behind.

mod edges;
pub mod exchange;
mod gate;
pub mod http;
pub mod limits;
mod node;
pub mod schema;
