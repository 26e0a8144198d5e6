//! Whom the jobs of a request are about, and what its caller is to them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::error::Problem;
use super::days::earliest_birth;
use super::draft::{Draft, Person};
use crate::capability::worker::public::{self as registry, Seen};
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Identity;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::WriteSession;

/// Somebody who is registered.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub(super) worker: WorkerId,
    pub(super) origin: RegionCode,
}

/// What the caller is to the person a job is about.
pub(super) enum Standing {
    /// Speaks for the origin.
    Origin(Subject),
    /// Is the person.
    Oneself(Subject),
    /// Neither, whether or not the caller sees the person on another ground.
    Outsider(Subject),
    /// Nobody with this resident id is registered.
    Unregistered(BlindIndex),
}

/// Everybody whom a request names, locked: their jobs stay as they are until it is done.
pub(super) struct People {
    /// Whoever of the province has one of the resident ids.
    matched: HashMap<BlindIndex, Subject>,
    /// Those within the caller's reach.
    seen: HashMap<WorkerId, Seen>,
}

impl People {
    /// Finds and locks them, by the same statements whether anybody is registered or not.
    ///
    /// Nobody waits for somebody out of their reach: the wait would tell that there is a record. Whoever
    /// of those is locked by another unit of work counts as not registered, so that the report is kept
    /// and taken over by the job that does so for people who are registered since.
    ///
    /// # Errors
    /// [`Failure`] of the database; [`Failure::Contended`] when an id was corrected meanwhile.
    pub(super) async fn locked<'a>(
        tx: &WriteSession,
        drafts: impl IntoIterator<Item = &'a Draft>,
    ) -> Result<Self, Failure> {
        let mut indexes = Vec::new();
        let mut named = Vec::new();
        for draft in drafts {
            match draft.person {
                Person::Index(index) => indexes.push(index),
                Person::Worker(id) => named.push(id),
            }
        }
        let found = registry::identify(tx, &indexes).await?;
        let mut matched: HashMap<BlindIndex, Subject> = found
            .into_iter()
            .map(|(index, person)| {
                let subject = Subject {
                    worker: person.id,
                    origin: person.origin,
                };
                (index, subject)
            })
            .collect();
        // For whoever is not registered a record is looked for that nobody has: it takes the same
        // time.
        let asked = indexes.iter().map(|index| {
            let subject = matched.get(index);
            subject.map_or_else(|| tx.next_id(), |subject| subject.worker)
        });
        named.extend(asked);
        let within = registry::seen(tx, &named).await?;
        let (within, beyond): (Vec<WorkerId>, Vec<WorkerId>) =
            named.iter().partition(|id| within.contains_key(id));
        let mut locked = registry::lock_in(tx, &within).await?;
        locked.extend(registry::lock_free_in(tx, &beyond).await?);
        let numbers: HashMap<WorkerId, BlindIndex> = locked
            .into_iter()
            .map(|(id, _, index)| (id, index))
            .collect();
        matched.retain(|_, subject| numbers.contains_key(&subject.worker));
        if matched
            .iter()
            .any(|(index, subject)| numbers[&subject.worker] != *index)
        {
            return Err(Failure::Contended(
                "a resident id was corrected while a job was recorded".into(),
            ));
        }
        Ok(Self {
            seen: registry::seen(tx, &named).await?,
            matched,
        })
    }

    /// The earliest day on which somebody can have been born who is named by their record. A resident
    /// id tells the day by itself.
    pub(super) fn born(&self, person: &Person) -> Option<NaiveDate> {
        match person {
            Person::Worker(id) => {
                let seen = self.seen.get(id)?;
                Some(earliest_birth(seen.birth_year))
            }
            Person::Index(_) => None,
        }
    }

    /// Whether somebody within reach was dead on a day.
    pub(super) fn died_before(&self, worker: WorkerId, day: NaiveDate) -> bool {
        let seen = self.seen.get(&worker);
        seen.is_some_and(|seen| seen.died_on.is_some_and(|died| died < day))
    }

    /// What the caller is to one of them.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for a record out of reach, and for a person who names anybody else.
    pub(super) fn standing(&self, tx: &WriteSession, person: &Person) -> Result<Standing, Problem> {
        let matched = match person {
            Person::Worker(_) => None,
            Person::Index(index) => self.matched.get(index).copied(),
        };
        let asked = match person {
            Person::Worker(id) => Some(*id),
            Person::Index(_) => matched.map(|subject| subject.worker),
        };
        let seen = asked.and_then(|worker| {
            let origin = self.seen.get(&worker)?.origin;
            Some(Subject { worker, origin })
        });
        if matches!(tx.permit().principal().identity(), Identity::Worker(_)) {
            // A person reports about nobody else, registered or not.
            return seen.map(Standing::Oneself).ok_or(Problem::NotFound);
        }
        match (seen, person) {
            (Some(subject), _) if tx.permit().admit(subject.origin).is_ok() => {
                Ok(Standing::Origin(subject))
            }
            (Some(subject), _) => Ok(Standing::Outsider(subject)),
            (None, Person::Worker(_)) => Err(Problem::NotFound),
            (None, Person::Index(index)) => {
                Ok(matched.map_or(Standing::Unregistered(*index), Standing::Outsider))
            }
        }
    }
}
