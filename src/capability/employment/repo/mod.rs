//! SQL of jobs, one file per subject.

pub(super) mod employments;
pub(super) mod lists;
pub(super) mod matching;
pub(super) mod renewals;
pub(super) mod reports;
pub(super) mod workplaces;
