//! What becomes of the statements of a category delivery.

use crate::kernel::closed::closed;

closed! {
    /// What became of one statement of a category delivery.
    CategoryItemOutcome {
        /// It changed what stands about the household.
        Applied = "APPLIED",
        /// It stood already.
        Unchanged = "UNCHANGED",
        /// No such household is registered within the agency's reach; nothing of it was kept.
        UnknownHousehold = "UNKNOWN_HOUSEHOLD",
        /// It has an error; nothing of it was kept.
        Refused = "REFUSED",
    }
}
