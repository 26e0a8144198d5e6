//! Reads a division table: CSV with the columns `code,level,parent,name_zh` and, optionally,
//! `name_en,valid_from,valid_to,successor`, UTF-8 with or without a byte-order mark.
//!
//! An empty optional cell says nothing, so that a file without dates does not wipe out those
//! already known.

use std::io::Read;

use chrono::NaiveDate;
use csv::ByteRecord;

use super::error::RowRejection;
use super::model::Region;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Text};
use crate::kernel::region_code::{RegionCode, RegionLevel};

/// The longest name, in characters; the longest real one has fewer than 30.
const MAX_NAME: usize = 100;

/// The first day of divisions whose table names none: the year of the first GB 2260.
const FIRST_CODES: (i32, u32, u32) = (1980, 1, 1);

/// One row as the file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenRegion {
    pub(super) code: RegionCode,
    level: RegionLevel,
    pub(super) parent: Option<RegionCode>,
    name_zh: String,
    name_en: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    successor: Option<RegionCode>,
}

impl GivenRegion {
    /// The division as it shall be stored, given how it is stored now.
    pub(super) fn over(&self, stored: Option<&Region>) -> Result<Region, RowRejection> {
        let Self {
            code,
            level,
            parent,
            name_zh,
            name_en,
            valid_from,
            valid_to,
            successor,
        } = self.clone();
        let region = Region {
            code,
            level,
            parent,
            name_zh,
            name_en: name_en.or_else(|| stored?.name_en.clone()),
            valid_from: valid_from
                .or_else(|| Some(stored?.valid_from))
                .unwrap_or_else(first_codes),
            valid_to: valid_to.or_else(|| stored?.valid_to),
            successor: successor.or_else(|| stored?.successor),
        };
        if region.valid_to.is_some_and(|last| last < region.valid_from) {
            return Err(RowRejection::EndsBeforeStart);
        }
        Ok(region)
    }
}

fn first_codes() -> NaiveDate {
    let (year, month, day) = FIRST_CODES;
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

/// A row with its line in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImportRow {
    /// The line it begins on; the header is on line 1.
    pub(super) line: u64,
    pub(super) given: Result<GivenRegion, RowRejection>,
}

/// Where the columns stand.
struct Columns {
    code: usize,
    level: usize,
    parent: usize,
    name_zh: usize,
    name_en: Option<usize>,
    valid_from: Option<usize>,
    valid_to: Option<usize>,
    successor: Option<usize>,
}

/// A division table being read, a batch at a time.
pub(super) struct RegionTable<R> {
    rows: csv::Reader<R>,
    columns: Columns,
}

impl<R: Read> RegionTable<R> {
    /// Reads the header; columns may stand in any order and unknown ones are passed over.
    ///
    /// # Errors
    /// [`Failure::BadInput`] when the file cannot be read or a required column is missing.
    pub(super) fn open(reader: R) -> Result<Self, Failure> {
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let header = rows.headers().map_err(|error| unreadable(&error))?.clone();
        let place = |name: &str| {
            header
                .iter()
                .position(|cell| cell.trim().eq_ignore_ascii_case(name))
        };
        let required = |name: &str| place(name).ok_or_else(|| missing(name));
        let columns = Columns {
            code: required("code")?,
            level: required("level")?,
            parent: required("parent")?,
            name_zh: required("name_zh")?,
            name_en: place("name_en"),
            valid_from: place("valid_from"),
            valid_to: place("valid_to"),
            successor: place("successor"),
        };
        Ok(Self { rows, columns })
    }

    /// Up to `limit` further rows; none at the end of the file.
    ///
    /// # Errors
    /// [`Failure::BadInput`] when the file cannot be read.
    pub(super) fn next_rows(&mut self, limit: usize) -> Result<Vec<ImportRow>, Failure> {
        let mut batch = Vec::new();
        let mut record = ByteRecord::new();
        while batch.len() < limit {
            let more = self.rows.read_byte_record(&mut record);
            if !more.map_err(|error| unreadable(&error))? {
                break;
            }
            batch.push(ImportRow {
                line: record.position().map_or(0, csv::Position::line),
                given: parse(&record, &self.columns),
            });
        }
        Ok(batch)
    }
}

fn unreadable(error: &csv::Error) -> Failure {
    // The text of a csv error may quote the file, which belongs to nobody's log.
    let kind = match error.kind() {
        csv::ErrorKind::Io(io) => io.kind().to_string(),
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        _ => "not CSV".to_owned(),
    };
    Failure::BadInput(Text::new(
        format!("无法读取区划文件（{kind}）。"),
        format!("The division table cannot be read ({kind})."),
    ))
}

fn missing(column: &str) -> Failure {
    Failure::BadInput(Text::new(
        format!("区划文件缺少 {column} 列。"),
        format!("The division table has no column {column}."),
    ))
}

fn parse(record: &ByteRecord, columns: &Columns) -> Result<GivenRegion, RowRejection> {
    let cell = |place: usize| {
        std::str::from_utf8(record.get(place).unwrap_or_default())
            .map(str::trim)
            .map_err(|_| RowRejection::NotText)
    };
    let optional = |place: Option<usize>| place.map_or(Ok(""), cell);

    let code = RegionCode::parse(cell(columns.code)?).map_err(|_| RowRejection::BadCode)?;
    let level = RegionLevel::parse(cell(columns.level)?).ok_or(RowRejection::UnknownLevel)?;
    if level != code.level() {
        return Err(RowRejection::LevelMismatch);
    }
    let parent = region_code(cell(columns.parent)?).map_err(|()| RowRejection::ParentMismatch)?;
    if parent != code.parent() {
        return Err(RowRejection::ParentMismatch);
    }
    let successor =
        region_code(optional(columns.successor)?).map_err(|()| RowRejection::BadSuccessor)?;
    if successor == Some(code) {
        return Err(RowRejection::BadSuccessor);
    }
    Ok(GivenRegion {
        code,
        level,
        parent,
        name_zh: name(cell(columns.name_zh)?)?.ok_or(RowRejection::BadName)?,
        name_en: name(optional(columns.name_en)?)?,
        valid_from: day(optional(columns.valid_from)?)?,
        valid_to: day(optional(columns.valid_to)?)?,
        successor,
    })
}

fn region_code(cell: &str) -> Result<Option<RegionCode>, ()> {
    if cell.is_empty() {
        return Ok(None);
    }
    RegionCode::parse(cell).map(Some).map_err(|_| ())
}

fn name(cell: &str) -> Result<Option<String>, RowRejection> {
    if cell.chars().count() > MAX_NAME || cell.chars().any(char::is_control) {
        return Err(RowRejection::BadName);
    }
    Ok((!cell.is_empty()).then(|| cell.to_owned()))
}

fn day(cell: &str) -> Result<Option<NaiveDate>, RowRejection> {
    if cell.is_empty() {
        return Ok(None);
    }
    NaiveDate::parse_from_str(cell, "%Y-%m-%d")
        .map(Some)
        .map_err(|_| RowRejection::BadDate)
}

#[cfg(test)]
mod tests;
