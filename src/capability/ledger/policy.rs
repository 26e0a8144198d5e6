//! Who imports ledgers: the exchange's own command, for a county.

use crate::platform::authz::{Action, Grant, Write};

/// Importing a county's ledger.
pub const IMPORT: Action<Write> = Action::write("ledger.import", &[Grant::System]);
