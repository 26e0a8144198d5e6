//! The job of a row: recorded on the origin's word, or on record already. What stayed out of it is
//! said, value by value.

use super::columns::Column;
use super::defect::{Defect, Finding};
use super::row::{GivenEmployer, LedgerJob};
use crate::capability::employer::public::{self as employers, EmployerRef, NewEmployer};
use crate::capability::employment::public::{
    self as employment, Employment, EmploymentForm, Job, NewEmployment, Stated, WrittenEmployer,
};
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::region_code::RegionCode;
use crate::kernel::text::{compact, same_name};
use crate::platform::crypto::Context;
use crate::platform::db::scratch::Scratch;
use crate::platform::db::{Session as _, WriteSession};

/// Separates employers from all other keys of the scratch set.
const EMPLOYER: Context = Context::new("ledger.employer");
/// Separates their names from every other keyed hash.
const EMPLOYER_NAME: Context = Context::new("ledger.employer_name");

/// The job that a row gives somebody who is registered in the ledger's region.
pub(super) struct Said<'a> {
    pub(super) worker: WorkerId,
    pub(super) origin: RegionCode,
    /// The row's number in the file.
    pub(super) row: u64,
    pub(super) job: LedgerJob,
    /// The person's jobs that went on before it.
    pub(super) others: &'a [Employment],
}

/// Records the job; what was left out of it. `rehearsed` is where a dry run keeps which employers its
/// earlier batches would have entered.
pub(super) async fn record(
    tx: &mut WriteSession,
    rehearsed: Option<&Scratch>,
    said: Said<'_>,
) -> Result<Vec<Finding>, Failure> {
    let Said {
        worker,
        origin,
        row,
        job: given,
        others,
    } = said;
    let mut findings = Vec::new();
    let job = signed(tx, (rehearsed, row), given, &mut findings).await?;
    let new = NewEmployment {
        worker,
        origin,
        job: job.clone(),
    };
    let started_on = job.started_on.to_string();
    findings.extend(other_first_day(&job, others));
    let on_first_day = |defect| Finding::new(Column::JobStart, defect, &started_on);
    match employment::record_in(tx, new).await? {
        Stated::Recorded(_) => {}
        Stated::Known { otherwise, .. } => {
            let otherwise = otherwise.iter().map(|field| differs(field, &job));
            findings.extend(otherwise);
        }
        Stated::LeftToCounty(_) => findings.push(on_first_day(Defect::LeftToCounty)),
        Stated::AfterDeath => findings.push(on_first_day(Defect::AfterDeath)),
    }
    Ok(findings)
}

/// The job with its employer, entered where the row gives both code and name. A code that nobody has
/// registered is kept with the job until somebody resolves it.
async fn signed(
    tx: &mut WriteSession,
    rehearsal: (Option<&Scratch>, u64),
    given: LedgerJob,
    findings: &mut Vec<Finding>,
) -> Result<Job, Failure> {
    let LedgerJob {
        employer,
        workplace,
        started_on,
        monthly_wage,
    } = given;
    let mut job = Job {
        form: EmploymentForm::Employed,
        employer: None,
        employer_name: None,
        employer_code: None,
        written: employer.written(),
        host: None,
        contract_kind: None,
        contract_start: None,
        contract_end: None,
        job_title: None,
        monthly_wage,
        workplace,
        started_on,
        found_by: None,
    };
    match employer {
        GivenEmployer::None => job.form = EmploymentForm::Flexible,
        GivenEmployer::Unknown => {}
        GivenEmployer::Named(name) => job.employer_name = Some(name),
        GivenEmployer::Coded(credit_code, Some(name)) => {
            let given = name.as_str().to_owned();
            let new = NewEmployer { credit_code, name };
            let held = employers::ensure(tx, new).await?;
            if !is_called(tx, rehearsal, &held, &given).await? {
                let column = Column::EmployerName;
                findings.push(Finding::new(column, Defect::DiffersFromRecord, &given));
            }
            job.employer = Some(held.id);
        }
        GivenEmployer::Coded(code, None) => {
            match employers::find_by_credit_code(tx, &code).await? {
                Some(known) => job.employer = Some(known.id),
                None => {
                    findings.push(nameless(code.as_str()));
                    job.employer_code = Some(code);
                }
            }
        }
    }
    Ok(job)
}

/// The note for a job beside one at the same employer that goes on: by its first day a row finds its
/// job, so that a corrected day makes a second one.
fn other_first_day(job: &Job, others: &[Employment]) -> Option<Finding> {
    let fits = |known: &&Employment| {
        known.job.started_on != job.started_on && is_same_employer(&known.job, job)
    };
    let began = others.iter().find(fits)?.job.started_on;
    let started_on = job.started_on.to_string();
    let finding = Finding::new(Column::JobStart, Defect::OtherFirstDay, &started_on);
    Some(finding.hinting(
        format!(
            "本人在该单位另有 {began} 开始、尚未结束的务工记录；如为更正日期，请在档案上结束或作废不对的一条。"
        ),
        format!(
            "Another job at this employer began on {began} and goes on: if the day was corrected, end or \
             void the one that is wrong."
        ),
    ))
}

/// Whether two jobs name one employer: as it is registered, or as it was written.
fn is_same_employer(known: &Job, said: &Job) -> bool {
    if let (Some(known), Some(said)) = (known.employer, said.employer) {
        return known == said;
    }
    let (known, said) = (&known.written, &said.written);
    match (&known.code, &said.code, &known.name, &said.name) {
        (Some(known), Some(said), _, _) => known == said,
        (_, _, Some(known), Some(said)) => same_name(known, said),
        _ => false,
    }
}

/// Whether a registered employer has the name that a row gives it. The batches of a dry run are taken
/// back one by one, so there it has the name that it would have been entered under first.
async fn is_called(
    tx: &WriteSession,
    (rehearsed, row): (Option<&Scratch>, u64),
    held: &EmployerRef,
    given: &str,
) -> Result<bool, Failure> {
    let Some(scratch) = rehearsed else {
        return Ok(same_name(&held.name, given));
    };
    let code = held.credit_code.as_str();
    let index = &tx.keys().index;
    let mark = |name: &str| {
        let bound = [code.as_bytes(), compact(name).as_bytes()].concat();
        index.index_exactly(EMPLOYER_NAME, &bound).to_hex()
    };
    let now = mark(&held.name);
    let first = scratch
        .first(&index.index(EMPLOYER, code), row, &now)
        .await?;
    Ok(first.map_or(now, |first| first.mark) == mark(given))
}

fn nameless(code: &str) -> Finding {
    let column = Column::EmployerCreditCode;
    Finding::new(column, Defect::EmployerUnresolved, code).hinting(
        "该信用代码未登记且缺少单位名称，代码已按文字保留，请补正。",
        "Nobody has registered this code and the row has no name; the code is kept until somebody resolves it.",
    )
}

/// What a row says otherwise than the record of the job, which stays as it is.
fn differs(field: &str, job: &Job) -> Finding {
    let Job {
        workplace,
        monthly_wage,
        started_on,
        written: WrittenEmployer { name, code },
        ..
    } = job;
    let (column, value) = match (field, name, code) {
        ("monthlyWage", _, _) => (
            Column::MonthlyWageYuan,
            monthly_wage.map(|wage| wage.to_string()),
        ),
        ("workplaceCode", _, _) => (Column::WorkplaceRegionCode, Some(workplace.to_string())),
        ("employer", Some(name), _) => (Column::EmployerName, Some(name.clone())),
        ("employer", None, Some(code)) => (Column::EmployerCreditCode, Some(code.to_string())),
        _ => (Column::JobStart, Some(started_on.to_string())),
    };
    Finding::new(
        column,
        Defect::DiffersFromRecord,
        &value.unwrap_or_default(),
    )
}
