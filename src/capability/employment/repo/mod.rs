//! SQL of jobs, one file per subject.

pub(super) mod employments;
