//! The registry's use cases, one function each.

mod bulk;
mod derive;
mod events;
mod helpers;
mod parse;
mod read;
mod register;
mod reveal;
mod update;

pub use bulk::{ItemError, ItemOutcome, register_workers};
pub use derive::rederive_in;
pub use events::{Dated, Received, leave_public_post, record_death, report_death};
pub use helpers::{AssignHelper, assign_helper};
pub use read::{categories_of, find_many, get, get_by_resident_id, households, list};
pub use register::{
    HouseholdRegistered, RegisterHousehold, RegisterWorker, Registration, StatedFlag,
    register_household, register_worker, register_worker_in,
};
pub use reveal::{PersonalData, Reveal, Revealed, reveal};
pub use update::{Patch, UpdateWorker, WorkerDone, update_worker};
