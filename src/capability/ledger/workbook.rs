//! The first sheet of a workbook, read whole within bounds.
//!
//! A workbook is an archive, so a small file can unpack to anything, and the few cells of a sheet
//! can lie as far apart as they like. What it unpacks to is measured first, by unpacking it to
//! nowhere: the sizes that the archive states are the sender's. Then only what the cells hold is
//! kept, and counted while it is read.

use std::fs::File;
use std::io::{BufReader, Read};

use calamine::{Data, ExcelDateTime, Reader as _, Xlsx};
use zip::ZipArchive;

use super::defect::shown;
use super::reader::ReadError;
use crate::platform::config::ImportConfig;

/// Columns of a spreadsheet; a cell beyond is in none.
const COLUMNS: u32 = 16_384;
/// From here on a floating-point cell has lost digits of an 18-digit number.
const EXACT_FLOAT: f64 = 1e15;
/// The days that a spreadsheet has, from 1900-01-01 to 9999-12-31.
const DAYS: std::ops::Range<f64> = 1.0..2_958_466.0;

/// A cell that is not empty, by its column.
type Cell = (u16, String);

/// The rows of a sheet, one after the other.
pub(super) struct Sheet {
    first: u64,
    last: u64,
    others: Vec<String>,
    rows: std::vec::IntoIter<Vec<Cell>>,
}

impl Sheet {
    /// The number of the first row that is not blank, as a spreadsheet shows it.
    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    /// The number of the last one; before the first when there is none.
    pub(super) const fn last(&self) -> u64 {
        self.last
    }

    /// The names of the workbook's other sheets; as little of each as a report shows of any value.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// The cells of the next row, up to its last one.
    pub(super) fn next_row(&mut self) -> Option<Vec<String>> {
        let cells = self.rows.next()?;
        let width = cells.iter().map(|(column, _)| usize::from(*column) + 1);
        let mut row = vec![String::new(); width.max().unwrap_or_default()];
        for (column, text) in cells {
            row[usize::from(column)] = text;
        }
        Some(row)
    }
}

/// Reads the first sheet.
///
/// # Errors
/// [`ReadError`] when it is no workbook, or beyond the bounds.
pub(super) fn first_sheet(file: File, bounds: &ImportConfig) -> Result<Sheet, ReadError> {
    measure(&file, bounds.xlsx_max_unpacked_bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let names = workbook.sheet_names();
    let name = names
        .first()
        .ok_or_else(|| ReadError::Workbook("it has no sheet".to_owned()))?;
    let mut cells = workbook.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut kept = Kept::within(bounds);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        kept.add(cell.get_position(), cell.get_value().clone().into())?;
    }
    let others = names.iter().skip(1).map(|name| shown(name));
    Ok(kept.sheet(others.collect()))
}

fn unreadable(error: calamine::XlsxError) -> ReadError {
    ReadError::Workbook(error.to_string())
}

/// Refuses an archive whose parts unpack to more than `most` bytes together.
fn measure(file: &File, most: u64) -> Result<(), ReadError> {
    let damaged = |error: zip::result::ZipError| ReadError::Workbook(error.to_string());
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut unpacked = 0;
    for index in 0..archive.len() {
        // A part that cannot be unpacked here cannot be later either; who needs it will say so.
        let Ok(mut part) = archive.by_index(index) else {
            continue;
        };
        while let Ok(read @ 1..) = part.read(&mut buffer) {
            unpacked += read as u64;
            if unpacked > most {
                return Err(ReadError::TooLarge { most });
            }
        }
    }
    Ok(())
}

/// What is kept of a sheet.
struct Kept {
    first: Option<u32>,
    rows: Vec<Vec<Cell>>,
    bytes: u64,
    most_rows: u32,
    most_bytes: u64,
}

impl Kept {
    const fn within(bounds: &ImportConfig) -> Self {
        Self {
            first: None,
            rows: Vec::new(),
            bytes: 0,
            most_rows: bounds.xlsx_max_rows,
            most_bytes: bounds.xlsx_max_unpacked_bytes,
        }
    }

    /// Adds a cell of a row no earlier than the one before.
    fn add(&mut self, (row, column): (u32, u32), value: Data) -> Result<(), ReadError> {
        if matches!(value, Data::Empty) || column >= COLUMNS {
            return Ok(());
        }
        let first = *self.first.get_or_insert(row);
        let out_of_order = || ReadError::Workbook("its rows are out of order".to_owned());
        let index = row.checked_sub(first).ok_or_else(out_of_order)?;
        if index >= self.most_rows {
            let most = self.most_rows;
            return Err(ReadError::TooManyRows { most });
        }
        let index = index as usize;
        if index + 1 < self.rows.len() {
            return Err(out_of_order());
        }
        let cell = (u16::try_from(column).unwrap_or(u16::MAX), text_of(&value));
        self.bytes += (size_of::<Cell>() + cell.1.len()) as u64;
        if self.bytes > self.most_bytes {
            let most = self.most_bytes;
            return Err(ReadError::TooLarge { most });
        }
        self.rows.resize_with(index + 1, Vec::new);
        self.rows[index].push(cell);
        Ok(())
    }

    fn sheet(self, others: Vec<String>) -> Sheet {
        let first = self.first.map_or(1, |row| u64::from(row) + 1);
        Sheet {
            first,
            last: first + self.rows.len() as u64 - 1,
            others,
            rows: self.rows.into_iter(),
        }
    }
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
        Data::DateTime(moment) => day_of(moment),
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::DurationIso(text) => text.clone(),
    }
}

/// A day as it is written. One that a spreadsheet does not have stays the number that it is, which is
/// read as none: reckoning with it would overflow.
fn day_of(moment: &ExcelDateTime) -> String {
    let number = moment.as_f64();
    if !DAYS.contains(&number) {
        return format!("{number:E}");
    }
    let day = moment.as_datetime();
    day.map_or_else(String::new, |day| day.date().to_string())
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
}
