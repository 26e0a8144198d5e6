//! Changing what is known of a person: contact data, abilities, where they stay, and the dated
//! statements their status follows from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::error::WorkerRejection;
use super::super::model::{Education, LabourFact, LabourFactKind, Worker};
use super::super::policy;
use super::super::repo::workers::Changes;
use super::super::repo::{facts, residences, visibility};
use super::super::rules;
use super::derive::revise_in;
use super::known::unless_known;
use super::parse;
use super::reach::person_in;
use super::register::StatedFlag;
use super::residence::at_version;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Refusal, UserError};
use crate::kernel::ids::WorkerId;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Role;
use crate::platform::db::{WriteSession, scope};
use crate::platform::journal::AuditEntry;

/// What a field of an update asks for: `None` leaves it, `Some(None)` clears it.
pub type Patch<T> = Option<Option<T>>;

/// A change of one person. Personal values are as typed.
#[derive(Clone)]
pub struct UpdateWorker {
    /// Whose record.
    pub worker: WorkerId,
    /// The version the caller has read.
    pub version: i64,
    /// Phone number.
    pub phone: Patch<String>,
    /// Bank account.
    pub bank_account: Patch<String>,
    /// Highest completed education.
    pub education: Patch<Education>,
    /// All skills; those that are missing are dropped.
    pub skills: Option<Vec<String>>,
    /// Address within the village.
    pub origin_address: Patch<String>,
    /// Where the person stays.
    pub stay: Patch<RegionCode>,
    /// Able to work.
    pub able: Option<StatedFlag>,
    /// Willing to work.
    pub willing: Option<StatedFlag>,
    /// Left the labour force, or came back to it.
    pub left_labour_force: Option<StatedFlag>,
    /// Since when the origin knows that the person has no job.
    pub not_working_since: Option<NaiveDate>,
}

/// The person that a use case was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerDone {
    /// The record.
    pub worker: WorkerId,
}

/// Changes one person of the caller's origin, or the caller's own record; for 30 days after a handover
/// the former origin still corrects what was known until then. What says no more than is known already
/// changes nothing.
///
/// # Errors
/// `STALE_VERSION`; `FIELD_NOT_ALLOWED` for each field that is not the caller's to change;
/// `PERSON_DECEASED` for each that nobody has who has died;
/// `UNKNOWN_REGION`, `DATE_IN_FUTURE`, `BAD_TEXT`, `PERSONAL_NUMBER` and the kernel's codes about values;
/// `ORIGIN_DECIDES` for a person whom the caller only reads; [`NotFound`](crate::kernel::error::Failure::NotFound) for any other.
pub async fn update_worker(
    mut tx: WriteSession,
    command: UpdateWorker,
) -> Result<WorkerDone, Refusal> {
    let worker = person_in(&tx, "workerId", command.worker).await?;
    let command = permitted(&tx, command)?;
    at_version("version", worker.version, command.version)?;
    if tx.permit().caller().holds(&policy::UPDATE_EVERY_FIELD)
        && tx.permit().admit(worker.origin).is_err()
    {
        by_former_holder(&tx, &worker, &command).await?;
    }
    if let Some(died) = worker.died_on() {
        of_the_dead(died, &command)?;
    }
    let (changes, stated, mut fields) = read(&tx, &worker, command).await?;
    facts::add_in(&tx, (worker.id, worker.version + 1), &stated).await?;
    fields.extend(stated.iter().map(|fact| field_of(fact.kind)));
    if let Some(stay) = &changes.stay {
        visibility::replace_in(&tx, worker.id, scope::STAY, stay.as_slice()).await?;
    }
    let written = revise_in(&mut tx, &worker, changes, fields).await?;
    finish(tx, worker.id, written).await
}

/// Ends a use case about one person; one that wrote nothing leaves an entry all the same.
pub(super) async fn finish(
    tx: WriteSession,
    worker: WorkerId,
    written: bool,
) -> Result<WorkerDone, Refusal> {
    let answer = WorkerDone { worker };
    let entry = AuditEntry::done(&answer)?;
    tx.commit(if written { entry } else { entry.about(worker) })
        .await?;
    Ok(answer)
}

/// The command as far as the caller may give it: townships leave the account alone; people keep their own contact data and
/// willingness and nothing else, and speak only for themselves.
fn permitted(tx: &WriteSession, command: UpdateWorker) -> Result<UpdateWorker, Refusal> {
    let caller = tx.permit().caller();
    if caller.holds(&policy::UPDATE_EVERY_FIELD) {
        let account = command.bank_account.is_some() && !caller.holds(&policy::UPDATE_ACCOUNT);
        refuse_each(
            &WorkerRejection::FieldNotAllowed,
            &[("bankAccount", account)],
        )?;
        return Ok(command);
    }
    let beyond: Vec<UserError> = beyond_own(&command)
        .into_iter()
        .map(|field| UserError::at(&["input", field], &WorkerRejection::FieldNotAllowed))
        .collect();
    if !beyond.is_empty() {
        return Err(Refusal::Expected(beyond));
    }
    let willing = command.willing.map(|flag| StatedFlag {
        source: Role::Worker.as_str().to_owned(),
        ..flag
    });
    Ok(UpdateWorker { willing, ..command })
}

/// Refuses what a former holder may not correct: where the person is now, the account that subsidies
/// are paid to, and anything that is stated of the days since the handover.
async fn by_former_holder(
    tx: &WriteSession,
    worker: &Worker,
    command: &UpdateWorker,
) -> Result<(), Refusal> {
    let lived = residences::history(tx, &[worker.id]).await?;
    let lived = lived.get(&worker.id).map_or(&[][..], Vec::as_slice);
    let handover = rules::handed_over_on(lived, |village| tx.permit().admit(village).is_ok());
    let since = |stated: Option<NaiveDate>| stated.is_some_and(|day| Some(day) >= handover);
    let flag = |stated: &Option<StatedFlag>| since(stated.as_ref().map(|flag| flag.since));
    refuse_each(
        &WorkerRejection::FieldNotAllowed,
        &[
            ("bankAccount", command.bank_account.is_some()),
            ("originAddress", command.origin_address.is_some()),
            ("stay", command.stay.is_some()),
            ("able", flag(&command.able)),
            ("willing", flag(&command.willing)),
            ("leftLabourForce", flag(&command.left_labour_force)),
            ("notWorkingSince", since(command.not_working_since)),
        ],
    )
}

/// Refuses what nobody has who has died: a phone, a place to stay, and what is stated of the day of
/// death or later. What was known too late may still be recorded.
fn of_the_dead(died: NaiveDate, command: &UpdateWorker) -> Result<(), Refusal> {
    let later = |stated: Option<NaiveDate>| stated.is_some_and(|day| day >= died);
    let flag = |stated: &Option<StatedFlag>| later(stated.as_ref().map(|flag| flag.since));
    refuse_each(
        &WorkerRejection::PersonDeceased,
        &[
            ("phone", matches!(command.phone, Some(Some(_)))),
            ("stay", matches!(command.stay, Some(Some(_)))),
            ("able", flag(&command.able)),
            ("willing", flag(&command.willing)),
            ("leftLabourForce", flag(&command.left_labour_force)),
            ("notWorkingSince", later(command.not_working_since)),
        ],
    )
}

/// Refuses the fields of which it holds that they cannot be.
pub(super) fn refuse_each(
    rejection: &WorkerRejection,
    fields: &[(&str, bool)],
) -> Result<(), Refusal> {
    let refused: Vec<UserError> = fields
        .iter()
        .filter(|(_, refused)| *refused)
        .map(|(field, _)| UserError::at(&["input", field], rejection))
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Expected(refused))
    }
}

/// The fields given that are not the person's own to change.
fn beyond_own(command: &UpdateWorker) -> Vec<&'static str> {
    let UpdateWorker {
        worker: _,
        version: _,
        phone: _,
        bank_account: _,
        willing: _,
        education,
        skills,
        origin_address,
        stay,
        able,
        left_labour_force,
        not_working_since,
    } = command;
    [
        ("education", education.is_some()),
        ("skills", skills.is_some()),
        ("originAddress", origin_address.is_some()),
        ("stay", stay.is_some()),
        ("able", able.is_some()),
        ("leftLabourForce", left_labour_force.is_some()),
        ("notWorkingSince", not_working_since.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, given)| given.then_some(field))
    .collect()
}

type Read = (Changes, Vec<LabourFact>, Vec<&'static str>);

/// The command's values, without those that say what is known already.
async fn read(tx: &WriteSession, worker: &Worker, command: UpdateWorker) -> Result<Read, Refusal> {
    let UpdateWorker {
        worker: _,
        version: _,
        phone,
        bank_account,
        education,
        skills,
        origin_address,
        stay,
        able,
        willing,
        left_labour_force,
        not_working_since,
    } = command;
    if let Some(Some(stay)) = stay {
        parse::region(tx, stay, "stay").await?;
    }
    let stated = [
        (LabourFactKind::Able, "able", able),
        (LabourFactKind::Willing, "willing", willing),
        (
            LabourFactKind::LeftLabourForce,
            "leftLabourForce",
            left_labour_force,
        ),
        (
            LabourFactKind::ReportedNotWorking,
            "notWorkingSince",
            not_working_since.map(StatedFlag::by_origin),
        ),
    ];
    let phone = patched(phone, |raw| parse::phone(tx, worker.id, &raw))?;
    let account = patched(bank_account, |raw| parse::bank_account(tx, worker.id, &raw))?;
    let (phone, bank_account) = unless_known(tx, worker.id, phone, account).await?;
    let changes = Changes {
        phone,
        bank_account,
        education: education.filter(|new| *new != worker.education),
        skills: skills
            .map(|skills| parse::skills(&skills))
            .transpose()?
            .filter(|new| *new != worker.skills),
        origin_address: patched(origin_address, |raw| parse::text(&raw, "originAddress"))?
            .filter(|new| *new != worker.origin_address),
        stay: stay.filter(|new| *new != worker.stay),
        ..Changes::default()
    };
    let fields = changed(&changes);
    let mut stated = parse::facts(tx, stated)?;
    if !stated.is_empty() {
        let known = facts::of(tx, worker.id).await?;
        stated.retain(|fact| !rules::is_stated(&known, fact));
    }
    Ok((changes, stated, fields))
}

/// The names of the fields that an update changes.
fn changed(changes: &Changes) -> Vec<&'static str> {
    let fields = [
        ("phone", changes.phone.is_some()),
        ("bankAccount", changes.bank_account.is_some()),
        ("education", changes.education.is_some()),
        ("skills", changes.skills.is_some()),
        ("originAddress", changes.origin_address.is_some()),
        ("stay", changes.stay.is_some()),
    ];
    fields
        .into_iter()
        .filter_map(|(field, changed)| changed.then_some(field))
        .collect()
}

fn patched<T, U>(
    patch: Patch<T>,
    read: impl FnOnce(T) -> Result<U, UserError>,
) -> Result<Patch<U>, UserError> {
    patch.map(|value| value.map(read).transpose()).transpose()
}

/// The name under which a stated fact stands in the journal.
pub(super) const fn field_of(kind: LabourFactKind) -> &'static str {
    match kind {
        LabourFactKind::Able => "able",
        LabourFactKind::Willing => "willing",
        LabourFactKind::ReportedNotWorking => "notWorkingSince",
        LabourFactKind::LeftLabourForce => "leftLabourForce",
        LabourFactKind::Deceased => "death",
        LabourFactKind::LeftPublicPost => "leftPublicPost",
    }
}
