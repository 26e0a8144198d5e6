//! Jobs that count because of a fact delivered in bulk: a ledger of the origin, or a month of
//! insurance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::model::{ConfirmedBy, Employment, EmploymentState, Job};
use super::super::repo::employments::{self, Changes, Insertion};
use super::super::repo::matching;
use super::super::rules::{self, Retold};
use super::report::Repeated;
use super::{days, reporter};
use crate::capability::{employer, worker};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::Change;

/// The fields of a job that is recorded, as the journal names them.
pub const RECORDED_FIELDS: &[&str] = &["record"];
/// The fields of a job that begins to count.
pub(super) const CONFIRMED: &[&str] = &["state", "confirmedBy", "lastConfirmedOn"];

/// A job that the origin states about somebody who is registered.
#[derive(Clone, Debug)]
pub struct NewEmployment {
    /// Who works.
    pub worker: WorkerId,
    /// The person's village of registration: whether the job is outside the province follows.
    pub origin: RegionCode,
    /// The job; its values have been read already.
    pub job: Job,
}

/// Records a job on the origin's word, in the caller's unit of work, and derives the person's
/// status anew. The same job again (same person, form, employer and first day) changes nothing,
/// also when it was voided or sent back since, or reported anew after it was voided: a ledger does not
/// undo a decision. One that was only reported is confirmed and says from now on what the origin says,
/// and one whose employer was only written gets its employer. Nobody begins a job after their death.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn record_in(tx: &mut WriteSession, new: NewEmployment) -> Result<Stated, Failure> {
    let life = worker::public::life_in(tx, new.worker).await?;
    if !life.reaches(new.job.started_on) {
        return Ok(Stated::AfterDeath);
    }
    let same = matching::find_same_in(tx, new.worker, &new.job).await?;
    let Some(known) = same.first() else {
        return Ok(Stated::Recorded(insert_in(tx, new).await?));
    };
    let left_to_county = rules::awaits_county(known) || rules::was_a_mistake(&same);
    if known.state == EmploymentState::Reported && !left_to_county {
        state_in(tx, known, &new).await?;
        return Ok(Stated::Recorded(known.id));
    }
    if let Some(employer) = rules::resolved_by(known, &new.job) {
        resolve_in(tx, known, employer).await?;
    }
    Ok(match known.state {
        EmploymentState::Confirmed => Stated::Known {
            employment: known.id,
            otherwise: rules::said_otherwise(known, &new.job),
        },
        EmploymentState::Reported | EmploymentState::Voided => Stated::LeftToCounty(known.id),
    })
}

/// What became of a job that the origin's ledger states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated {
    /// It counts from now on.
    Recorded(EmploymentId),
    /// It counted already; at most its employer is known better now.
    Known {
        /// The record.
        employment: EmploymentId,
        /// The facts that the ledger says otherwise than the record, and that the record keeps.
        otherwise: Vec<&'static str>,
    },
    /// It was sent back to the county, or a record of it was voided: the county decides.
    LeftToCounty(EmploymentId),
    /// It is said to begin after the person's death and was not recorded.
    AfterDeath,
}

/// Makes a reported job count on the origin's word: what the origin says of it holds, and what it
/// leaves out stays as it was reported.
async fn state_in(
    tx: &mut WriteSession,
    known: &Employment,
    new: &NewEmployment,
) -> Result<(), Failure> {
    let Retold { job, taken, .. } = rules::stated(known, &new.job);
    let outside = rules::is_outside_province(new.origin, job.workplace);
    let changes = Changes {
        confirmed_by: Some(ConfirmedBy::Origin),
        last_confirmed_on: Some(tx.today()),
        described: Some((job, outside)),
        ..Changes::default()
    };
    confirm_in(tx, known, changes, &taken).await?;
    worker::public::rederive_in(tx, new.worker).await
}

/// Records a job on the word of an officer of the origin. The same job (same person, form, employer,
/// first day and county) is not recorded twice: a report of it is confirmed and says from now on what
/// the origin says, and a confirmed one that goes on stays as it is, but for an employer that was only
/// written and is known now; what is said otherwise is told to the trail. One that ended, was voided
/// or counts in another county does not stand in the way. The caller has locked the person.
pub(super) async fn open_in(
    tx: &mut WriteSession,
    new: NewEmployment,
) -> Result<(EmploymentId, Option<Repeated>), Failure> {
    let same = matching::find_same_in(tx, new.worker, &new.job).await?;
    let Some(known) = rules::stated_already(&same, &new.job) else {
        return Ok((insert_in(tx, new).await?, None));
    };
    if known.state == EmploymentState::Reported {
        state_in(tx, known, &new).await?;
        return Ok((known.id, None));
    }
    let resolved = rules::resolved_by(known, &new.job);
    if let Some(employer) = resolved {
        resolve_in(tx, known, employer).await?;
    }
    let otherwise = rules::said_otherwise(known, &new.job);
    let repeated = (resolved.is_none() || !otherwise.is_empty()).then_some(Repeated {
        employment: known.id,
        otherwise,
    });
    Ok((known.id, repeated))
}

/// Records a job that the origin states, without looking for an earlier record of it.
async fn insert_in(tx: &mut WriteSession, new: NewEmployment) -> Result<EmploymentId, Failure> {
    let NewEmployment {
        worker,
        origin,
        job,
    } = new;
    let id: EmploymentId = tx.next_id();
    let insertion = Insertion {
        id,
        worker,
        outside_province: rules::is_outside_province(origin, job.workplace),
        job,
        confirmed_by: Some(ConfirmedBy::Origin),
        reporter: reporter(tx),
        reported_at: tx.now(),
        checked: None,
    };
    employments::insert_in(tx, insertion).await?;
    tx.changed(Change::new(id, 1, RECORDED_FIELDS));
    worker::public::rederive_in(tx, worker).await?;
    Ok(id)
}

/// Makes a reported job count, with what is `told` of it besides; the caller derives the person's
/// status anew.
async fn confirm_in(
    tx: &mut WriteSession,
    reported: &Employment,
    changes: Changes,
    told: &[&'static str],
) -> Result<(), Failure> {
    if !employments::update_in(tx, reported.id, reported.version, changes).await? {
        return Err(Failure::Contended("a job changed while confirmed".into()));
    }
    let fields = [CONFIRMED, told].concat();
    tx.changed(Change::new(reported.id, reported.version + 1, &fields));
    Ok(())
}

/// A month of insurance of a person and an employer.
pub type InsuredAt = (WorkerId, EmployerId, YearMonth);

/// Confirms the reported jobs of which a month of insurance has come in: those of the same person
/// and employer that had started by the month's end, one for each person and employer, and none
/// beside a confirmed job that it can only be about. Of reports that name different counties
/// [`rules::confirmed_report`] chooses. What was sent back to the county waits for the
/// county, and so does what has ended, and what is reported of a job that was voided. A confirmed job whose employer was only written gets its
/// employer. Call it after the months are written, in their unit of work or later.
/// Returns how many jobs were confirmed.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn confirm_by_insurance_in(
    tx: &mut WriteSession,
    months: &[InsuredAt],
) -> Result<u64, Failure> {
    if months.is_empty() {
        return Ok(0);
    }
    let mut latest: HashMap<(WorkerId, EmployerId), YearMonth> = HashMap::new();
    for (worker, employer, month) in months {
        let known = latest.entry((*worker, *employer)).or_insert(*month);
        *known = (*known).max(*month);
    }
    let mut touched = BTreeSet::new();
    let mut confirmed = 0;
    let people: BTreeSet<WorkerId> = latest.keys().map(|(worker, _)| *worker).collect();
    let people: Vec<WorkerId> = people.into_iter().collect();
    worker::public::lock_in(tx, &people).await?;
    for ((worker, employer), jobs) in known_at_in(tx, latest.keys().copied()).await? {
        let Some(month) = latest.get(&(worker, employer)) else {
            continue;
        };
        let counting: Vec<&Employment> = of_state(&jobs, EmploymentState::Confirmed).collect();
        for job in counting.iter().filter(|job| job.job.employer.is_none()) {
            resolve_in(tx, job, employer).await?;
        }
        let open = of_state(&jobs, EmploymentState::Reported).filter(|report| {
            let since = report.job.started_on;
            rules::is_confirmed_by_month(since, *month)
                && report.ending.is_none()
                && !rules::awaits_county(report)
                && !counting
                    .iter()
                    .any(|job| rules::is_reported_again(since, job))
        });
        let open: Vec<&Employment> = open.collect();
        if let Some(report) = rules::confirmed_report(&open)
            && confirm_insured_in(tx, report, employer, *month).await?
        {
            touched.insert(worker);
            confirmed += 1;
        }
    }
    for worker in touched {
        worker::public::rederive_in(tx, worker).await?;
    }
    Ok(confirmed)
}

/// Confirms a report on the word of a month, unless it repeats a job that counts and whose employer
/// nobody had read: the month tells who that is. What begins outside the person's life is left to the
/// county, and so is a job that was a mistake once. Whether the report counts from now on.
async fn confirm_insured_in(
    tx: &mut WriteSession,
    report: &Employment,
    employer: EmployerId,
    month: YearMonth,
) -> Result<bool, Failure> {
    let said = Job {
        employer: Some(employer),
        ..report.job.clone()
    };
    let since = said.started_on;
    let same = matching::find_same_in(tx, report.worker, &said).await?;
    let counting = same.iter().find(|job| rules::is_reported_again(since, job));
    if let Some(job) = counting {
        if rules::resolved_by(job, &said).is_some() {
            resolve_in(tx, job, employer).await?;
        }
        return Ok(false);
    }
    if rules::was_a_mistake(&same) {
        return Ok(false);
    }
    let life = worker::public::life_in(tx, report.worker).await?;
    if since < days::earliest_birth(life.birth_year) || !life.reaches(since) {
        return Ok(false);
    }
    let told: &[&str] = match report.job.employer {
        Some(_) => &[],
        None => &["employer"],
    };
    let changes = Changes {
        confirmed_by: Some(ConfirmedBy::Insurance),
        // The month says that the job went on until its end, or until now.
        last_confirmed_on: Some(month.last_day().min(tx.today())),
        employer: Some(employer),
        ..Changes::default()
    };
    confirm_in(tx, report, changes, told).await?;
    Ok(true)
}

/// Takes insurance's word back for every job of a person: what came under a resident id that was not
/// theirs says nothing of them. The jobs are only reported again, ended ones too; the county confirms
/// them, or a month under the right id those that go on. What the origin said stays. Call it after the months are
/// gone, in their unit of work; how many jobs there were.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn withdraw_insurance_in(
    tx: &mut WriteSession,
    worker: WorkerId,
) -> Result<usize, Failure> {
    worker::public::lock_in(tx, &[worker]).await?;
    let jobs = matching::confirmed_by_insurance_in(tx, worker).await?;
    for job in &jobs {
        let changes = Changes {
            unconfirmed: true,
            ..Changes::default()
        };
        if !employments::update_in(tx, job.id, job.version, changes).await? {
            return Err(Failure::Contended("a job changed while withdrawn".into()));
        }
        tx.changed(Change::new(job.id, job.version + 1, CONFIRMED));
    }
    if !jobs.is_empty() {
        worker::public::rederive_in(tx, worker).await?;
    }
    Ok(jobs.len())
}

fn of_state(jobs: &[Employment], state: EmploymentState) -> impl Iterator<Item = &Employment> {
    jobs.iter().filter(move |job| job.state == state)
}

type KnownAt = BTreeMap<(WorkerId, EmployerId), Vec<Employment>>;

/// What is reported and confirmed of these people with these employers, resolved or written.
async fn known_at_in(
    tx: &WriteSession,
    pairs: impl Iterator<Item = (WorkerId, EmployerId)>,
) -> Result<KnownAt, Failure> {
    let (workers, employers): (BTreeSet<WorkerId>, BTreeSet<EmployerId>) = pairs.unzip();
    let workers: Vec<_> = workers.into_iter().collect();
    let employers: Vec<_> = employers.into_iter().collect();
    let codes: HashMap<CreditCode, EmployerId> = employer::public::find_many(tx, &employers)
        .await?
        .into_values()
        .map(|known| (known.credit_code, known.id))
        .collect();
    let written: Vec<String> = codes.keys().map(ToString::to_string).collect();
    let mut found = KnownAt::new();
    for job in matching::known_at_in(tx, &workers, &employers, &written).await? {
        let resolved = (job.job.employer_code.as_ref()).and_then(|code| codes.get(code).copied());
        if let Some(employer) = job.job.employer.or(resolved) {
            found.entry((job.worker, employer)).or_default().push(job);
        }
    }
    Ok(found)
}

/// Ties a job whose employer was only written to that employer.
async fn resolve_in(
    tx: &mut WriteSession,
    job: &Employment,
    employer: EmployerId,
) -> Result<(), Failure> {
    let changes = Changes {
        employer: Some(employer),
        ..Changes::default()
    };
    if !employments::update_in(tx, job.id, job.version, changes).await? {
        return Err(Failure::Contended("a job changed while resolved".into()));
    }
    tx.changed(Change::new(job.id, job.version + 1, &["employer"]));
    Ok(())
}
