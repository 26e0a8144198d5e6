//! What other capabilities may ask of the registry.

pub use super::repo::page::{WorkerCursor, WorkerFilter, WorkerOrder, WorkerOrderField};
