//! Who may look at deliveries (DESIGN: an agency sees its own submissions).

use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Read};

/// Looking at deliveries: an agency at its own, limited to its region where its token names one;
/// the province and its auditors at all of them.
pub const READ: Action<Read> = Action::read(
    "submission.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Agency(Agency::ALL),
    ],
);
