//! Who handles keys: the exchange's own commands, for whoever holds the key file.

use crate::platform::authz::{Action, Grant, Write};

/// Sealing anew what is under older keys.
pub const RESEAL: Action<Write> = Action::write("sealing.reseal", &[Grant::System]);

/// Taking a key that nothing is sealed under out of the key file.
pub const RETIRE: Action<Write> = Action::write("sealing.retire", &[Grant::System]);
