//! Rows of text out of a file, whatever a spreadsheet has made of it.
//!
//! CSV is streamed: a million rows take no more memory than a thousand. A workbook is read whole,
//! within bounds ([`super::workbook`]). A byte order mark decides the encoding; without one the
//! beginning of the file does: UTF-8 where it is, GB18030 otherwise.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::columns::{Column, REQUIRED};
use super::defect::{Defect, Finding};
use super::lines::{CsvRows, Row};
use super::workbook::{self, Sheet};
use crate::platform::config::ImportConfig;

/// How much of a file is looked at to tell its encoding.
const SAMPLE: usize = 64 * 1024;
/// Rows in which the header is looked for: above it counties write what the ledger is, and for whom.
const HEADER_WITHIN: u64 = 10;

/// Why a file cannot be read at all. A defect of a single row is never one of these.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not there, or cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Neither CSV nor a workbook.
    #[error("the file is not a readable CSV: {0}")]
    Csv(#[from] csv::Error),
    /// Damaged or not a workbook.
    #[error("the file is not a readable workbook: {0}")]
    Workbook(String),
    /// More rows than are read into memory.
    #[error("the workbook has more than {most} rows; save it as CSV, which has no limit")]
    TooManyRows {
        /// The bound in force, `import.xlsx_max_rows`.
        most: u32,
    },
    /// More than is unpacked and read into memory.
    #[error(
        "the workbook unpacks to more than {} MiB; save it as CSV, which has no limit",
        .most >> 20
    )]
    TooLarge {
        /// The bound in force in bytes, `import.xlsx_max_unpacked_bytes`.
        most: u64,
    },
    /// A column that no row can do without.
    #[error("the header has no column {0}")]
    ColumnMissing(&'static str),
}

/// One row: its number in the file, as a spreadsheet shows it, and its cells by column.
pub(super) struct RawRow {
    pub(super) number: u64,
    cells: Vec<(Column, String)>,
    /// Why it could not be read at all; then it has no cells.
    pub(super) unreadable: Option<Finding>,
}

impl RawRow {
    /// The cell of a column; empty when the file has none.
    pub(super) fn cell(&self, column: Column) -> &str {
        self.cells
            .iter()
            .find(|(of, _)| *of == column)
            .map_or("", |(_, text)| text)
    }
}

/// The rows of a ledger, one after the other.
pub struct LedgerReader {
    columns: Vec<Option<Column>>,
    rows: Rows,
    next: u64,
    total: Option<u64>,
}

enum Rows {
    Csv(Box<CsvRows<DecodeReaderBytes<BufReader<File>, Vec<u8>>>>),
    Sheet(Sheet),
}

impl LedgerReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// [`ReadError`] when nothing of it can be read.
    pub fn open(path: &Path, bounds: &ImportConfig) -> Result<Self, ReadError> {
        let mut file = File::open(path)?;
        let mut sample = Vec::with_capacity(SAMPLE);
        file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
        file.seek(SeekFrom::Start(0))?;
        // A workbook is a ZIP archive.
        let (rows, first, last) = if sample.starts_with(b"PK\x03\x04") {
            let sheet = workbook::first_sheet(file, bounds)?;
            let (first, last) = (sheet.first(), sheet.last());
            (Rows::Sheet(sheet), first, Some(last))
        } else {
            let rows = CsvRows::new(decoded(file, encoding_of(&sample)));
            (Rows::Csv(Box::new(rows)), 1, None)
        };
        let mut reader = Self {
            columns: Vec::new(),
            rows,
            next: first,
            total: None,
        };
        reader.find_header()?;
        reader.total = last.map(|last| (last + 1).saturating_sub(reader.next));
        Ok(reader)
    }

    /// Reads up to the first row that names every column that no row can do without; of a file
    /// without one it says what the row that comes nearest lacks.
    fn find_header(&mut self) -> Result<(), ReadError> {
        let mut nearest = REQUIRED.to_vec();
        let last = self.next + HEADER_WITHIN;
        while self.next < last
            && let Some(row) = self.next_cells()?
        {
            // What stands above the header is nobody's row.
            let Row::Cells(cells) = row else { continue };
            let columns: Vec<_> = cells.iter().map(|cell| Column::of_header(cell)).collect();
            let lacks = |required: &Column| !columns.contains(&Some(*required));
            let lacking: Vec<Column> = REQUIRED.into_iter().filter(lacks).collect();
            if lacking.is_empty() {
                self.columns = columns;
                return Ok(());
            }
            if lacking.len() < nearest.len() {
                nearest = lacking;
            }
        }
        let first = nearest.first().map_or("", |column| column.as_str());
        Err(ReadError::ColumnMissing(first))
    }

    /// How many rows there are, where that is known beforehand.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ReadError> {
        loop {
            let number = self.next;
            let Some(row) = self.next_cells()? else {
                return Ok(None);
            };
            let (cells, unreadable) = match row {
                Row::Cells(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
                Row::Cells(cells) => (cells, None),
                Row::Unclosed { line, cell } => (Vec::new(), Some(self.unclosed(line, cell))),
                Row::TooLong { line } => (Vec::new(), Some(self.too_long(line))),
            };
            let cells = self
                .columns
                .iter()
                .zip(cells)
                .filter_map(|(column, cell)| column.map(|column| (column, cell)))
                .collect();
            return Ok(Some(RawRow {
                number,
                cells,
                unreadable,
            }));
        }
    }

    fn next_cells(&mut self) -> Result<Option<Row>, ReadError> {
        let width = (!self.columns.is_empty()).then_some(self.columns.len());
        let row = match &mut self.rows {
            Rows::Csv(rows) => rows.next_row(width)?,
            Rows::Sheet(sheet) => sheet.next_row().map(Row::Cells),
        };
        self.next += 1;
        Ok(row)
    }

    /// Nothing of the cell is shown: without an end it holds whatever stands behind it.
    fn unclosed(&self, line: u64, cell: usize) -> Finding {
        let column = self.columns.get(cell).copied().flatten();
        let column = column.unwrap_or_else(|| self.first_column());
        Finding::new(column, Defect::UnclosedQuote, "").hinting(
            format!("文件第 {line} 行有一个引号 \" 只有开头没有结尾，请删去或补全后重新导入本行。"),
            format!(
                "In line {line} of the file a \" opens a cell and nothing closes it: delete or \
                 close it and import the row again."
            ),
        )
    }

    fn too_long(&self, line: u64) -> Finding {
        Finding::new(self.first_column(), Defect::RowTooLong, "").hinting(
            format!("文件第 {line} 行过长，不可能是一行记录，请检查换行。"),
            format!("Line {line} of the file is too long for a row: check its line breaks."),
        )
    }

    /// The column to look at where the defect is in no known one.
    fn first_column(&self) -> Column {
        self.columns
            .iter()
            .find_map(|column| *column)
            .unwrap_or(Column::Number)
    }
}

/// The encoding of a file without a byte order mark. A sample may end within a character.
fn encoding_of(sample: &[u8]) -> &'static Encoding {
    match std::str::from_utf8(sample) {
        Ok(_) => UTF_8,
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => GB18030,
    }
}

fn decoded(file: File, encoding: &'static Encoding) -> DecodeReaderBytes<BufReader<File>, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_file_tells_its_encoding() {
        let text = "姓名,身份证号码";
        assert_eq!(encoding_of(text.as_bytes()), UTF_8);
        assert_eq!(encoding_of(&text.as_bytes()[..text.len() - 1]), UTF_8);
        assert_eq!(encoding_of(&GB18030.encode(text).0), GB18030);
    }
}
