//! Rows of text out of a file, whatever a spreadsheet has made of it.
//!
//! CSV is streamed: a million rows take no more memory than a thousand. A workbook is read whole,
//! so its rows are capped. A byte order mark decides the encoding; without one the beginning of
//! the file does: UTF-8 where it is, GB18030 otherwise.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::columns::{Column, REQUIRED};
use super::lines::BlankLinesKept;

/// How much of a file is looked at to tell its encoding.
const SAMPLE: usize = 64 * 1024;
/// Rows in which the header is looked for: above it counties write what the ledger is, and for whom.
const HEADER_WITHIN: u64 = 10;
/// From here on a floating-point cell has lost digits of an 18-digit number.
const EXACT_FLOAT: f64 = 1e15;

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
    #[error("the workbook has {found} rows, more than {most}; save it as CSV, which has no limit")]
    TooManyRows {
        /// Rows in the sheet.
        found: usize,
        /// The bound in force.
        most: u32,
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
    Sheet(std::vec::IntoIter<Vec<String>>),
}

type CsvRows =
    csv::StringRecordsIntoIter<BlankLinesKept<DecodeReaderBytes<BufReader<File>, Vec<u8>>>>;

impl LedgerReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// [`ReadError`] when nothing of it can be read.
    pub fn open(path: &Path, xlsx_max_rows: u32) -> Result<Self, ReadError> {
        let mut file = File::open(path)?;
        let mut sample = Vec::with_capacity(SAMPLE);
        file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
        file.seek(SeekFrom::Start(0))?;
        // A workbook is a ZIP archive.
        let (rows, first, last) = if sample.starts_with(b"PK\x03\x04") {
            let (above, rows) = sheet(file, xlsx_max_rows)?;
            let last = above + rows.len() as u64;
            (Rows::Sheet(rows.into_iter()), above + 1, Some(last))
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
            Rows::Sheet(rows) => rows.next(),
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

/// The rows of the first sheet, and how many are blank above them.
fn sheet(file: File, most: u32) -> Result<(u64, Vec<Vec<String>>), ReadError> {
    let unreadable = |error: calamine::XlsxError| ReadError::Workbook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let range = workbook
        .worksheet_range_at(0)
        .ok_or_else(|| ReadError::Workbook("it has no sheet".to_owned()))?
        .map_err(unreadable)?;
    let found = range.height();
    if found > most as usize {
        return Err(ReadError::TooManyRows { found, most });
    }
    let above = range.start().map_or(0, |(row, _)| u64::from(row));
    let rows = range.rows();
    let rows = rows.map(|row| row.iter().map(text_of).collect()).collect();
    Ok((above, rows))
}

/// A cell as the text that a person would have typed.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.clone(),
        // Digits are gone for good: shown so that it is recognised as mangled, never guessed.
        Data::Float(number) if number.abs() >= EXACT_FLOAT => format!("{number:E}"),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) => moment
            .as_datetime()
            .map_or_else(String::new, |moment| moment.date().to_string()),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::DurationIso(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_lost_digits_is_shown_as_such() {
        assert_eq!(
            text_of(&Data::Float(590_123_196_704_014_080.0)),
            "5.901231967040141E17"
        );
        assert_eq!(text_of(&Data::Float(4200.0)), "4200");
    }

    #[test]
    fn the_beginning_of_a_file_tells_its_encoding() {
        let text = "姓名,身份证号码";
        assert_eq!(encoding_of(text.as_bytes()), UTF_8);
        assert_eq!(encoding_of(&text.as_bytes()[..text.len() - 1]), UTF_8);
        assert_eq!(encoding_of(&GB18030.encode(text).0), GB18030);
    }
}
