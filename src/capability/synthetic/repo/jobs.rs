//! Employers, jobs and insurance.

use ::entity::{contribution, employer, employer_status, employment, insurance_position};
use sha2::{Digest as _, Sha256};

use super::super::model::{Household, Job, NewEmployer, Person};
use super::{Stamp, insert_all};
use crate::capability::employer::public::EmployerStatus;
use crate::capability::employment::public::EmploymentForm;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::RecordId as _;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Agency;
use crate::platform::db::WriteSession;

/// The five insurances with the employer's and the personal share of the base, in thousandths:
/// the usual rates of 2026; maternity has no personal share, nor has work injury.
pub(in super::super) const INSURANCES: [(&str, i64, i64); 5] = [
    ("PENSION", 160, 80),
    ("UNEMPLOYMENT", 5, 5),
    ("MEDICAL", 80, 20),
    ("WORK_INJURY", 5, 0),
    ("MATERNITY", 8, 0),
];

/// Writes employers, all of them active by the word of market regulation.
pub(in super::super) async fn insert_employers_in(
    tx: &WriteSession,
    stamp: &Stamp<'_>,
    employers: &[&NewEmployer],
) -> Result<(), Failure> {
    let status = EmployerStatus::Active.as_str();
    let rows = employers.iter().map(|of| employer::Model {
        id: of.id.uuid(),
        credit_code: of.code.to_string(),
        name: of.name.clone(),
        kind: of.kind.as_str().to_owned(),
        region_code: of.county.as_i64(),
        county_code: of.county.as_i64(),
        prefecture_code: of.county.prefecture().unwrap_or(of.county).as_i64(),
        legal_representative_index: None,
        status: status.to_owned(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
    });
    insert_all::<employer::Entity, _>(tx, rows.collect()).await?;
    let rows = employers.iter().map(|of| employer_status::Model {
        id: stamp.id(),
        employer_id: of.id.uuid(),
        status: status.to_owned(),
        since: stamp.today,
        source: Agency::MarketRegulation.as_str().to_owned(),
        submission_id: Some(stamp.submission.uuid()),
        version: 1,
        recorded_at: stamp.at,
    });
    insert_all::<employer_status::Entity, _>(tx, rows.collect()).await
}

/// Writes the jobs and insurance months of people who are there already.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    stamp: &Stamp<'_>,
    households: &[Household],
) -> Result<(), Failure> {
    let mut jobs = Vec::new();
    let mut months = Vec::new();
    let mut positions = Vec::new();
    for household in households {
        for person in &household.members {
            let rows = person
                .jobs
                .iter()
                .map(|job| employment_row(stamp, household.village, person, job));
            jobs.extend(rows);
            months.extend(contribution_rows(stamp, person));
            positions.extend(position_rows(stamp, person));
        }
    }
    insert_all::<employment::Entity, _>(tx, jobs).await?;
    insert_all::<contribution::Entity, _>(tx, months).await?;
    insert_all::<insurance_position::Entity, _>(tx, positions).await
}

fn employment_row(
    stamp: &Stamp<'_>,
    origin: RegionCode,
    person: &Person,
    job: &Job,
) -> employment::Model {
    let within = Some(job.workplace).filter(|_| !job.outside_province);
    let confirmed_by = job.confirmed_by();
    let county = origin.county_or_itself();
    // Without the origin's word it is somebody else's report.
    let (role, subject, scope) = match confirmed_by {
        Some(_) => ("SYSTEM", stamp.subject, county.to_string()),
        None => ("HELPER", stamp.focus.helper.as_str(), county.to_string()),
    };
    let has_contract = job.form == EmploymentForm::Employed;
    employment::Model {
        id: job.id.uuid(),
        worker_id: person.id.uuid(),
        form: job.form.as_str().to_owned(),
        employer_id: job.employer.map(|id| id.uuid()),
        employer_name: job.employer_name.clone(),
        employer_code: None,
        written_employer_name: job.employer_name.clone(),
        written_employer_code: None,
        host_employer_id: None,
        contract_kind: has_contract.then(|| "FIXED_TERM".to_owned()),
        contract_start: has_contract.then_some(job.started_on),
        contract_end: None,
        job_title: Some(job.title.to_owned()),
        monthly_wage_fen: Some(job.wage),
        workplace_code: job.workplace.as_i64(),
        workplace_county: within.map(|place| place.county_or_itself().as_i64()),
        workplace_prefecture: within
            .and_then(RegionCode::prefecture)
            .map(RegionCode::as_i64),
        outside_province: job.outside_province,
        found_by: Some(job.found_by.as_str().to_owned()),
        started_on: job.started_on,
        ended_on: job.ended.map(|(day, _)| day),
        end_reason: job.ended.map(|(_, reason)| reason.as_str().to_owned()),
        state: job.state.as_str().to_owned(),
        confirmed_by: confirmed_by.map(|by| by.as_str().to_owned()),
        reported_by_role: role.to_owned(),
        reported_by_subject: subject.to_owned(),
        reported_by_scope: Some(scope),
        reported_at: stamp.at,
        checked_on: None,
        checked_by: None,
        last_confirmed_on: confirmed_by.map(|_| stamp.today),
        void_reason: None,
        returned_on: None,
        returned_by: None,
        return_reason: None,
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
    }
}

fn contribution_rows(stamp: &Stamp<'_>, person: &Person) -> Vec<contribution::Model> {
    let Some(base) = person.insured else {
        return Vec::new();
    };
    let employer = person
        .jobs
        .iter()
        .find(|job| job.ended.is_none() && job.confirmed_by().is_some())
        .and_then(|job| job.employer);
    let row = |month: i32, (kind, employers, personal): (&str, i64, i64)| contribution::Model {
        id: stamp.id(),
        worker_id: person.id.uuid(),
        employer_id: employer.map(|id| id.uuid()),
        payer_employer_id: None,
        kind: kind.to_owned(),
        entry: "NORMAL".to_owned(),
        period_month: month,
        posting_month: month,
        base_fen: base,
        employer_fen: base * employers / 1_000,
        personal_fen: base * personal / 1_000,
        corrects_id: None,
        submission_id: stamp.submission.uuid(),
        row_digest: Sha256::digest(format!("{}/{kind}/{month}/{base}", person.id.uuid())).to_vec(),
        recorded_at: stamp.at,
    };
    stamp
        .months
        .iter()
        .flat_map(|month| INSURANCES.map(|rates| row(*month, rates)))
        .collect()
}

fn position_rows(stamp: &Stamp<'_>, person: &Person) -> Vec<insurance_position::Model> {
    let last = stamp.months.iter().max().copied();
    if person.insured.is_none() || last.is_none() {
        return Vec::new();
    }
    let row = |(kind, _, _): (&str, i64, i64)| insurance_position::Model {
        worker_id: person.id.uuid(),
        kind: kind.to_owned(),
        last_period: last,
        enrolled_on: None,
        stopped_on: None,
        pension_since: None,
        arrears_since: None,
    };
    INSURANCES.map(row).to_vec()
}
