//! Who may look at deliveries (DESIGN: an agency sees its own submissions).

use crate::kernel::closed::Closed as _;
use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Read};

/// Looking at deliveries: an agency at its own, limited to its region where its token names one;
/// the province and its auditors at all of them.
pub const READ: Action<Read> = Action::read(
    "submission.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Agency(Agency::VALUES),
    ],
);

/// Seeing what became of rows about people. An agency that delivers insurance months or dates does
/// not: with a delivery of one row the counts would tell whether that person is registered.
pub const SEE_MATCHES: Action<Read> = Action::read(
    "submission.see_matches",
    &[Grant::Role(Role::Admin), Grant::Role(Role::Auditor)],
);
