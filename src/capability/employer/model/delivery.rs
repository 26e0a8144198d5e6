//! What becomes of the lines of a delivery.

use crate::kernel::closed::closed;

closed! {
    /// What became of one line of a bulk submission.
    EmployerLineOutcome {
        /// It changed something.
        Accepted = "ACCEPTED",
        /// All of it was known already.
        Unchanged = "UNCHANGED",
        /// It is about an employer that nobody has registered; nothing of it was kept.
        Dropped = "DROPPED",
        /// It has an error; nothing of it was kept.
        Refused = "REFUSED",
    }
}
