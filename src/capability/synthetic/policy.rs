//! Who makes synthetic people: the exchange's own commands, never anybody with a token.

use crate::platform::authz::{Action, Grant, Write};

/// Filling the registry with people who do not exist.
pub const GENERATE: Action<Write> = Action::write("synthetic.generate", &[Grant::System]);
