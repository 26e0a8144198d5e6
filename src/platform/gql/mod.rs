//! GraphQL plumbing that resolvers of every capability share.

mod batching;
pub mod closed;
pub mod connection;
pub mod context;
pub mod error;
pub mod inputs;
pub mod mutation;
pub mod patch;
pub mod scalars;

pub use context::{ContextExt, ScopedLoader, Shown};
pub use inputs::Item;
pub use mutation::{UserErrorObject, mutate, mutate_unkept};
pub use patch::Patch;
pub use scalars::{Date, DateTime, JournalPosition};
