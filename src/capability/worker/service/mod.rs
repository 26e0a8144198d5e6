//! The registry's use cases, one function each.

mod bulk;
mod categories;
mod corrections;
mod derive;
mod events;
mod helpers;
mod households;
mod known;
mod lapse;
mod moves;
mod parse;
mod reach;
mod read;
mod register;
mod residence;
mod reveal;
mod successors;
mod update;
mod void;

pub use bulk::{ItemError, ItemOutcome, register_workers};
pub use categories::{CategoriesSubmitted, CategoryItem, CategoryItemResult, submit_categories};
pub use corrections::{
    AfterCorrection, Corrected, CorrectionProposed, DecideCorrection, Decision, ProposeCorrection,
    ProposeNameCorrection, corrections, decide_correction, list_corrections, propose_correction,
    propose_name_correction,
};
pub use derive::rederive_in;
pub use events::{Dated, Received, leave_public_post, record_death, report_death};
pub use helpers::{AssignHelper, assign_helper};
pub use households::{
    HouseholdSplit, MergeHouseholds, SplitHousehold, merge_households, split_household,
};
pub use lapse::lapse_categories;
pub use moves::{
    HouseholdDone, MoveHousehold, MoveTarget, MoveWorker, Relocated, move_household, move_worker,
};
pub use read::{
    category_histories, facts_of, find_many, get, get_by_resident_id, helpers_of, households, list,
    list_in_regions, members_of, residences_of,
};
pub use register::{
    HOUSEHOLD_FIELDS, HouseholdRegistered, PERSON_FIELDS, RegisterHousehold, RegisterWorker,
    Registration, StatedFlag, register_household, register_household_in, register_worker,
    register_worker_in,
};
pub use reveal::{PersonalData, Reveal, Revealed, reveal};
pub use successors::apply_successors;
pub use update::{Patch, UpdateWorker, WorkerDone, update_worker};
pub use void::{VoidLabourFact, void_labour_fact};
