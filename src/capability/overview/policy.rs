//! Who sees figures. Employers, helpers and workers see people, not regions; agencies but
//! agriculture see their own submissions.

use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side};

/// Counting people of a region.
pub const READ: Action<Read> = Action::read(
    "overview.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::ALL, Side::Either),
        Grant::Agency(&[Agency::Agriculture]),
    ],
);
