//! Counting, each figure by one grouped statement: from the roll-up where it can tell, or from the
//! people's own rows within the session's scope.
//!
//! The roll-up is kept by triggers of the schema (decision 10): whatever changes `worker` leaves a
//! change of the figures in the same transaction. A figure is its cells and the changes that no fold
//! has added to them yet, read by one statement and so from one snapshot.

pub(super) mod cells;
pub(super) mod examine;
pub(super) mod fold;
pub(super) mod records;

use super::model::Flow;
use crate::kernel::error::Failure;
use crate::kernel::region_code::{RegionCode, RegionLevel};

/// What people are grouped by for the figures of a region.
const ALIKE: [&str; 5] = ["work_status", "work_split", "able", "willing", "categories"];

/// What makes a cell of the roll-up: its unique key.
const KEY: [&str; 8] = [
    "origin_county",
    "work_county",
    "work_prefecture",
    "work_status",
    "work_split",
    "able",
    "willing",
    "categories",
];

/// All by which a cell is told from others, with the prefecture that follows from the county.
const KIND: [&str; 9] = [
    "origin_prefecture",
    "origin_county",
    "work_county",
    "work_prefecture",
    "work_status",
    "work_split",
    "able",
    "willing",
    "categories",
];

/// The number of people of a cell or a change.
const PEOPLE: &str = "people";

/// The levels at which flows are told apart: those whose codes are materialised on both ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum FlowLevel {
    Prefecture,
    County,
}

impl FlowLevel {
    /// `None` for a level at which flows are not told apart.
    pub(super) const fn of(level: RegionLevel) -> Option<Self> {
        match level {
            RegionLevel::Prefecture => Some(Self::Prefecture),
            RegionLevel::County => Some(Self::County),
            RegionLevel::Province | RegionLevel::Township | RegionLevel::Village => None,
        }
    }
}

/// A row of flows as it is stored.
fn flow((origin, destination, people): (i64, Option<i64>, i64)) -> Result<Flow, Failure> {
    let region = |code| RegionCode::from_i64(code).map_err(Failure::internal);
    Ok(Flow {
        origin: region(origin)?,
        destination: destination.map(region).transpose()?,
        people,
    })
}
