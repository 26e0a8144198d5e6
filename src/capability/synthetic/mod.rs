//! A synthetic province: people who do not exist, in households, jobs and insurance as a real
//! county would have them, for demos and measurements.
//!
//! It makes a state of the world at once instead of telling its history: rows go into the tables in
//! sets, and what is derived from them is worked out by the same rules that keep it in step with
//! facts (`worker::public::derive`), so that deriving it anew changes nothing. Each batch is one
//! commit whose journal entries state every record it made, as its own writer would have: whoever
//! reads the journal cannot tell these people from lived ones.

mod draw;
mod model;
pub mod policy;
mod repo;
mod service;

pub use model::{BATCH, Focus, GenerateOptions, Generated};
pub use service::{focus_person, generate, refuse_among_others};
