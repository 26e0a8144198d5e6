//! What the outside reaches: the GraphQL endpoint over HTTP and the bounds it stands behind.

pub mod http;
pub mod limits;
