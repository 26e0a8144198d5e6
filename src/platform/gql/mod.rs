//! GraphQL plumbing that resolvers of every capability share.

pub mod error;
