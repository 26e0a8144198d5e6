//! SQL of findings and of the steps taken about them.

pub(super) mod findings;
pub(super) mod steps;
