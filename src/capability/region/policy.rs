//! Who may see and load divisions.

use crate::kernel::closed::Closed as _;
use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Everybody who is logged in: divisions are public knowledge, and every role needs their names.
pub const READ: Action<Read> = Action::read(
    "region.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Agency(Agency::VALUES),
        Grant::System,
    ],
);

/// The province's administrator masters the table (DESIGN §4: `ADMIN` changes regions).
pub const IMPORT: Action<Write> =
    Action::write("region.import", &[Grant::Role(Role::Admin), Grant::System]);
