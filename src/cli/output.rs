//! Standard output and error, for readers that may stop reading.

use std::io::{self, ErrorKind, Write as _};

use super::error::CommandError;

/// Writes data to standard output. A reader that has gone away (`exchange schema | head`) is fine.
///
/// # Errors
/// When it cannot be written for any other reason, such as a full disk.
pub(super) fn print(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandError::refused(format!(
            "the output cannot be written: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a line for people to standard error; without one, nobody is left to be told.
pub(super) fn say(line: &str) {
    let _closed = writeln!(io::stderr(), "{line}");
}
