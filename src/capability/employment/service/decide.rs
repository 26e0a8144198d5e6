//! Decisions about a job that is on record: confirmed, ended, renewed, voided.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::error::{EmploymentRejection as R, Rejected};
use super::super::model::{
    Check, ConfirmedBy, Employment, EmploymentForm, EmploymentState, EndReason, Ending, Renewal,
};
use super::super::policy;
use super::super::repo::employments::{self, Changes};
use super::super::repo::{matching, renewals};
use super::super::rules;
use super::by_fact::CONFIRMED;
use super::{days, draft};
use crate::capability::employer::public as employers;
use crate::capability::worker;
use crate::capability::worker::public::Life;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::{EmployerId, EmploymentId};
use crate::platform::authn::Identity;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// The job a decision was about, as it is kept for a repeated request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Which job.
    pub employment: EmploymentId,
    /// Its version after the decision.
    pub version: i64,
}

impl Decided {
    /// The job as it was decided upon, one version later.
    const fn about(job: &Employment) -> Self {
        Self {
            employment: job.id,
            version: job.version + 1,
        }
    }
}

/// A job and the version of it that the caller has seen.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Which job.
    pub id: EmploymentId,
    /// The version decided upon.
    pub version: i64,
}

/// Confirms a reported job (only the origin reaches one), or that a confirmed job goes on: on the
/// origin's word it counts on that from then on, whatever it counted on before. An employer that was
/// only written by credit code is resolved if it is registered by now.
///
/// # Errors
/// `STALE_VERSION`, `ALREADY_VOIDED`, `ALREADY_ENDED`, `NOT_RECORDING_SIDE`, `ALREADY_CONFIRMED`,
/// `PERSON_DECEASED`, `DATE_BEFORE_BIRTH`; [`Failure::NotFound`] out of reach.
pub async fn confirm(mut tx: WriteSession, target: Target) -> Result<Decided, Refusal> {
    let job = opened(&tx, target).await?;
    let sides = admit_side(&tx, &job).await?;
    let mut changes = Changes {
        last_confirmed_on: Some(tx.today()),
        employer: resolved(&tx, &job).await?,
        ..Changes::default()
    };
    let fields: &[&str] = match job.state {
        EmploymentState::Voided => {
            return Err(Rejected::at("employmentId", R::AlreadyVoided).into());
        }
        EmploymentState::Confirmed if job.ending.is_some() => {
            return Err(Rejected::at("employmentId", R::AlreadyEnded).into());
        }
        EmploymentState::Confirmed => {
            living_on(&tx, &job, tx.today()).await?;
            if sides.origin && job.confirmed_by != Some(ConfirmedBy::Origin) {
                changes.confirmed_by = Some(ConfirmedBy::Origin);
                &["confirmedBy", "lastConfirmedOn"]
            } else {
                &["lastConfirmedOn"]
            }
        }
        EmploymentState::Reported => {
            let started_on = job.job.started_on;
            let life = living_on(&tx, &job, started_on).await?;
            if started_on < days::earliest_birth(life.birth_year) {
                return Err(Rejected::at("employmentId", R::DateBeforeBirth).into());
            }
            if is_confirmed_already(&tx, &job, changes.employer).await? {
                return Err(Rejected::at("employmentId", R::AlreadyConfirmed).into());
            }
            changes.confirmed_by = Some(ConfirmedBy::Origin);
            CONFIRMED
        }
    };
    let resolved: &[&str] = match changes.employer {
        Some(_) => &["employer"],
        None => &[],
    };
    decide(&mut tx, &job, changes, &[fields, resolved].concat()).await?;
    finish(tx, &job).await
}

/// Refuses what a job would say of a day after the person's death.
async fn living_on(tx: &WriteSession, job: &Employment, day: NaiveDate) -> Result<Life, Refusal> {
    let life = worker::public::life_in(tx, job.worker).await?;
    if !life.reaches(day) {
        return Err(Rejected::at("employmentId", R::PersonDeceased).into());
    }
    Ok(life)
}

/// Whether a reported job can only be about one that is confirmed: one hire that several report
/// stays one job.
async fn is_confirmed_already(
    tx: &WriteSession,
    report: &Employment,
    resolved: Option<EmployerId>,
) -> Result<bool, Failure> {
    let written = report.job.employer_code.iter().map(ToString::to_string);
    let written: Vec<String> = written.collect();
    let employer = report.job.employer.or(resolved);
    let mut known = matching::find_same_in(tx, report.worker, &report.job).await?;
    if employer.is_some() || !written.is_empty() {
        let employers: Vec<EmployerId> = employer.into_iter().collect();
        known.extend(matching::known_at_in(tx, &[report.worker], &employers, &written).await?);
    }
    let since = report.job.started_on;
    Ok(known.iter().any(|job| rules::is_reported_again(since, job)))
}

/// The registered employer behind a credit code that was only written.
async fn resolved(tx: &WriteSession, job: &Employment) -> Result<Option<EmployerId>, Failure> {
    let Some(code) = &job.job.employer_code else {
        return Ok(None);
    };
    let found = employers::find_by_credit_code(tx, code).await?;
    Ok(found.map(|employer| employer.id))
}

/// The check of an office that checks reports itself; `None` for everybody else.
pub(super) fn checked(tx: &WriteSession) -> Option<Check> {
    match tx.permit().principal().identity() {
        Identity::Officer { region } => tx.permit().caller().holds(&policy::CHECK).then(|| Check {
            on: tx.today(),
            by: *region,
        }),
        Identity::Admin
        | Identity::Auditor
        | Identity::Agency { .. }
        | Identity::Employer { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_)
        | Identity::System { .. } => None,
    }
}

/// Says that the origin has looked at a report; the county decides about it.
///
/// # Errors
/// `STALE_VERSION`, `NOT_REPORTED`; [`Failure::NotFound`] out of reach.
pub async fn check(mut tx: WriteSession, target: Target) -> Result<Decided, Refusal> {
    let job = opened(&tx, target).await?;
    if job.state != EmploymentState::Reported {
        return Err(Rejected::at("employmentId", R::NotReported).into());
    }
    let changes = Changes {
        checked: checked(&tx),
        ..Changes::default()
    };
    decide(&mut tx, &job, changes, &["checkedOn", "checkedByCode"]).await?;
    finish(tx, &job).await
}

/// Which registered employer it is that a job's record only writes.
#[derive(Clone, Debug)]
pub struct ResolveEmployer {
    /// Which job.
    pub target: Target,
    /// Credit code of the employer, as typed.
    pub credit_code: String,
}

/// Ties a job to the registered employer that its record only writes. What was written stays.
///
/// # Errors
/// `STALE_VERSION`, `ALREADY_VOIDED`, `EMPLOYER_NOT_ALLOWED`, `EMPLOYER_KNOWN`, `BAD_CREDIT_CODE`,
/// `UNKNOWN_EMPLOYER`, `HOST_IS_EMPLOYER`, `ALREADY_CONFIRMED` for a job that counts beside another
/// one there on the same days; [`Failure::NotFound`] out of reach.
pub async fn resolve_employer(
    mut tx: WriteSession,
    command: ResolveEmployer,
) -> Result<Decided, Refusal> {
    let ResolveEmployer {
        target,
        credit_code,
    } = command;
    let job = opened(&tx, target).await?;
    admit_side(&tx, &job).await?;
    let refused = match (job.state, job.job.form) {
        (EmploymentState::Voided, _) => Some(R::AlreadyVoided),
        (_, EmploymentForm::OwnBusiness | EmploymentForm::Flexible) => Some(R::EmployerNotAllowed),
        (_, EmploymentForm::Employed) => job.job.employer.map(|_| R::EmployerKnown),
    };
    if let Some(rejection) = refused {
        return Err(Rejected::at("employmentId", rejection).into());
    }
    let code = CreditCode::parse(&credit_code)
        .map_err(|_| Rejected::at("creditCode", R::BadCreditCode))?;
    let employer = employers::find_by_credit_code(&tx, &code)
        .await?
        .ok_or_else(|| Rejected::at("creditCode", R::UnknownEmployer))?;
    if job.job.host == Some(employer.id) {
        return Err(Rejected::at("creditCode", R::HostIsEmployer).into());
    }
    if is_held_there_already(&tx, &job, (employer.id, &code)).await? {
        return Err(Rejected::at("creditCode", R::AlreadyConfirmed).into());
    }
    let changes = Changes {
        employer: Some(employer.id),
        ..Changes::default()
    };
    decide(&mut tx, &job, changes, &["employer"]).await?;
    finish(tx, &job).await
}

/// Whether a job that counts would be the person's second one with an employer on the same days. A
/// report may get its employer all the same: its confirmation is where that is decided.
async fn is_held_there_already(
    tx: &WriteSession,
    job: &Employment,
    (employer, code): (EmployerId, &CreditCode),
) -> Result<bool, Failure> {
    if job.state != EmploymentState::Confirmed {
        return Ok(false);
    }
    let written = [code.to_string()];
    let known = matching::known_at_in(tx, &[job.worker], &[employer], &written).await?;
    Ok(known.iter().any(|other| {
        let counts = other.state == EmploymentState::Confirmed;
        counts && other.id != job.id && rules::overlap(job, other)
    }))
}

/// The end of a job.
#[derive(Clone, Copy, Debug)]
pub struct EndEmployment {
    /// Which job.
    pub target: Target,
    /// The day from which on it no longer counts.
    pub ended_on: NaiveDate,
    /// Why.
    pub reason: EndReason,
}

/// Ends a confirmed job: by either side, or by the employer that signed.
///
/// # Errors
/// `STALE_VERSION`, `NOT_CONFIRMED`, `ALREADY_ENDED`, `ALREADY_VOIDED`, `NOT_THE_EMPLOYER`,
/// `DATE_IN_FUTURE`, `END_BEFORE_START`; [`Failure::NotFound`] out of reach.
pub async fn end(mut tx: WriteSession, command: EndEmployment) -> Result<Decided, Refusal> {
    let EndEmployment {
        target,
        ended_on,
        reason,
    } = command;
    let job = going_on(&tx, target).await?;
    if ended_on > tx.today() {
        return Err(Rejected::at("endedOn", R::DateInFuture).into());
    }
    if ended_on < job.job.started_on {
        return Err(Rejected::at("endedOn", R::EndBeforeStart).into());
    }
    let changes = Changes {
        ending: Some(Ending {
            on: ended_on,
            reason: Some(reason),
        }),
        ..Changes::default()
    };
    decide(&mut tx, &job, changes, &["endedOn", "endReason"]).await?;
    finish(tx, &job).await
}

/// A further term of a contract.
#[derive(Clone, Copy, Debug)]
pub struct RenewContract {
    /// Which job.
    pub target: Target,
    /// First day of the term; may lie in the future.
    pub contract_start: NaiveDate,
    /// Last day of the term; open-ended when absent.
    pub contract_end: Option<NaiveDate>,
}

/// Adds a term to the contract of a job that goes on. The first term stays as it was recorded.
///
/// # Errors
/// As [`end`], and `BAD_PERIOD`, `DATE_TOO_EARLY`, `DATE_TOO_LATE`, `TERM_NOT_LATER`,
/// `PERSON_DECEASED`.
pub async fn renew(mut tx: WriteSession, command: RenewContract) -> Result<Decided, Refusal> {
    let RenewContract {
        target,
        contract_start,
        contract_end,
    } = command;
    let job = going_on(&tx, target).await?;
    days::check_term(Some(contract_start), contract_end, tx.today())?;
    living_on(&tx, &job, contract_start).await?;
    let latest = renewals::of_many(&tx, &[job.id]).await?;
    let latest = latest.last().map(|renewal| renewal.contract_start);
    if !rules::follows(&job.job, latest, contract_start) {
        return Err(Rejected::at("contractStart", R::TermNotLater).into());
    }
    let renewal = Renewal {
        employment: job.id,
        contract_start,
        contract_end,
        recorded_at: tx.now(),
    };
    renewals::insert_in(&tx, &renewal).await?;
    decide(&mut tx, &job, Changes::default(), &["renewals"]).await?;
    finish(tx, &job).await
}

/// A record that was a mistake.
#[derive(Clone, Debug)]
pub struct VoidEmployment {
    /// Which job.
    pub target: Target,
    /// What was wrong, in the officer's words.
    pub reason: String,
}

/// Declares a record a mistake. What was only reported, or counts on the origin's word, is the
/// origin's to void; what counts on an insurance month, that of both sides. The row stays.
///
/// # Errors
/// `STALE_VERSION`, `ALREADY_VOIDED`, `NOT_RECORDING_SIDE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// [`Failure::NotFound`] out of reach.
pub async fn void(mut tx: WriteSession, command: VoidEmployment) -> Result<Decided, Refusal> {
    let VoidEmployment { target, reason } = command;
    let job = opened(&tx, target).await?;
    if job.state == EmploymentState::Voided {
        return Err(Rejected::at("employmentId", R::AlreadyVoided).into());
    }
    let sides = sides(&tx, &job).await?;
    let may = match job.confirmed_by {
        None | Some(ConfirmedBy::Origin) => sides.origin,
        Some(ConfirmedBy::Insurance) => sides.origin || sides.destination,
    };
    if !may {
        return Err(Rejected::at("employmentId", R::NotRecordingSide).into());
    }
    let changes = Changes {
        void_reason: Some(draft::words(&reason)?),
        ..Changes::default()
    };
    decide(&mut tx, &job, changes, &["state", "voidReason"]).await?;
    finish(tx, &job).await
}

/// The job within reach, at the version the caller has seen, with its person locked: whoever writes
/// a job locks the person first, so that what is decided of one job sees the others as they are, and
/// nobody waits for another in a circle.
async fn opened(tx: &WriteSession, target: Target) -> Result<Employment, Refusal> {
    let Some(job) = employments::find(tx, target.id).await? else {
        return Err(beyond(tx, target.id).await?);
    };
    worker::public::lock_in(tx, &[job.worker]).await?;
    // Whoever had to wait for the lock has looked at the job before: it may have changed since.
    let Some(job) = employments::find(tx, target.id).await? else {
        return Err(beyond(tx, target.id).await?);
    };
    if job.version != target.version {
        return Err(Rejected::at("version", R::StaleVersion).into());
    }
    Ok(job)
}

/// What is answered about a job beyond reach: whoever reads it learns that it is another side's to
/// decide about.
async fn beyond(tx: &WriteSession, id: EmploymentId) -> Result<Refusal, Failure> {
    let reads = match tx.looking(&policy::READ) {
        Some(looking) => employments::find(&looking, id).await?.is_some(),
        None => false,
    };
    let told = UserError::at(&["input", "employmentId"], &R::NotRecordingSide);
    Ok(tx.beyond_reach(reads, told))
}

/// As [`opened`], a job that counts and goes on, and for an employer one that it signed.
pub(super) async fn going_on(tx: &WriteSession, target: Target) -> Result<Employment, Refusal> {
    let job = opened(tx, target).await?;
    let refused = match (job.state, job.ending) {
        (EmploymentState::Voided, _) => Some(R::AlreadyVoided),
        (EmploymentState::Reported, _) => Some(R::NotConfirmed),
        (EmploymentState::Confirmed, Some(_)) => Some(R::AlreadyEnded),
        (EmploymentState::Confirmed, None) => None,
    };
    if let Some(rejection) = refused {
        return Err(Rejected::at("employmentId", rejection).into());
    }
    let Identity::Employer { credit_code } = tx.permit().principal().identity() else {
        admit_side(tx, &job).await?;
        return Ok(job);
    };
    let own = employers::find_by_credit_code(tx, credit_code).await?;
    if own.is_none() || own.map(|own| own.id) != job.job.employer {
        return Err(Rejected::at("employmentId", R::NotTheEmployer).into());
    }
    Ok(job)
}

/// For which side of a job an office speaks.
struct Sides {
    origin: bool,
    destination: bool,
}

async fn sides(tx: &WriteSession, job: &Employment) -> Result<Sides, Failure> {
    let origin = worker::public::visible_origin(tx, job.worker)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(Sides {
        origin: tx.permit().admit(origin).is_ok(),
        destination: tx.permit().admit(job.job.workplace).is_ok(),
    })
}

/// An office sees a person's other jobs too, and those of people who only stay with it or were its
/// own until lately; it decides about those that are of its side.
async fn admit_side(tx: &WriteSession, job: &Employment) -> Result<Sides, Refusal> {
    let sides = sides(tx, job).await?;
    if sides.origin || sides.destination {
        Ok(sides)
    } else {
        Err(Rejected::at("employmentId", R::NotRecordingSide).into())
    }
}

/// Writes a decision and derives the person's status anew.
pub(super) async fn decide(
    tx: &mut WriteSession,
    job: &Employment,
    changes: Changes,
    fields: &[&'static str],
) -> Result<(), Refusal> {
    if !employments::update_in(tx, job.id, job.version, changes).await? {
        return Err(Rejected::at("version", R::StaleVersion).into());
    }
    tx.changed(Change::new(job.id, job.version + 1, fields));
    worker::public::rederive_in(tx, job.worker).await?;
    Ok(())
}

async fn finish(tx: WriteSession, job: &Employment) -> Result<Decided, Refusal> {
    let decided = Decided::about(job);
    tx.commit(AuditEntry::done(&decided)?).await?;
    Ok(decided)
}

/// As [`finish`], with the reason in the journal.
pub(super) async fn finish_for(
    tx: WriteSession,
    job: &Employment,
    reason: String,
) -> Result<Decided, Refusal> {
    let decided = Decided::about(job);
    let entry = AuditEntry::done(&decided)?.for_purpose(reason);
    tx.commit(entry).await?;
    Ok(decided)
}
