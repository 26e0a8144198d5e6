//! The registry's use cases, one function each.

mod derive;
mod parse;
mod read;
mod register;
mod update;

pub use derive::rederive_in;
pub use read::{categories_of, find_many, get, get_by_resident_id, households, list};
pub use register::{
    HouseholdRegistered, RegisterHousehold, RegisterWorker, Registration, StatedFlag,
    register_household, register_worker, register_worker_in,
};
pub use update::{Patch, UpdateWorker, WorkerDone, update_worker};
