//! SQL of the registry, one file per table or two.

pub(super) mod categories;
pub(super) mod corrections;
pub(super) mod facts;
pub(super) mod helpers;
pub(super) mod holders;
pub(super) mod households;
pub(super) mod insured;
pub(super) mod jobs;
pub(super) mod members;
pub(super) mod page;
pub(super) mod people;
pub(super) mod quota;
pub(super) mod region_pages;
pub(super) mod residences;
pub(super) mod sealed;
pub(super) mod visibility;
pub(super) mod worker_columns;
pub(super) mod workers;
