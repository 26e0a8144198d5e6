//! Rows of text out of a file, whatever a spreadsheet has made of it.
//!
//! CSV is streamed: a million rows take no more memory than a thousand. A workbook is read whole,
//! within bounds ([`super::workbook`]). A byte order mark decides the encoding; without one the
//! beginning of the file does: UTF-8 where it is, GB18030 otherwise. What stands between cells is
//! told by the header: the first of comma, semicolon and tab with which it names every column that
//! no row can do without.

use std::fs::File;
use std::io::{self, BufReader, Seek as _};
use std::path::Path;

use encoding_rs::Encoding;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::columns::{Column, REQUIRED};
use super::defect::{Defect, Finding};
use super::header::{Fitted, Header, LeftOut};
use super::kind::{self, Kind};
use super::lines::{CsvRows, Row};
use super::workbook::{self, Sheet};
use crate::platform::config::ImportConfig;

/// Rows in which the header is looked for: above it counties write what the ledger is, and for whom.
const HEADER_WITHIN: u64 = 10;
/// What spreadsheets write between cells, the usual one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Why a file cannot be read at all. A defect of a single row is never one of these.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not there, or cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Neither CSV nor a workbook.
    #[error("the file is not a readable CSV: {0}; save it as .xlsx or CSV once more")]
    Csv(#[from] csv::Error),
    /// Damaged or not a workbook.
    #[error(
        "the file is not a readable workbook: {0}; open it in a spreadsheet and save it as .xlsx or \
         CSV"
    )]
    Workbook(String),
    /// A workbook as spreadsheets wrote it before 2007.
    #[error(
        "the file is a workbook of the old format (.xls): open it in a spreadsheet and save it as \
         .xlsx or CSV"
    )]
    OldWorkbook,
    /// A workbook that is encrypted.
    #[error(
        "the workbook is protected by a password: take the password away, save it and import that"
    )]
    Protected,
    /// HTML or XML under whatever name.
    #[error("the file is a web page: open it in a spreadsheet and save it as .xlsx or CSV")]
    WebPage,
    /// Nothing stands in it.
    #[error(
        "the file is empty; of a workbook the first sheet is read, so the ledger has to be that one"
    )]
    Empty,
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
    #[error(
        "the header has no column {} ({}): one of the first {HEADER_WITHIN} rows has to name it, in a \
         CSV with commas, semicolons or tabs between the names",
        .0.as_str(), .0.chinese()
    )]
    ColumnMissing(Column),
    /// Two columns of one meaning.
    #[error(
        "columns {first} and {second} both are {column}, and nobody but the county knows which of them \
         holds: rename or delete one and import again; nothing was read"
    )]
    ColumnTwice {
        /// The first, by letter and header.
        first: String,
        /// The second.
        second: String,
        /// What both hold.
        column: &'static str,
    },
}

/// One row: its number in the file, as a spreadsheet shows it, and its cells by column.
pub(super) struct RawRow {
    pub(super) number: u64,
    cells: Vec<(Column, String)>,
    /// Why it could not be read at all; then it has no cells.
    pub(super) unreadable: Option<Finding>,
    /// What of it does not fit the header, and costs it nothing else.
    pub(super) noted: Vec<Finding>,
}

impl RawRow {
    /// Whether the file has a cell of this column in the row.
    pub(super) fn has(&self, column: Column) -> bool {
        self.cells.iter().any(|(of, _)| *of == column)
    }

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
    header: Header,
    header_row: u64,
    source: Source,
    total: Option<u64>,
}

/// What rows come from.
struct Source {
    rows: Rows,
    next: u64,
}

enum Rows {
    Csv(Box<CsvRows<DecodeReaderBytes<BufReader<File>, Vec<u8>>>>),
    Sheet(Sheet),
}

/// Why no header was found.
enum Lack {
    /// There is nothing at all.
    Rows,
    /// What the row lacks that comes nearest.
    Columns(Vec<Column>),
}

impl Lack {
    /// The one of two that is nearer to a header; the first where both are as near.
    fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Columns(one), Self::Columns(more)) if one.len() <= more.len() => self,
            (Self::Columns(_), Self::Rows) => self,
            (_, Self::Columns(_)) | (Self::Rows, Self::Rows) => other,
        }
    }
}

impl From<Lack> for ReadError {
    fn from(lack: Lack) -> Self {
        match lack {
            Lack::Rows => Self::Empty,
            Lack::Columns(lacking) => {
                Self::ColumnMissing(lacking.first().copied().unwrap_or(REQUIRED[0]))
            }
        }
    }
}

impl LedgerReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// [`ReadError`] when nothing of it can be read.
    pub fn open(path: &Path, bounds: &ImportConfig) -> Result<Self, ReadError> {
        let mut file = File::open(path)?;
        match kind::of(&mut file)? {
            Kind::Text(encoding) => Self::of_text(&file, encoding),
            Kind::Workbook => {
                let sheet = workbook::first_sheet(file, bounds)?;
                let (next, last) = (sheet.first(), sheet.last());
                let rows = Rows::Sheet(sheet);
                let mut ledger = Self::headed(Source { rows, next })??;
                ledger.total = Some((last + 1).saturating_sub(ledger.source.next));
                Ok(ledger)
            }
        }
    }

    fn of_text(mut file: &File, encoding: &'static Encoding) -> Result<Self, ReadError> {
        let mut nearest = Lack::Columns(REQUIRED.to_vec());
        for separator in SEPARATORS {
            file.rewind()?;
            let rows = CsvRows::new(decoded(file.try_clone()?, encoding), separator);
            let rows = Rows::Csv(Box::new(rows));
            match Self::headed(Source { rows, next: 1 })? {
                Ok(ledger) => return Ok(ledger),
                Err(Lack::Rows) => return Err(ReadError::Empty),
                Err(lack) => nearest = nearest.or(lack),
            }
        }
        Err(nearest.into())
    }

    /// Reads up to the first row that names every column that no row can do without.
    fn headed(mut source: Source) -> Result<Result<Self, Lack>, ReadError> {
        let mut nearest = Lack::Rows;
        let last = source.next + HEADER_WITHIN;
        while source.next < last {
            let header_row = source.next;
            let Some(row) = source.next_cells(None)? else {
                return Ok(Err(nearest));
            };
            // What stands above the header is nobody's row.
            let Row::Cells(cells) = row else { continue };
            match Header::of(&cells) {
                Ok(header) => {
                    return Ok(Ok(Self {
                        header: header.unambiguous(&cells)?,
                        header_row,
                        source,
                        total: None,
                    }));
                }
                Err(_) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
                Err(lacking) => nearest = nearest.or(Lack::Columns(lacking)),
            }
        }
        // What stands below has not been looked at.
        Ok(Err(nearest.or(Lack::Columns(REQUIRED.to_vec()))))
    }

    /// How many rows there are, where that is known beforehand.
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// The number of the header's row, as a spreadsheet shows it.
    #[must_use]
    pub const fn header_row(&self) -> u64 {
        self.header_row
    }

    /// The columns of the file from which nothing is taken in.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        self.header.left_out()
    }

    /// The sheets of the workbook that are not read.
    #[must_use]
    pub fn other_sheets(&self) -> &[String] {
        match &self.source.rows {
            Rows::Csv(_) => &[],
            Rows::Sheet(sheet) => sheet.others(),
        }
    }

    /// The next row that is not blank.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ReadError> {
        loop {
            let number = self.source.next;
            let Some(row) = self.source.next_cells(Some(self.header.width()))? else {
                return Ok(None);
            };
            let fitted = match row {
                Row::Cells(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
                Row::Cells(cells) => self.header.fit(cells, self.source.writes_empty_cells()),
                Row::Unclosed { line, cell } => Fitted::Unreadable(self.unclosed(line, cell)),
                Row::TooLong { line } => Fitted::Unreadable(self.too_long(line)),
            };
            let (cells, noted, unreadable) = match fitted {
                Fitted::Cells(cells, noted) => (cells, noted, None),
                Fitted::Unreadable(finding) => (Vec::new(), Vec::new(), Some(finding)),
            };
            return Ok(Some(RawRow {
                number,
                cells,
                unreadable,
                noted,
            }));
        }
    }

    /// Nothing of the cell is shown: without an end it holds whatever stands behind it.
    fn unclosed(&self, line: u64, cell: usize) -> Finding {
        let column = self.header.column_or_first(Some(cell));
        Finding::new(column, Defect::UnclosedQuote, "").hinting(
            format!("文件第 {line} 行有一个引号 \" 只有开头没有结尾，请删去或补全后重新导入本行。"),
            format!(
                "In line {line} of the file a \" opens a cell and nothing closes it: delete or \
                 close it and import the row again."
            ),
        )
    }

    fn too_long(&self, line: u64) -> Finding {
        let column = self.header.column_or_first(None);
        Finding::new(column, Defect::RowTooLong, "").hinting(
            format!("文件第 {line} 行过长，不可能是一行记录，请检查换行。"),
            format!("Line {line} of the file is too long for a row: check its line breaks."),
        )
    }
}

impl Source {
    fn next_cells(&mut self, width: Option<usize>) -> Result<Option<Row>, ReadError> {
        let row = match &mut self.rows {
            Rows::Csv(rows) => rows.next_row(width)?,
            Rows::Sheet(sheet) => sheet.next_row().map(Row::Cells),
        };
        self.next += 1;
        Ok(row)
    }

    /// Whether a row has as many cells as its header, filled in or not. A sheet keeps only those that
    /// hold something.
    const fn writes_empty_cells(&self) -> bool {
        match self.rows {
            Rows::Csv(_) => true,
            Rows::Sheet(_) => false,
        }
    }
}

fn decoded(file: File, encoding: &'static Encoding) -> DecodeReaderBytes<BufReader<File>, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::new(file))
}
