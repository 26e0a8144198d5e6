//! SQL of employers: their rows, and the dated facts about them.

pub(super) mod employers;
pub(super) mod facts;
