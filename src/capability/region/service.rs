//! Use cases: look at divisions, load a table of them.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::error::RowRejection;
use super::import::{GivenRegion, ImportRow, RegionTable};
use super::model::{Region, RegionId};
use super::repo;
pub use super::repo::RegionFilter;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::{Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// Rows written by one transaction.
const BATCH: usize = 1_000;
/// Divisions are no versioned records: a table replaces them, nobody edits one.
const UNVERSIONED: i64 = 0;

/// One division.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn get(session: &ReadSession, code: RegionCode) -> Result<Option<Region>, Failure> {
    repo::find(session, code).await
}

/// One page of divisions in the order of codes; the cursor is the code.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn list(
    session: &ReadSession,
    filter: RegionFilter,
    page: &PageRequest<i64>,
) -> Result<Page<Region>, Failure> {
    repo::page(session, filter, page).await
}

/// The same page of direct children for several divisions, by one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn children_of(
    session: &ReadSession,
    parents: &[RegionCode],
    page: &PageRequest<i64>,
) -> Result<HashMap<RegionCode, Page<Region>>, Failure> {
    repo::children_pages(session, parents, page).await
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowOutcome {
    /// A division that was not there before.
    Created,
    /// A division whose name, validity or successor changed.
    Updated,
    /// It is stored exactly so already.
    Unchanged,
    /// It stays out.
    Refused(RowRejection),
}

/// The verdict on one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowVerdict {
    /// The line it begins on; the header is on line 1.
    pub line: u64,
    /// Its code, when it has one.
    pub code: Option<RegionCode>,
    /// What became of it.
    pub outcome: RowOutcome,
}

/// How many rows ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSummary {
    /// Divisions that were not there before.
    pub created: u64,
    /// Divisions that changed.
    pub updated: u64,
    /// Rows that said what is stored already.
    pub unchanged: u64,
    /// Rows that stayed out.
    pub refused: u64,
}

impl ImportSummary {
    fn count(&mut self, verdict: RowVerdict) {
        *match verdict.outcome {
            RowOutcome::Created => &mut self.created,
            RowOutcome::Updated => &mut self.updated,
            RowOutcome::Unchanged => &mut self.unchanged,
            RowOutcome::Refused(_) => &mut self.refused,
        } += 1;
    }
}

/// Loads a division table, up to 1,000 rows in one transaction, and hands the verdict on each row
/// to `each` in the order of the file, after its batch is durable. Good rows go in and bad ones
/// stay out, those of a second province among them: an exchange serves one. Loading the same table
/// again changes nothing. Divisions missing from the table stay as they are: a table may hold a part
/// of the province.
///
/// The table is CSV in UTF-8 with the columns `code,level,parent,name_zh` and, optionally,
/// `name_en,valid_from,valid_to,successor`; an empty optional cell keeps what is stored.
///
/// With `dry_run` the verdicts are the same and nothing is written.
///
/// # Errors
/// [`Failure::BadInput`] when the file cannot be read, [`Failure`] of the database; the batches
/// before it stay.
pub async fn import<R: Read + Send>(
    db: &Db,
    permit: &Permit<Write>,
    reader: R,
    dry_run: bool,
    each: &mut (dyn FnMut(RowVerdict) + Send),
) -> Result<ImportSummary, Failure> {
    let mut table = RegionTable::open(reader)?;
    let mut accepted = HashSet::new();
    let mut summary = ImportSummary::default();
    loop {
        let rows = table.next_rows(BATCH)?;
        if rows.is_empty() {
            return Ok(summary);
        }
        let batch = |tx| import_batch(tx, &rows, &accepted, dry_run);
        let verdicts = db.run(permit, None, batch).await.map_err(whole_batch)?;
        for verdict in verdicts {
            if !matches!(verdict.outcome, RowOutcome::Refused(_)) {
                accepted.extend(verdict.code);
            }
            summary.count(verdict);
            each(verdict);
        }
    }
}

fn whole_batch(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Failed(failure) => failure,
        Refusal::Expected(_) => Failure::internal("an import refuses rows, never a batch"),
    }
}

async fn import_batch(
    mut tx: WriteSession,
    rows: &[ImportRow],
    accepted: &HashSet<RegionCode>,
    dry_run: bool,
) -> Result<Vec<RowVerdict>, Refusal> {
    let given = || rows.iter().filter_map(|row| row.given.as_ref().ok());
    let named: Vec<RegionCode> = given()
        .flat_map(|row| [Some(row.code), row.parent])
        .flatten()
        .collect();
    let stored = repo::find_many(&tx, &named).await?;
    let province = match accepted.iter().next() {
        Some(code) => Some(code.province()),
        None => repo::loaded_province(&tx).await?,
    };
    let mut judge = Judge {
        province,
        stored: &stored,
        before: accepted,
        here: HashSet::new(),
        changed: Vec::new(),
    };
    let verdicts: Vec<RowVerdict> = rows.iter().map(|row| judge.row(row)).collect();
    let changed = judge.changed;
    if dry_run || changed.is_empty() {
        return Ok(verdicts);
    }
    repo::upsert_in(&tx, &changed).await?;
    for region in &changed {
        let before = stored.get(&region.code);
        let fields = before.map_or_else(
            || vec!["registration"],
            |before| differences(before, region),
        );
        tx.changed(Change::new(RegionId::of(region.code), UNVERSIONED, &fields));
    }
    let mut summary = ImportSummary::default();
    verdicts.iter().for_each(|verdict| summary.count(*verdict));
    tx.commit(AuditEntry::done(&summary)?).await?;
    Ok(verdicts)
}

/// Decides on the rows of one batch, one after the other.
struct Judge<'a> {
    /// The province of what was accepted before, in this file or another; none before the first.
    province: Option<RegionCode>,
    /// Divisions in the table, of all codes and parents the batch names.
    stored: &'a HashMap<RegionCode, Region>,
    /// Codes accepted in earlier batches of the file.
    before: &'a HashSet<RegionCode>,
    /// Codes accepted in this batch.
    here: HashSet<RegionCode>,
    /// What has to be written.
    changed: Vec<Region>,
}

impl Judge<'_> {
    fn row(&mut self, row: &ImportRow) -> RowVerdict {
        let outcome = match &row.given {
            Ok(given) => self.decide(given).unwrap_or_else(RowOutcome::Refused),
            Err(reason) => RowOutcome::Refused(*reason),
        };
        RowVerdict {
            line: row.line,
            code: row.given.as_ref().ok().map(|given| given.code),
            outcome,
        }
    }

    fn decide(&mut self, given: &GivenRegion) -> Result<RowOutcome, RowRejection> {
        if self.has_seen(given.code) {
            return Err(RowRejection::Repeated);
        }
        let province = given.code.province();
        if self.province.is_some_and(|loaded| loaded != province) {
            return Err(RowRejection::OtherProvince);
        }
        let parent_known = |parent| self.has_seen(parent) || self.stored.contains_key(&parent);
        if !given.parent.is_none_or(parent_known) {
            return Err(RowRejection::UnknownParent);
        }
        let stored = self.stored.get(&given.code);
        let region = given.over(stored)?;
        self.here.insert(region.code);
        self.province = Some(province);
        if stored == Some(&region) {
            return Ok(RowOutcome::Unchanged);
        }
        self.changed.push(region);
        Ok(match stored {
            None => RowOutcome::Created,
            Some(_) => RowOutcome::Updated,
        })
    }

    fn has_seen(&self, code: RegionCode) -> bool {
        self.before.contains(&code) || self.here.contains(&code)
    }
}

/// The fields that differ, under the names of the API.
fn differences(before: &Region, after: &Region) -> Vec<&'static str> {
    [
        ("nameZh", before.name_zh != after.name_zh),
        ("nameEn", before.name_en != after.name_en),
        ("validFrom", before.valid_from != after.valid_from),
        ("validTo", before.valid_to != after.valid_to),
        ("successor", before.successor != after.successor),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}
