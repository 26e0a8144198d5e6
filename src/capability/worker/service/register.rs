//! Registering households and people: one person exists once in the province.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::error::WorkerRejection;
use super::super::model::{
    CategorySource, CategorySpell, Education, Household, LabourFact, LabourFactKind,
    PovertyCategory,
};
use super::super::policy;
use super::super::repo::sealed::{Account, SealedValue};
use super::super::repo::{facts, households, quota, visibility, workers};
use super::super::rules::{self, JobFacts};
use super::parse;
use super::reach::household_in;
use super::residence::seat;
use super::residence::standing;
use super::update::refuse_each;
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::kernel::text::same_name;
use crate::platform::authn::Identity;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession, scope};
use crate::platform::journal::{AuditEntry, Change};

/// The fields a new household starts with, as the journal names them.
pub const HOUSEHOLD_FIELDS: &[&str] = &["village", "number", "categories"];
/// What the journal says of a person who is registered.
pub const PERSON_FIELDS: &[&str] = &["registration"];
/// The version of a person who is new.
const FIRST: i64 = 1;
/// Answers a day that tell whether somebody out of reach is registered, per officer.
const DISCLOSURES_PER_DAY: i32 = 50;

/// A household with the category its county states for it.
#[derive(Clone, Debug)]
pub struct RegisterHousehold {
    /// Village of registration.
    pub village: RegionCode,
    /// The county's number for it.
    pub number: Option<String>,
    /// Stated category; provisional until agriculture confirms it.
    pub category: PovertyCategory,
    /// First day of the category.
    pub category_since: NaiveDate,
}

/// The household that was registered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HouseholdRegistered {
    /// Its id.
    pub household: HouseholdId,
}

/// A statement such as "able to work", with its day and source.
#[derive(Clone, Debug)]
pub struct StatedFlag {
    /// What was stated.
    pub value: bool,
    /// From when on.
    pub since: NaiveDate,
    /// Who states it.
    pub source: String,
}

impl StatedFlag {
    /// What the origin itself states to hold from a day on.
    pub(super) fn by_origin(since: NaiveDate) -> Self {
        Self {
            value: true,
            since,
            source: "ORIGIN".to_owned(),
        }
    }
}

/// A person to be registered. Personal values are as typed.
#[derive(Clone)]
pub struct RegisterWorker {
    /// The household; its village becomes the origin.
    pub household: HouseholdId,
    /// Name as on the resident id card.
    pub name: String,
    /// Resident id, 18 or 15 digits.
    pub resident_id: String,
    /// Phone number.
    pub phone: Option<String>,
    /// Bank account.
    pub bank_account: Option<String>,
    /// Highest completed education.
    pub education: Option<Education>,
    /// Skills.
    pub skills: Vec<String>,
    /// Address within the village.
    pub origin_address: Option<String>,
    /// Where the person stays.
    pub stay: Option<RegionCode>,
    /// Able to work.
    pub able: Option<StatedFlag>,
    /// Willing to work.
    pub willing: Option<StatedFlag>,
    /// Since when the origin knows that the person has no job.
    pub not_working_since: Option<NaiveDate>,
}

/// How a registration ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Registration {
    /// The person is in the registry now.
    Registered {
        /// The new record.
        worker: WorkerId,
    },
    /// The person was there already, and the caller may see the record.
    Known {
        /// The record.
        worker: WorkerId,
    },
    /// The person is another county's; only that county is named.
    Elsewhere {
        /// The county to contact.
        county: RegionCode,
    },
    /// Nothing may be said about this id.
    NotConfirmed,
    /// The caller's quota of answers about people out of reach is used up for today: nobody is
    /// registered, whether the id is free or not.
    QuotaUsed,
}

impl Registration {
    /// The outcome of a refused registration in the trail, with the record it was about where the
    /// caller sees it.
    pub(super) fn refusal(&self) -> Option<(&'static str, Option<WorkerId>)> {
        match self {
            Self::Registered { .. } => None,
            Self::Known { worker } => Some(("ALREADY_REGISTERED", Some(*worker))),
            Self::Elsewhere { .. } => Some(("ALREADY_REGISTERED", None)),
            Self::NotConfirmed => Some(("IDENTITY_NOT_CONFIRMED", None)),
            Self::QuotaUsed => Some(("DISCLOSURE_QUOTA_USED", None)),
        }
    }
}

/// Registers a household in the caller's region.
///
/// # Errors
/// `UNKNOWN_REGION`, `HOUSEHOLD_NUMBER_TAKEN`, `DATE_IN_FUTURE`, `BAD_TEXT`;
/// [`Failure::NotFound`] for a village outside the caller's region.
pub async fn register_household(
    mut tx: WriteSession,
    command: RegisterHousehold,
) -> Result<HouseholdRegistered, Refusal> {
    let household = register_household_in(&mut tx, command).await?;
    let answer = HouseholdRegistered { household };
    tx.commit(AuditEntry::done(&answer)?).await?;
    Ok(answer)
}

/// Registers a household in the caller's unit of work: for imports.
///
/// # Errors
/// As [`register_household`].
pub async fn register_household_in(
    tx: &mut WriteSession,
    command: RegisterHousehold,
) -> Result<HouseholdId, Refusal> {
    let RegisterHousehold {
        village,
        number,
        category,
        category_since,
    } = command;
    tx.permit().admit(village)?;
    seat(tx, village, "village").await?;
    let number = number
        .map(|number| parse::household_number(&number, "number"))
        .transpose()?;
    let since = parse::past_day(tx, category_since, "categorySince")?;
    let household = Household {
        id: tx.next_id(),
        village,
        number,
        dissolved_on: None,
        merged_into: None,
        version: 1,
    };
    if !households::insert_in(tx, &household).await? {
        return Err(
            UserError::at(&["input", "number"], &WorkerRejection::HouseholdNumberTaken).into(),
        );
    }
    let stated = CategorySpell {
        category,
        since,
        until: None,
        source: CategorySource::County,
        provisional: true,
    };
    households::add_category_in(tx, household.id, &stated, None).await?;
    tx.changed(Change::new(household.id, 1, HOUSEHOLD_FIELDS));
    Ok(household.id)
}

/// Registers one person in a household of the caller's region.
///
/// # Errors
/// The rejections of [`WorkerRejection`] about fields; `HOUSEHOLD_DISSOLVED`; `ORIGIN_DECIDES` for a
/// household that the caller only reads, [`Failure::NotFound`] for any other outside the caller's region.
pub async fn register_worker(
    mut tx: WriteSession,
    command: RegisterWorker,
) -> Result<Registration, Refusal> {
    let registration = register_worker_in(&mut tx, command).await?;
    let entry = AuditEntry::done(&registration)?;
    let entry = match registration.refusal() {
        None => entry,
        Some((outcome, record)) => entry
            .noting(outcome, record.map(Into::into))
            .to_be_decided_anew(),
    };
    tx.commit(entry).await?;
    Ok(registration)
}

/// Registers one person in the caller's unit of work: for bulk forms and imports.
///
/// # Errors
/// As [`register_worker`].
pub async fn register_worker_in(
    tx: &mut WriteSession,
    command: RegisterWorker,
) -> Result<Registration, Refusal> {
    let household = household_in(tx, "householdId", command.household).await?;
    standing("householdId", &household)?;
    let id: WorkerId = tx.next_id();
    let person = read_person(tx, id, command).await?;
    let index = parse::index_of(tx, &person.resident_id);
    if let Some(refused) = without_disclosures(tx, &index).await? {
        return Ok(refused);
    }
    let spells = households::categories(tx, &[household.id]).await?;
    let spells: Vec<_> = spells.into_iter().map(|(_, spell)| spell).collect();
    let today = tx.today();
    let derived = rules::derive(
        household.village,
        &person.facts,
        &JobFacts::default(),
        today,
    );
    let stay = person.stay;
    let new = workers::NewWorker {
        id,
        household: household.id,
        name: person.name.clone(),
        resident_id: parse::sealed_resident_id(tx, id, &person.resident_id),
        resident_id_index: index,
        birth_year: person.resident_id.birth_year(),
        phone: person.phone,
        bank_account: person.bank_account,
        education: person.education,
        skills: person.skills,
        origin: household.village,
        origin_address: person.origin_address,
        stay,
        categories: rules::categories_on(&spells, today),
        derived,
    };
    if !workers::insert_in(tx, new).await? {
        return known(tx, &person.name, index).await;
    }
    facts::add_in(tx, (id, FIRST), &person.facts).await?;
    facts::add_residence_in(tx, id, household.id, household.village, today, None).await?;
    visibility::add_in(tx, id, scope::ORIGIN, &[household.village]).await?;
    visibility::add_in(tx, id, scope::STAY, stay.as_slice()).await?;
    tx.changed(Change::new(id, FIRST, PERSON_FIELDS));
    Ok(Registration::Registered { worker: id })
}

/// A command whose values have been read.
struct Person {
    name: String,
    resident_id: ResidentId,
    phone: Option<SealedValue>,
    bank_account: Option<Account>,
    education: Option<Education>,
    skills: Vec<String>,
    origin_address: Option<String>,
    stay: Option<RegionCode>,
    facts: Vec<LabourFact>,
}

async fn read_person(
    tx: &WriteSession,
    id: WorkerId,
    command: RegisterWorker,
) -> Result<Person, Refusal> {
    let RegisterWorker {
        household: _,
        name,
        resident_id,
        phone,
        bank_account,
        education,
        skills,
        origin_address,
        stay,
        able,
        willing,
        not_working_since,
    } = command;
    let beyond = bank_account.is_some() && !tx.permit().caller().holds(&policy::UPDATE_ACCOUNT);
    refuse_each(
        &WorkerRejection::FieldNotAllowed,
        &[("bankAccount", beyond)],
    )?;
    let resident_id = parse::working_resident_id(tx, &resident_id)?;
    if let Some(stay) = stay {
        parse::region(tx, stay, "stay").await?;
    }
    Ok(Person {
        name: parse::text(&name, "name")?,
        resident_id,
        phone: phone.map(|raw| parse::phone(tx, id, &raw)).transpose()?,
        bank_account: bank_account
            .map(|raw| parse::bank_account(tx, id, &raw))
            .transpose()?,
        education,
        skills: parse::skills(&skills)?,
        origin_address: origin_address
            .map(|address| parse::text(&address, "originAddress"))
            .transpose()?,
        stay,
        facts: parse::facts(
            tx,
            [
                (LabourFactKind::Able, "able", able),
                (LabourFactKind::Willing, "willing", willing),
                (
                    LabourFactKind::ReportedNotWorking,
                    "notWorkingSince",
                    not_working_since.map(StatedFlag::by_origin),
                ),
            ],
        )?,
    })
}

/// What an officer is answered who has none of today's answers left, before the id is looked up in the
/// province: were a free one registered, each refusal would tell that another one is not. Only whom the
/// officer sees anyway is shown.
async fn without_disclosures(
    tx: &WriteSession,
    index: &BlindIndex,
) -> Result<Option<Registration>, Failure> {
    if !disclosures_used_up(tx).await? {
        return Ok(None);
    }
    let seen = workers::find_by_index(tx, index).await?;
    Ok(Some(seen.map_or(Registration::QuotaUsed, |seen| {
        Registration::Known { worker: seen.id }
    })))
}

/// What may be said about an id that somebody holds already: to whoever sees the record, the
/// record; to an officer who knows the full id and the name, the county; to anybody else nothing.
/// Each answer about somebody out of reach takes from the quota before the name is looked at, for
/// it tells that the id is registered; without any left the answer does not depend on the name.
async fn known(
    tx: &mut WriteSession,
    name: &str,
    index: BlindIndex,
) -> Result<Registration, Refusal> {
    if let Some(visible) = workers::find_by_index(tx, &index).await? {
        return Ok(Registration::Known { worker: visible.id });
    }
    if !disclosure_left(tx).await? {
        return Ok(Registration::QuotaUsed);
    }
    let holder = workers::identify(tx, &[index]).await?.into_iter().next();
    let Some((_, holder)) = holder.filter(|(_, holder)| same_name(&holder.name, name)) else {
        return Ok(Registration::NotConfirmed);
    };
    Ok(Registration::Elsewhere {
        county: holder.origin.county_or_itself(),
    })
}

/// Takes one of the answers a day that tell whether somebody out of reach is registered.
pub(super) async fn disclosure_left(tx: &WriteSession) -> Result<bool, Failure> {
    quota::take_in(tx, DISCLOSURES_PER_DAY).await
}

/// Whether none of them is left to an officer. The exchange's own work, an import, has no quota.
pub(super) async fn disclosures_used_up(tx: &WriteSession) -> Result<bool, Failure> {
    match tx.permit().principal().identity() {
        Identity::Officer { .. } => quota::used_up_in(tx, DISCLOSURES_PER_DAY).await,
        Identity::Admin
        | Identity::Auditor
        | Identity::Agency { .. }
        | Identity::Employer { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_)
        | Identity::System { .. } => Ok(false),
    }
}
