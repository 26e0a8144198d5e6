//! Who may read the trail (DESIGN §4: a worker the own access log, an auditor the trail).

use crate::platform::authn::Role;
use crate::platform::authz::{Action, Grant, Read};

/// Reading who looked at one record or changed it. The scope decides whose.
pub const READ_ACCESS_LOG: Action<Read> = Action::read(
    "trail.read_access_log",
    &[Grant::Role(Role::Auditor), Grant::Role(Role::Worker)],
);

/// Reading every entry of the trail, with the name of everybody who acted.
pub const READ_TRAIL: Action<Read> = Action::read("trail.read", &[Grant::Role(Role::Auditor)]);
