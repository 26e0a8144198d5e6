//! SQL of employers: their rows, lists of them, and the dated facts about them.

pub(super) mod employers;
pub(super) mod facts;
pub(super) mod list;
