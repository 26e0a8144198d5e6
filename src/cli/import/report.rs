//! The report of an import: one line per row of the file, in the order of the file.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::error::CommandError;

const HEADER: [&str; 6] = ["row", "verdict", "column", "reason", "value", "hint"];

/// The verdict on one row. Empty where there is nothing to say.
pub(super) struct Line<'a> {
    /// The line it begins on in the file.
    pub(super) row: u64,
    /// What became of it.
    pub(super) verdict: &'a str,
    /// The column to look at.
    pub(super) column: &'a str,
    /// The stable code of the reason.
    pub(super) reason: &'a str,
    /// What stood there; masked where it is personal.
    pub(super) value: &'a str,
    /// What to do, in Chinese and English.
    pub(super) hint: &'a str,
}

/// A report being written, or none when nobody asked for one.
pub(super) struct Report(Option<(PathBuf, csv::Writer<File>)>);

impl Report {
    /// Begins the report, in place of a former one of that name.
    ///
    /// # Errors
    /// When its file cannot be written, or holds something else: the ledger itself, or anything that
    /// nobody meant to lose.
    pub(super) fn create(path: Option<&Path>) -> Result<Self, CommandError> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let replaceable = is_replaceable(path);
        if !replaceable.map_err(|error| unwritable(path, &error.into()))? {
            return Err(CommandError::refused(format!(
                "{} is there and is no report of an import: name another file for --report",
                path.display()
            )));
        }
        let begun = csv::Writer::from_path(path).and_then(|mut writer| {
            writer.write_record(HEADER)?;
            Ok(writer)
        });
        let writer = begun.map_err(|error| unwritable(path, &error))?;
        Ok(Self(Some((path.to_owned(), writer))))
    }

    /// Adds the verdict on one row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn line(&mut self, line: &Line<'_>) -> Result<(), CommandError> {
        let Some((path, writer)) = &mut self.0 else {
            return Ok(());
        };
        let Line {
            row,
            verdict,
            column,
            reason,
            value,
            hint,
        } = *line;
        writer
            .write_record([
                &row.to_string(),
                verdict,
                column,
                reason,
                &inert(value),
                &inert(hint),
            ])
            .map_err(|error| unwritable(path, &error))
    }

    /// Writes out what is still in memory.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn finish(self) -> Result<(), CommandError> {
        let Some((path, mut writer)) = self.0 else {
            return Ok(());
        };
        writer
            .flush()
            .map_err(|error| unwritable(&path, &error.into()))
    }
}

/// A cell as a spreadsheet shows it and never runs it: what somebody has typed into a ledger, or as its
/// header, may be a formula. Numbers stay as they are.
fn inert(cell: &str) -> Cow<'_, str> {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cell.trim_start_matches(['+', '-']);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if runs && !is_number {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Whether nothing is lost with what stands there: nothing, an empty file, a former report, or what is
/// no file, such as a terminal.
fn is_replaceable(path: &Path) -> io::Result<bool> {
    match path.metadata() {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    }
    let header = format!("{}\n", HEADER.join(","));
    let mut start = Vec::new();
    let length = u64::try_from(header.len()).expect("a short line");
    File::open(path)?.take(length).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == header.as_bytes())
}

fn unwritable(path: &Path, error: &csv::Error) -> CommandError {
    CommandError::refused(format!(
        "the report {} cannot be written: {error}",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_shown_and_a_number_stays() {
        for (cell, shown) in [
            ("=1+1", "'=1+1"),
            ("+SUM(A1)", "'+SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("@A1", "'@A1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("-3000.50", "-3000.50"),
            ("+86", "+86"),
            ("脱贫户", "脱贫户"),
            ("", ""),
        ] {
            assert_eq!(inert(cell), shown);
        }
    }
}
