//! Refusals and looks that find nothing, coalesced: the first is an entry at once, its repetitions
//! become one entry a minute. What was looked for is not kept.
//!
//! A client in a loop must not be able to fill the trail, and a probing one must not go unseen.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::access::AccessLog;
use super::entry::{Actor, EntryRow};
use crate::kernel::clock::Clock;
use crate::kernel::error::Failure;
use crate::kernel::ids::IdSource;
use crate::platform::authn::Principal;

/// Distinct (caller, action) pairs counted at once; beyond it refusals are entries of their own.
const TRACKED: usize = 10_000;

type Key = (String, String, &'static str, Noted);

/// What is noted of an action that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noted {
    /// The caller's role may never do it.
    Refused,
    /// What it named is not within the caller's reach, or does not exist.
    NotFound,
}

impl Noted {
    const fn outcome(self) -> &'static str {
        match self {
            Self::Refused => "REFUSED",
            Self::NotFound => "NOT_FOUND",
        }
    }
}

struct Repeated {
    row: EntryRow,
    count: i32,
}

/// Where refusals are noted. Cheap to clone.
#[derive(Clone)]
pub struct Refusals {
    log: AccessLog,
    clock: Clock,
    ids: IdSource,
    repeated: Arc<Mutex<HashMap<Key, Repeated>>>,
}

impl Refusals {
    /// Refusals that end up in `log`.
    #[must_use]
    pub fn new(log: AccessLog, clock: Clock, ids: IdSource) -> Self {
        Self {
            log,
            clock,
            ids,
            repeated: Arc::default(),
        }
    }

    /// Notes what became of `principal`'s `action`.
    pub(in crate::platform) fn note(
        &self,
        principal: &Principal,
        action: &'static str,
        noted: Noted,
        request_id: &str,
    ) {
        let actor = Actor {
            principal,
            action,
            request_id,
        };
        let row = EntryRow::of(&actor, self.ids.next(), self.clock.now(), noted.outcome());
        let key = (row.issuer.clone(), row.subject.clone(), action, noted);
        let mut repeated = self.repeated.lock().expect("noting a refusal cannot panic");
        if let Some(known) = repeated.get_mut(&key) {
            known.count = known.count.saturating_add(1);
            known.row.at = row.at;
            return;
        }
        if repeated.len() < TRACKED {
            let row = row.clone();
            repeated.insert(key, Repeated { row, count: 0 });
        }
        if !self.log.offer(row) {
            tracing::warn!(
                action,
                "a refusal found the access log full and is only in this log"
            );
        }
    }

    /// Writes what repeated and returns once it is durable, with every look and refusal noted
    /// before. Called when the process stops.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the journal cannot be written.
    pub async fn finish(&self) -> Result<(), Failure> {
        self.flush();
        self.log.settled().await
    }

    /// Writes what repeated since the last call and starts counting anew. Called once a minute.
    pub fn flush(&self) {
        let repeated =
            std::mem::take(&mut *self.repeated.lock().expect("noting a refusal cannot panic"));
        for Repeated { row, count } in repeated.into_values() {
            if count > 0 {
                self.log.offer(EntryRow {
                    repeats: count,
                    ..row
                });
            }
        }
    }
}
