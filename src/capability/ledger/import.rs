//! Bringing a ledger in: in batches, each a unit of work of its own.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::columns::Column;
use super::defect::{Defect, Finding, Verdict};
use super::home::{Homes, county_of, rename_households};
use super::job;
use super::policy;
use super::reader::{LedgerReader, RawRow, ReadError};
use super::row::{self, Person, ReadRow, Tables};
use super::settle::{Registry, Settled};
use crate::capability::{region, worker};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::region_code::RegionCode;
use crate::kernel::text;
use crate::platform::authz::{Caller, Permit, Write};
use crate::platform::crypto::{BlindIndex, Context, Keys};
use crate::platform::db::scratch::Scratch;
use crate::platform::db::{Db, Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// Rows in one unit of work: what a crash may take back, and what others wait for.
const BATCH: usize = 500;
/// Separates keys of households from those of people in the scratch set.
const HOUSEHOLD: Context = Context::new("ledger.household");
/// Separates the first days of households' categories from all other keys of the scratch set.
const SINCE: Context = Context::new("ledger.since");
/// Separates names from every other keyed hash.
const NAME: Context = Context::new("ledger.name");

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    /// The county (or province) for which the ledger is brought in; rows of others are refused.
    pub region: RegionCode,
    /// Say what would become of each row, and write nothing.
    pub dry_run: bool,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowReport {
    /// The row's number in the file, as a spreadsheet shows it: the header as a rule is 1.
    pub row: u64,
    /// What became of it.
    pub verdict: Verdict,
    /// What is wrong with it; empty for a row without defects.
    pub findings: Vec<Finding>,
}

/// How many rows ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Rows in with all that they say.
    pub accepted: u64,
    /// Rows in with a note.
    pub noted: u64,
    /// Rows that stayed out.
    pub rejected: u64,
    /// People of accepted rows who were not registered before.
    pub registered: u64,
}

/// Why an import stopped. The batches before stay, and running the file again completes it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read on.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The exchange cannot go on.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Imports every row of a ledger, in file order, and hands each report to `each` after its batch
/// is durable. Running the same file again changes nothing.
///
/// # Errors
/// [`ImportError`]; a row's defect is never one.
pub async fn import(
    db: &Db,
    caller: &Caller,
    mut ledger: LedgerReader,
    options: ImportOptions,
    each: &mut (dyn FnMut(RowReport) + Send),
) -> Result<ImportSummary, ImportError> {
    let permit = caller.permit(&policy::IMPORT)?;
    let scratch = Scratch::open().await?;
    let mut summary = ImportSummary::default();
    loop {
        let mut raw = Vec::with_capacity(BATCH);
        while raw.len() < BATCH
            && let Some(row) = ledger.next_row()?
        {
            raw.push(row);
        }
        if raw.is_empty() {
            return Ok(summary);
        }
        for (report, registered) in batch(db, &permit, &scratch, &raw, options).await? {
            *match report.verdict {
                Verdict::Accepted => &mut summary.accepted,
                Verdict::AcceptedWithNote => &mut summary.noted,
                Verdict::Rejected => &mut summary.rejected,
            } += 1;
            summary.registered += u64::from(registered);
            each(report);
        }
    }
}

type Reported = Vec<(RowReport, bool)>;

async fn batch(
    db: &Db,
    permit: &Permit<Write>,
    scratch: &Scratch,
    raw: &[RawRow],
    options: ImportOptions,
) -> Result<Reported, Failure> {
    let done = db.work(permit, |mut tx| async move {
        let mut rows = read(&tx, raw, options.region).await?;
        rename_households(&tx, &mut rows);
        mark_repetitions(&tx, scratch, &mut rows).await?;
        let mut reports = Vec::with_capacity(rows.len());
        let homes = Homes::new(options.dry_run.then_some(scratch));
        let mut registry = Registry::load(&tx, &rows, options.region, homes).await?;
        for row in rows {
            reports.push(bring_in(&mut tx, scratch, row, &mut registry).await?);
        }
        // Dropped without a commit, a dry run leaves no trace.
        if !options.dry_run {
            let entry = AuditEntry::done(&reports.len())?;
            tx.commit(noting_disclosures(entry, &reports)).await?;
        }
        Ok(reports)
    });
    match done.await {
        Ok(reports) => Ok(reports),
        Err(Refusal::Failed(failure)) => Err(failure),
        Err(Refusal::Expected(_)) => {
            Err(Failure::internal("an import refuses rows, never a batch"))
        }
    }
}

/// An entry for each row by which the operator learnt that somebody is registered elsewhere. No
/// quota stands before them, unlike before an officer's registrations: whoever imports on the
/// command line holds the database and its keys.
fn noting_disclosures(entry: AuditEntry, reports: &[(RowReport, bool)]) -> AuditEntry {
    reports
        .iter()
        .flat_map(|(report, _)| &report.findings)
        .fold(entry, |entry, finding| match finding.defect {
            Defect::AlreadyRegistered => entry.noting("ALREADY_REGISTERED", None),
            Defect::IdentityNotConfirmed => entry.noting("IDENTITY_NOT_CONFIRMED", None),
            _ => entry,
        })
}

/// Reads a batch against the region table, by one statement for all its codes, as the rows are read.
async fn read(tx: &WriteSession, raw: &[RawRow], own: RegionCode) -> Result<Vec<ReadRow>, Failure> {
    let divisions = region::public::known_counties(tx).await?;
    let named = raw.iter().flat_map(|row| {
        [Column::OriginRegionCode, Column::WorkplaceRegionCode]
            .into_iter()
            .filter_map(|column| row::region_named(row.cell(column)).ok())
            .flat_map(|code| [code, code.province()])
    });
    let named: HashSet<RegionCode> = named.collect();
    let named: Vec<RegionCode> = named.into_iter().collect();
    let places = region::public::places(tx, &named).await?;
    let tables = Tables {
        today: tx.today(),
        divisions: &divisions,
        places: &places,
    };
    Ok(raw
        .iter()
        .map(|raw| {
            let mut row = row::read(raw, &tables);
            if row.person.as_ref().is_some_and(|p| !own.contains(p.origin)) {
                row.refuse(foreign(raw));
            }
            row
        })
        .collect())
}

fn foreign(raw: &RawRow) -> Finding {
    let value = raw.cell(Column::OriginRegionCode);
    Finding::new(Column::OriginRegionCode, Defect::UnknownRegion, value).hinting(
        "不属于本次导入的地区。",
        "Not in the region for which the ledger is imported.",
    )
}

/// A person's name as it is compared within a file, so that the scratch set holds no name: bound to
/// the person, because one by itself would tell namesakes.
fn name_mark(keys: &Keys, person: &BlindIndex, name: &str) -> String {
    let bound = [person.as_bytes(), text::compact(name).as_bytes()].concat();
    keys.index.index_exactly(NAME, &bound).to_hex()
}

/// Refuses what repeats an earlier row, and a household that has two categories.
async fn mark_repetitions(
    tx: &WriteSession,
    scratch: &Scratch,
    rows: &mut [ReadRow],
) -> Result<(), Failure> {
    for row in rows {
        let Some(person) = &row.person else { continue };
        let index = worker::public::resident_id_index(tx, &person.resident_id);
        let value = person.resident_id.masked();
        let named = name_mark(tx.keys(), &index, &person.name);
        if let Some(seen) = scratch.first(&index, row.number, &named).await? {
            let finding = Finding::new(Column::ResidentId, Defect::DuplicateInFile, &value);
            row.refuse(if seen.mark == named {
                finding
            } else {
                finding.hinting(
                    format!("与第 {} 行号码相同而姓名不同，可能误用他人号码。", seen.row),
                    format!(
                        "Row {} has this id under another name: perhaps another person's id.",
                        seen.row
                    ),
                )
            });
            continue;
        }
        let Some(number) = &person.household_number else {
            continue;
        };
        let household = format!("{}/{number}", county_of(person.origin));
        let household = tx.keys().index.index(HOUSEHOLD, &household);
        let category = person.category.as_str();
        let first = scratch.first(&household, row.number, category).await?;
        if first.is_some_and(|first| first.mark != category) {
            row.refuse(Finding::new(
                Column::Category,
                Defect::ConflictingCategory,
                category,
            ));
        }
    }
    Ok(())
}

/// What a row says of the first day of its household's category.
struct Since {
    /// The household, where it has a number.
    household: Option<String>,
    day: Option<NaiveDate>,
}

impl Since {
    fn of(person: &Person) -> Self {
        let county = county_of(person.origin);
        let number = person.household_number.as_ref();
        Self {
            household: number.map(|number| format!("{county}/{number}")),
            day: person.category_since,
        }
    }

    /// The note where an earlier row of the file gives the household another day, or has made it
    /// without one: a household is registered with the day of its first row.
    async fn otherwise(
        self,
        tx: &WriteSession,
        scratch: &Scratch,
        (row, made): (u64, bool),
    ) -> Result<Option<Finding>, Failure> {
        let Self { household, day } = self;
        let held = day.or_else(|| made.then(|| tx.today()));
        let (Some(household), Some(held)) = (household, held) else {
            return Ok(None);
        };
        let key = tx.keys().index.index(SINCE, &household);
        let held = held.to_string();
        let Some(first) = scratch.first(&key, row, &held).await? else {
            return Ok(None);
        };
        if first.mark == held {
            return Ok(None);
        }
        let column = Column::CategorySince;
        let finding = Finding::new(column, Defect::DiffersInHousehold, &held);
        let (row, mark) = (first.row, first.mark);
        Ok(Some(finding.hinting(
            format!("按第 {row} 行，该户认定日期为 {mark}，本行日期未录入；请核对，并在档案上更正。"),
            format!(
                "By row {row} the household's first day is {mark}, and this one stays out: check which \
                 holds and correct it on the record."
            ),
        )))
    }
}

/// Brings one row in: the report, and whether somebody new was registered.
async fn bring_in(
    tx: &mut WriteSession,
    scratch: &Scratch,
    mut row: ReadRow,
    registry: &mut Registry<'_>,
) -> Result<(RowReport, bool), Failure> {
    let Some(mut person) = row.person.take() else {
        return Ok((report(row), false));
    };
    let job = person.job.take();
    let since = Since::of(&person);
    let settled = registry
        .settle(tx, (row.number, person), &mut row.findings)
        .await?;
    let Some(Settled {
        worker,
        origin,
        new,
        household_made,
    }) = settled
    else {
        return Ok((report(row), false));
    };
    let otherwise = since
        .otherwise(tx, scratch, (row.number, household_made))
        .await?;
    row.findings.extend(otherwise);
    if let Some(job) = job {
        let said = job::Said {
            worker,
            origin,
            row: row.number,
            job,
            others: registry.jobs_of(worker),
        };
        let findings = job::record(tx, registry.rehearsed(), said).await?;
        row.findings.extend(findings);
    }
    Ok((report(row), new))
}

fn report(row: ReadRow) -> RowReport {
    let verdict = row
        .findings
        .iter()
        .map(|finding| finding.defect.verdict())
        .max()
        .unwrap_or(Verdict::Accepted);
    RowReport {
        row: row.number,
        verdict,
        findings: row.findings,
    }
}
