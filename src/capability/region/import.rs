//! Reads a division table: CSV with the columns `code,level,parent,name_zh` and, optionally,
//! `name_en,valid_from,valid_to,successor`, UTF-8 with or without a byte-order mark.
//!
//! An empty optional cell says nothing, so that a file without dates does not wipe out those
//! already known. A row is one line: no name of a division has a line break, so a quotation mark
//! that is never closed costs its own line and takes no other into its cell.

use std::io::{BufRead, BufReader, Read};
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};
use csv::{ByteRecord, StringRecord};

use super::error::RowRejection;
use super::model::Region;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Text};
use crate::kernel::region_code::{RegionCode, RegionLevel};

/// The longest name, in characters; the longest real one has fewer than 30.
const MAX_NAME: usize = 100;

/// The first day of divisions whose table names none: the year of the first GB 2260.
const FIRST_CODES: (i32, u32, u32) = (1980, 1, 1);

/// Years in which a division can begin and end: from the People's Republic's first divisions.
const YEARS: RangeInclusive<i32> = 1949..=2100;

/// The longest line that is read; what stands behind it is passed over like an unknown column.
const MAX_LINE: u64 = 64 * 1024;

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
    lines: Lines<R>,
    columns: Columns,
}

impl<R: Read> RegionTable<R> {
    /// Reads the header; columns may stand in any order and unknown ones are passed over.
    ///
    /// # Errors
    /// [`Failure::BadInput`] when the file cannot be read or a required column is missing.
    pub(super) fn open(reader: R) -> Result<Self, Failure> {
        let mut lines = Lines::new(reader);
        let header = match lines.next()?.map(|line| (cells(&line), line)) {
            Some((Some(header), line)) if !line.contains(&b'\r') => header,
            Some(_) => return Err(unreadable("not CSV")),
            None => ByteRecord::new(),
        };
        let header = StringRecord::from_byte_record(header).map_err(|_| unreadable("not UTF-8"))?;
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
        Ok(Self { lines, columns })
    }

    /// Up to `limit` further rows; none at the end of the file.
    ///
    /// # Errors
    /// [`Failure::BadInput`] when the file cannot be read.
    pub(super) fn next_rows(&mut self, limit: usize) -> Result<Vec<ImportRow>, Failure> {
        let mut batch = Vec::new();
        while batch.len() < limit {
            let Some(line) = self.lines.next()? else {
                break;
            };
            let row = cells(&line).ok_or(RowRejection::StrayQuote);
            batch.push(ImportRow {
                line: self.lines.number,
                given: row.and_then(|row| parse(&row, &self.columns)),
            });
        }
        Ok(batch)
    }
}

/// The lines of a file that are not empty, without their ends.
struct Lines<R> {
    reader: BufReader<R>,
    /// Of the line that was read last; the first is 1.
    number: u64,
}

impl<R: Read> Lines<R> {
    fn new(reader: R) -> Self {
        Self {
            reader: BufReader::new(reader),
            number: 0,
        }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let mut line = Vec::new();
            let mut start = (&mut self.reader).take(MAX_LINE);
            let read = start.read_until(b'\n', &mut line);
            let read = read.map_err(|error| unreadable(&error.kind().to_string()))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if line.pop_if(|last| *last == b'\n').is_none() {
                let rest = self.reader.skip_until(b'\n');
                rest.map_err(|error| unreadable(&error.kind().to_string()))?;
            }
            line.pop_if(|last| *last == b'\r');
            if !line.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }
}

/// The cells of a line; `None` when a quotation mark in it is never closed.
fn cells(line: &[u8]) -> Option<ByteRecord> {
    if line.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
        return None;
    }
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(line);
    let mut rows = reader.into_byte_records();
    rows.next()?.ok()
}

fn unreadable(kind: &str) -> Failure {
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
    let day = NaiveDate::parse_from_str(cell, "%Y-%m-%d").ok();
    day.filter(|day| YEARS.contains(&day.year()))
        .map(Some)
        .ok_or(RowRejection::BadDate)
}

#[cfg(test)]
mod tests;
