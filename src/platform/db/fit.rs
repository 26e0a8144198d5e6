//! Whether the keys at hand are those with which the database was filled.
//!
//! Keys of another installation would do harm before anybody noticed: hashes of resident ids miss, so
//! that everybody may be registered a second time, and what is sealed anew opens with them alone.

use ::entity::{job_report, worker};
use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::Db;
use super::error::failure;
use crate::kernel::error::Failure;
use crate::platform::crypto::{Context, KeyId, Keys, OpenError, Sealed};

/// Values that are looked at, the oldest ones: a value that is damaged says nothing about the keys.
const LOOKED_AT: u64 = 3;

/// Why the keys at hand are not those of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// What is there is sealed with a key of this number, which the file does not have.
    Lacks(KeyId),
    /// What is there does not open, or has another hash.
    Foreign,
}

impl Db {
    /// Why these keys do not fit what is stored; `None` where they do, or nothing is there yet. Reads a
    /// few rows along a primary key, however many there are.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    #[expect(
        clippy::disallowed_methods,
        reason = "the keys are tried on the oldest people, and nothing of them is shown"
    )]
    pub async fn misfit(&self) -> Result<Option<Misfit>, Failure> {
        use worker::Column::{Id, ResidentIdIndex, ResidentIdSealed};
        let people: Vec<(Uuid, Vec<u8>, Vec<u8>)> = worker::Entity::find()
            .select_only()
            .columns([Id, ResidentIdSealed, ResidentIdIndex])
            .order_by_asc(Id)
            .limit(LOOKED_AT)
            .into_tuple()
            .all(self.latest())
            .await
            .map_err(failure)?;
        let keys = self.keys();
        let tried = people.into_iter().map(|(id, sealed, index)| {
            let sealed = Sealed::from_bytes(sealed);
            try_person(keys, id, &sealed, &index)
        });
        let tried: Vec<_> = tried.collect();
        if !tried.is_empty() {
            return Ok(of_all(&tried));
        }
        self.misfit_of_reports().await
    }

    /// As [`Db::misfit`], where nobody is registered: reports may wait for people all the same.
    #[expect(
        clippy::disallowed_methods,
        reason = "the keys are tried on the oldest reports, and nothing of them is shown"
    )]
    async fn misfit_of_reports(&self) -> Result<Option<Misfit>, Failure> {
        use job_report::Column::{Id, ResidentIdIndex, Sealed as Value};
        let reports: Vec<(Vec<u8>, Vec<u8>)> = job_report::Entity::find()
            .select_only()
            .columns([ResidentIdIndex, Value])
            .order_by_asc(Id)
            .limit(LOOKED_AT)
            .into_tuple()
            .all(self.latest())
            .await
            .map_err(failure)?;
        let tried = reports.into_iter().map(|(owner, value)| {
            let value = Sealed::from_bytes(value);
            let opened = self
                .keys()
                .ring
                .open(Context::UNREGISTERED_REPORT, &owner, &value);
            opened.err().map(why_not)
        });
        Ok(of_all(&tried.collect::<Vec<_>>()))
    }
}

/// Why the keys are not those of one person.
fn try_person(keys: &Keys, id: Uuid, sealed: &Sealed, index: &[u8]) -> Option<Misfit> {
    match keys.ring.open(Context::RESIDENT_ID, id.as_bytes(), sealed) {
        Ok(value) => {
            let hash = keys
                .index
                .index(Context::RESIDENT_ID, value.expose_secret());
            (hash.as_bytes() != index).then_some(Misfit::Foreign)
        }
        Err(error) => Some(why_not(error)),
    }
}

const fn why_not(error: OpenError) -> Misfit {
    match error {
        OpenError::UnknownKey(key) => Misfit::Lacks(key),
        OpenError::Malformed | OpenError::Tampered => Misfit::Foreign,
    }
}

/// One that fits is enough; of others the first tells why.
fn of_all(tried: &[Option<Misfit>]) -> Option<Misfit> {
    if tried.contains(&None) {
        return None;
    }
    tried.first().copied().flatten()
}
