//! What other capabilities may ask of the registry.

use std::collections::HashMap;

use chrono::NaiveDate;
use secrecy::SecretString;

pub use super::model::{
    Categories, CategorySource, CategorySpell, Education, LabourFact, LabourFactKind,
    PovertyCategory, WorkSplit, WorkStatus, Worker,
};
pub use super::repo::holders::HeldNumber;
pub use super::repo::insured::insured_now;
pub use super::repo::page::{WorkerCursor, WorkerFilter, WorkerOrder, WorkerOrderField};
pub use super::repo::page::{working_in, working_mainly_in};
pub use super::repo::people::{
    Locked, Registered, before, lock_free_in, lock_in, registered_after, registered_in,
    registered_indexes,
};
pub use super::repo::visibility::{enclosing, tied_to_in};
pub use super::rules::{CurrentJob, Derived, JobFacts, WORKING_AGE, categories_on, derive, split};
pub use super::service::rederive_in;
pub use super::service::{AfterCorrection, Corrected};
pub use super::service::{
    HOUSEHOLD_FIELDS, PERSON_FIELDS, RegisterHousehold, RegisterWorker, Registration, StatedFlag,
    register_household_in, register_worker_in,
};

use super::repo::{holders, households, sealed, workers};
use crate::kernel::bank_account::BankAccount;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::platform::crypto::{BlindIndex, Context};
use crate::platform::db::{ReadSession, Session, WriteSession};

/// Somebody in the registry, as a reporter's match finds them. Whoever uses it answers the same
/// for a match as for none.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    /// The record.
    pub id: WorkerId,
    /// Name as registered.
    pub name: String,
    /// Village of registered residence.
    pub origin: RegionCode,
}

/// The keyed hash by which a resident id is found.
pub fn resident_id_index(session: &impl Session, id: &ResidentId) -> BlindIndex {
    session
        .keys()
        .index
        .index(Context::RESIDENT_ID, id.expose())
}

/// The keyed hash by which a bank account is found.
pub fn bank_account_index(session: &impl Session, account: &BankAccount) -> BlindIndex {
    session
        .keys()
        .index
        .index(Context::BANK_ACCOUNT, account.expose())
}

/// Of the people the session reaches, those who hold one of these numbers, in the order of
/// registration; in one statement. More than `most` come back as one more than that.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn holders_of(
    session: &impl Session,
    number: HeldNumber,
    indexes: &[BlindIndex],
    most: usize,
) -> Result<Vec<(BlindIndex, WorkerId)>, Failure> {
    holders::of_many(session, number, indexes, most).await
}

/// Whoever of the whole province has one of these resident ids; in one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn identify(
    session: &impl Session,
    indexes: &[BlindIndex],
) -> Result<HashMap<BlindIndex, KnownPerson>, Failure> {
    let found = workers::identify(session, indexes).await?;
    Ok(found
        .into_iter()
        .map(|(index, person)| {
            let workers::Identified { id, name, origin } = person;
            (index, KnownPerson { id, name, origin })
        })
        .collect())
}

/// Locks people whom [`identify`] has found, as [`lock_in`] does.
///
/// # Errors
/// [`Failure::Contended`] when somebody's resident id was corrected before they were locked: then the
/// match was with the wrong person. [`Failure`] of the database.
pub async fn lock_matched_in(
    tx: &WriteSession,
    known: &HashMap<BlindIndex, KnownPerson>,
    workers: &[WorkerId],
) -> Result<Vec<Locked>, Failure> {
    let locked = lock_in(tx, workers).await?;
    let corrected =
        |(id, _, index): &Locked| known.get(index).is_none_or(|holder| holder.id != *id);
    if locked.iter().any(corrected) {
        return Err(Failure::Contended(
            "a resident id was corrected while people were matched".into(),
        ));
    }
    Ok(locked)
}

/// Somebody with name and resident id in full.
pub struct Identity {
    /// The record.
    pub id: WorkerId,
    /// Name as registered.
    pub name: String,
    /// Resident id in full.
    pub resident_id: SecretString,
}

/// The resident ids of people in full, in the order of the records' ids. A reveal: the caller has
/// told in the journal whose ids it shows to whom and why, before it shows them.
///
/// # Errors
/// [`Failure`] of the database, or of a key that is gone.
pub async fn identities(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<Vec<Identity>, Failure> {
    let rows = sealed::resident_ids(session, workers).await?;
    rows.into_iter()
        .map(|(id, name, sealed)| {
            let ring = &session.keys().ring;
            let resident_id = ring
                .open(Context::RESIDENT_ID, id.uuid().as_bytes(), &sealed)
                .map_err(Failure::internal)?;
            Ok(Identity {
                id,
                name,
                resident_id,
            })
        })
        .collect()
}

/// A person the session reaches: their registered residence; `None` when out of scope or missing.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn visible_origin(
    session: &impl Session,
    id: WorkerId,
) -> Result<Option<RegionCode>, Failure> {
    Ok(workers::find(session, id)
        .await?
        .map(|worker| worker.origin))
}

/// Somebody within reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Village of registered residence.
    pub origin: RegionCode,
    /// Year of birth.
    pub birth_year: i32,
    /// The day of death, as far as one is on record.
    pub died_on: Option<NaiveDate>,
}

/// Of these people, those whom the session reaches; in one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn seen(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<HashMap<WorkerId, Seen>, Failure> {
    let found = workers::find_many(session, ids).await?;
    Ok(found
        .into_iter()
        .map(|worker| {
            let seen = Seen {
                origin: worker.origin,
                birth_year: worker.birth_year,
                died_on: worker.died_on(),
            };
            (worker.id, seen)
        })
        .collect())
}

/// When somebody lived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Year of birth.
    pub birth_year: i32,
    /// The day of death, as far as one is on record.
    pub died_on: Option<NaiveDate>,
}

impl Life {
    /// Whether the person was alive on a day, as far as a death is on record.
    #[must_use]
    pub fn reaches(&self, day: NaiveDate) -> bool {
        self.died_on.is_none_or(|died| day <= died)
    }
}

/// When somebody lived; the person is locked.
///
/// # Errors
/// [`Failure::NotFound`] for nobody, [`Failure`] of the database.
pub async fn life_in(tx: &WriteSession, id: WorkerId) -> Result<Life, Failure> {
    let worker = workers::lock_in(tx, id).await?.ok_or(Failure::NotFound)?;
    Ok(Life {
        birth_year: worker.birth_year,
        died_on: worker.died_on(),
    })
}

/// A household that stands, as somebody new may be registered in it.
#[derive(Clone, Debug)]
pub struct Home {
    /// The record.
    pub id: HouseholdId,
    /// Village of registration: the origin of whoever belongs to it.
    pub village: RegionCode,
    /// The county's number for it.
    pub number: Option<String>,
    /// Its categories today.
    pub categories: Categories,
}

/// The household that has this number in a county of the caller's, or that went on from it: where
/// it was merged into another, that one. `None` when there is none in the caller's region.
///
/// # Errors
/// [`Failure::NotFound`] for a county outside the caller's region, [`Failure`] of the database.
pub async fn home_numbered_in(
    tx: &WriteSession,
    county: RegionCode,
    number: &str,
) -> Result<Option<Home>, Failure> {
    tx.permit().admit(county)?;
    let found = households::ever_numbered_in(tx, county, number).await?;
    let Some(mut home) = found.into_iter().next() else {
        return Ok(None);
    };
    // A household is merged into one that stands, so that the steps end.
    while home.dissolved_on.is_some() {
        let next = match home.merged_into {
            Some(into) => households::find_in(tx, into).await?,
            None => None,
        };
        match next {
            Some(next) => home = next,
            None => return Ok(None),
        }
    }
    if tx.permit().admit(home.village).is_err() {
        return Ok(None);
    }
    let spells = households::categories(tx, &[home.id]).await?;
    let spells: Vec<_> = spells.into_iter().map(|(_, spell)| spell).collect();
    Ok(Some(Home {
        id: home.id,
        village: home.village,
        number: home.number,
        categories: categories_on(&spells, tx.today()),
    }))
}

/// What the registry holds of people whom the session reaches, with the number of each one's
/// household; in two statements.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn on_record(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<HashMap<WorkerId, (Worker, Option<String>)>, Failure> {
    let people = workers::find_many(session, ids).await?;
    let homes: Vec<HouseholdId> = people.iter().map(|worker| worker.household).collect();
    let homes = households::find_many(session, &homes).await?;
    let numbers: HashMap<HouseholdId, Option<String>> = homes
        .into_iter()
        .map(|home| (home.id, home.number))
        .collect();
    Ok(people
        .into_iter()
        .map(|worker| {
            let number = numbers.get(&worker.household).cloned().flatten();
            (worker.id, (worker, number))
        })
        .collect())
}

/// The household with this number in a county of the caller's, locked until the unit of work ends.
///
/// # Errors
/// [`Failure::NotFound`] for a county outside the caller's region, [`Failure`] of the database.
pub async fn household_numbered_in(
    tx: &WriteSession,
    county: RegionCode,
    number: &str,
) -> Result<Option<HouseholdId>, Failure> {
    tx.permit().admit(county)?;
    let found = households::find_by_number_in(tx, county, number).await?;
    Ok(found.map(|household| household.id))
}
