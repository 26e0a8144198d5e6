//! Recording a job, alone or in bulk: who may open a record, and what a report answers.
//!
//! The origin's word opens a record. Everybody else reports, and learns nothing by it: for anybody
//! outside the reporter's reach the answer is the same whether the person is registered or not, and
//! so are the statements behind it but for the table that the report is written to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::error::{EmploymentRejection, ItemRejected, Problem, Rejected};
use super::super::model::{Job, RecordStatus};
use super::super::policy;
use super::super::repo::reports::{self, NewReport};
use super::by_fact::{self, NewEmployment};
use super::days::Days;
use super::decide::checked;
use super::draft::{self, Draft, RecordEmployment, References, Signer};
use super::report::{self, Repeated, Report};
use super::reporter;
use super::reports::SealedReport;
use super::subjects::{People, Standing, Subject};
use crate::capability::employer;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::EmploymentId;
use crate::kernel::page::check_batch;
use crate::kernel::unreadable::Misread;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// What became of one job. A report about somebody out of reach names no record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// How it ended.
    pub status: RecordStatus,
    /// The record, for whoever may see it.
    pub employment: Option<EmploymentId>,
    /// Why it was refused.
    pub rejected: Option<ItemRejected>,
}

impl Recorded {
    const fn taken(status: RecordStatus, employment: Option<EmploymentId>) -> Self {
        Self {
            status,
            employment,
            rejected: None,
        }
    }

    const fn refused(rejected: ItemRejected) -> Self {
        Self {
            status: RecordStatus::Refused,
            employment: None,
            rejected: Some(rejected),
        }
    }
}

/// What became of each job of a bulk request, in the order of its items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedMany {
    /// One result per item.
    pub items: Vec<Recorded>,
}

/// Records one job.
///
/// # Errors
/// The values of [`EmploymentRejection`] about input; [`Failure::NotFound`] for a worker id out of
/// reach, and for a worker who names anybody else.
pub async fn record(mut tx: WriteSession, command: RecordEmployment) -> Result<Recorded, Refusal> {
    let mut known = References::of(&tx, [&command]).await?;
    let draft = draft::read(&tx, &known, command)?;
    settle_employers(&mut tx, &mut known, std::slice::from_ref(&draft)).await?;
    let people = People::locked(&tx, std::slice::from_ref(&draft)).await?;
    let (recorded, repeated) = record_in(&mut tx, &known, &people, draft).await?;
    let entry = AuditEntry::with_outcome(recorded.status.as_str(), &recorded)?;
    let entry = repeated
        .into_iter()
        .fold(entry, |entry, one| one.note(entry));
    tx.commit(entry).await?;
    Ok(recorded)
}

/// Records up to [`MAX_BATCH`](crate::kernel::page::MAX_BATCH) jobs in one unit of work, each with a result of its own.
///
/// # Errors
/// [`Failure::Limit`] for more, [`Failure::BadInput`] for none.
pub async fn record_many(
    mut tx: WriteSession,
    commands: Vec<Result<RecordEmployment, Misread>>,
) -> Result<RecordedMany, Refusal> {
    check_batch(commands.len())?;
    let mut known = References::of(&tx, commands.iter().flatten()).await?;
    let read: Vec<Result<Draft, ItemRejected>> = commands
        .into_iter()
        .map(|command| {
            let command = command.map_err(ItemRejected::Misread)?;
            draft::read(&tx, &known, command).map_err(ItemRejected::Refused)
        })
        .collect();
    settle_employers(&mut tx, &mut known, read.iter().flatten()).await?;
    let people = People::locked(&tx, read.iter().flatten()).await?;
    let mut items = Vec::with_capacity(read.len());
    let mut all_repeated = Vec::new();
    for draft in read {
        let draft = match draft {
            Ok(draft) => draft,
            Err(rejected) => {
                items.push(Recorded::refused(rejected));
                continue;
            }
        };
        let rejected = match record_in(&mut tx, &known, &people, draft).await {
            Ok((recorded, repeated)) => {
                all_repeated.extend(repeated);
                items.push(recorded);
                continue;
            }
            Err(Problem::Expected(rejected)) => rejected,
            Err(Problem::NotFound) => Rejected::at("workerId", EmploymentRejection::NotFound),
            Err(Problem::Failed(failure)) => return Err(failure.into()),
        };
        items.push(Recorded::refused(ItemRejected::Refused(rejected)));
    }
    let answer = RecordedMany { items };
    let entry = noting_the_rest(AuditEntry::done(&answer)?, &answer);
    let all_repeated = all_repeated.into_iter();
    let entry = all_repeated.fold(entry, |entry, one| one.note(entry));
    tx.commit(entry).await?;
    Ok(answer)
}

/// An entry for each item that the caller is told no record of. It names nobody: whether the person
/// is registered is not for the caller's trail either.
fn noting_the_rest(entry: AuditEntry, answer: &RecordedMany) -> AuditEntry {
    let unnamed = answer.items.iter().filter(|item| item.employment.is_none());
    unnamed.fold(entry, |entry, item| {
        entry.noting(item.status.as_str(), None)
    })
}

async fn record_in(
    tx: &mut WriteSession,
    known: &References,
    people: &People,
    draft: Draft,
) -> Result<(Recorded, Option<Repeated>), Problem> {
    let Draft {
        person,
        signer,
        job,
    } = draft;
    let standing = people.standing(tx, &person)?;
    if let Some(born) = people.born(&person) {
        Days::of(&job).check_born(born)?;
    }
    let job = signed(known, signer, job)?;
    let decides = tx.permit().caller().holds(&policy::CONFIRM);
    let (subject, checked, shown) = match standing {
        Standing::Origin(Subject { worker, .. })
            if decides && people.died_before(worker, job.started_on) =>
        {
            return Err(Rejected::at("startedOn", EmploymentRejection::PersonDeceased).into());
        }
        Standing::Origin(Subject { worker, origin }) if decides => {
            let new = NewEmployment {
                worker,
                origin,
                job,
            };
            let (id, repeated) = by_fact::open_in(tx, new).await?;
            return Ok((Recorded::taken(RecordStatus::Confirmed, Some(id)), repeated));
        }
        Standing::Unregistered(index) => {
            report::look_in_vain(tx, &job).await?;
            keep_in(tx, index, job).await?;
            return Ok((Recorded::taken(RecordStatus::Received, None), None));
        }
        Standing::Origin(subject) => (subject, checked(tx), true),
        Standing::Oneself(subject) => (subject, None, true),
        Standing::Outsider(subject) => (subject, None, false),
    };
    let report = Report {
        subject,
        job,
        reporter: reporter(tx),
        reported_at: tx.now(),
        checked,
    };
    let told = report::report_in(tx, report).await?;
    let recorded = match (shown, told.counts) {
        (false, _) => Recorded::taken(RecordStatus::Received, None),
        (true, true) => Recorded::taken(RecordStatus::Confirmed, Some(told.employment)),
        (true, false) => Recorded::taken(RecordStatus::Reported, Some(told.employment)),
    };
    Ok((recorded, told.repeated))
}

/// Enters the employers that come with a name and that nobody knows. Before people are locked, and in
/// the order of their codes: so do deliveries, and nobody waits for another in a circle. In bulk also
/// where an item turns out to be about nobody within reach; its sender may enter the employer anyway.
async fn settle_employers<'a>(
    tx: &mut WriteSession,
    known: &mut References,
    drafts: impl IntoIterator<Item = &'a Draft>,
) -> Result<(), Failure> {
    let mut new = BTreeMap::new();
    for draft in drafts {
        if let Signer::New(code, name) = &draft.signer {
            new.entry(code).or_insert(name);
        }
    }
    for (code, name) in new {
        let new = employer::public::NewEmployer {
            credit_code: code.clone(),
            name: name.clone(),
        };
        known.learn(employer::public::ensure(tx, new).await?);
    }
    Ok(())
}

/// The job with its employer.
fn signed(known: &References, signer: Signer, job: Job) -> Result<Job, Failure> {
    let (employer, employer_name, employer_code) = match signer {
        Signer::None => (None, None, None),
        Signer::Written { name, code } => (None, name, code),
        Signer::Known(employer) => (Some(employer.id), None, None),
        Signer::New(code, _) => {
            let entered = known.employer(&code);
            let entered =
                entered.ok_or_else(|| Failure::internal("an employer was not entered"))?;
            (Some(entered.id), None, None)
        }
    };
    Ok(Job {
        employer,
        employer_name,
        employer_code,
        ..job
    })
}

/// Keeps a report about somebody who is not registered, sealed, for a time.
async fn keep_in(tx: &WriteSession, index: BlindIndex, job: Job) -> Result<(), Failure> {
    let reporter = reporter(tx);
    let report = SealedReport {
        job,
        reporter: reporter.clone(),
    };
    let new = NewReport {
        index,
        sealed: report.seal(tx, &index)?,
        digest: report.digest(tx, &index)?,
        reporter: &reporter,
    };
    reports::insert_in(tx, new).await
}
