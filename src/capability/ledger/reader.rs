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
use super::lines::BlankLinesKept;
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
    Csv(Box<CsvRows>),
    Sheet(Sheet),
}

type CsvRows =
    csv::StringRecordsIntoIter<BlankLinesKept<DecodeReaderBytes<BufReader<File>, Vec<u8>>>>;

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
            let rows = csv_rows(file, encoding_of(&sample));
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
            && let Some(cells) = self.next_cells()?
        {
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
            let Some(cells) = self.next_cells()? else {
                return Ok(None);
            };
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let cells = self
                .columns
                .iter()
                .zip(cells)
                .filter_map(|(column, cell)| column.map(|column| (column, cell)))
                .collect();
            return Ok(Some(RawRow { number, cells }));
        }
    }

    fn next_cells(&mut self) -> Result<Option<Vec<String>>, ReadError> {
        let cells = match &mut self.rows {
            Rows::Csv(records) => records
                .next()
                .transpose()?
                .map(|record| record.iter().map(str::to_owned).collect()),
            Rows::Sheet(sheet) => sheet.next_row(),
        };
        self.next += 1;
        Ok(cells)
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

fn csv_rows(file: File, encoding: &'static Encoding) -> CsvRows {
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::new(file));
    csv::ReaderBuilder::new()
        .has_headers(false)
        // A row that is too short or too long is that row's defect, not the file's.
        .flexible(true)
        .from_reader(BlankLinesKept::new(decoded))
        .into_records()
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
