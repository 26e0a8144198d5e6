//! Administrative divisions: the places that people, jobs and rights are tied to.
//!
//! Twelve-digit codes on five levels, in the words of GB/T 2260 and the statistical division
//! codes. Divisions get renamed, abolished and merged, so each has a validity and may have a
//! successor; a subtree is a range of codes. The demo ships a fictional province under the
//! unassigned prefix 59; a real table is imported at run time, because no published one may be
//! shipped that is still kept up to date.

mod demo;
mod error;
pub mod graphql;
mod import;
mod model;
pub mod policy;
pub mod public;
mod repo;
pub mod service;
mod successors;

pub use demo::demo_province;
pub use error::RowRejection;
pub use model::{Region, RegionId};
