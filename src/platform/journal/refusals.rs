//! Refusals and looks that find nothing, coalesced: the first is an entry at once, its repetitions
//! become one entry a minute. What was looked for is not kept.
//!
//! A client in a loop must not be able to fill the trail, and a probing one must not go unseen.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::access::AccessLog;
use super::entry::{Actor, EntryRow};
use crate::kernel::clock::Clock;
use crate::kernel::error::Failure;
use crate::kernel::ids::IdSource;
use crate::platform::authn::Principal;
use crate::platform::telemetry::metrics;

/// Distinct (caller, action) pairs counted at once; beyond it refusals are entries of their own, and
/// where the log has no room for them, a number.
const TRACKED: usize = 10_000;

/// What the entry says that counts refusals of which nothing but their number is left.
const UNRECORDED: &str = "journal.refusals";
/// How often a stopping process hands over what is left: everything tracked, a log's room at a time.
const ROUNDS: u32 = 5;

type Key = (String, String, &'static str, Noted);

/// What is noted of an action that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noted {
    /// The caller's role may never do it.
    Refused,
    /// What it named is not within the caller's reach, or does not exist.
    NotFound,
    /// The caller reads it, and somebody else decides about it.
    AnotherDecides,
}

impl Noted {
    const fn outcome(self) -> &'static str {
        match self {
            Self::Refused => "REFUSED",
            Self::NotFound => "NOT_FOUND",
            Self::AnotherDecides => "ANOTHER_DECIDES",
        }
    }
}

struct Repeated {
    row: EntryRow,
    /// Repetitions that no entry counts yet.
    count: i32,
}

/// What is to be written with the next flush.
#[derive(Default)]
struct Counted {
    repeated: HashMap<Key, Repeated>,
    /// Refusals of which nothing but their number is left.
    unrecorded: u64,
}

/// Where refusals are noted. Cheap to clone.
#[derive(Clone)]
pub struct Refusals {
    log: AccessLog,
    clock: Clock,
    ids: IdSource,
    counted: Arc<Mutex<Counted>>,
}

impl Refusals {
    /// Refusals that end up in `log`.
    #[must_use]
    pub fn new(log: AccessLog, clock: Clock, ids: IdSource) -> Self {
        Self {
            log,
            clock,
            ids,
            counted: Arc::default(),
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
        let mut counted = self.counted();
        if let Some(known) = counted.repeated.get_mut(&key) {
            known.count = known.count.saturating_add(1);
            known.row.at = row.at;
            return;
        }
        let recorded = self.log.offer(row.clone());
        if !recorded {
            metrics::refusals_unrecorded(1);
            tracing::warn!(action, "a refusal found the access log full");
        }
        if counted.repeated.len() < TRACKED {
            // One that found no room is written with its repetitions.
            let count = i32::from(!recorded);
            counted.repeated.insert(key, Repeated { row, count });
        } else if !recorded {
            counted.unrecorded += 1;
        }
    }

    /// Writes what repeated and returns once it is durable, with every look and refusal noted
    /// before. Called when the process stops.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the journal cannot be written, or not all of it.
    pub async fn finish(&self) -> Result<(), Failure> {
        // What found no room the first time finds it once the log is written out.
        for _ in 0..ROUNDS {
            self.flush();
            self.log.settled().await?;
            let lost = self.log.take_lost();
            let mut counted = self.counted();
            counted.unrecorded = counted.unrecorded.saturating_add(lost);
            let waiting = counted.repeated.values().any(|known| known.count > 0);
            if !waiting && counted.unrecorded == 0 {
                return Ok(());
            }
        }
        Err(Failure::Unavailable(
            "some refusals could not be written to the journal".into(),
        ))
    }

    /// Writes what repeated since the last call, and how many refusals were lost since, and starts
    /// counting anew. What finds no room is counted on until the next call. Called once a minute.
    pub fn flush(&self) {
        let mut counted = self.counted();
        counted.repeated.retain(|_, known| {
            let Repeated { row, count } = known;
            if *count == 0 {
                return false;
            }
            let row = EntryRow {
                repeats: *count,
                ..row.clone()
            };
            !self.log.offer(row)
        });
        let unrecorded = counted.unrecorded.saturating_add(self.log.take_lost());
        let repeats = i32::try_from(unrecorded).unwrap_or(i32::MAX);
        counted.unrecorded = if repeats == 0 || self.log.offer(self.only_a_number(repeats)) {
            0
        } else {
            unrecorded
        };
    }

    /// The entry for refusals of which nothing else is known.
    fn only_a_number(&self, repeats: i32) -> EntryRow {
        let principal = Principal::system(UNRECORDED, None);
        let actor = Actor {
            principal: &principal,
            action: UNRECORDED,
            request_id: UNRECORDED,
        };
        let row = EntryRow::of(&actor, self.ids.next(), self.clock.now(), "UNRECORDED");
        EntryRow { repeats, ..row }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().expect("counting cannot panic")
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::tests::Room;
    use super::*;

    const ACTION: &str = "worker.read";

    fn refusals(room: usize) -> (Refusals, AccessLog, Room) {
        let clock = Clock::fixed("2026-11-23T02:00:00Z".parse().expect("an instant"));
        let ids = IdSource::seeded(clock.clone(), 1);
        let (log, room) = Room::of(room);
        (Refusals::new(log.clone(), clock, ids), log, room)
    }

    /// Notes as many refusals of somebody.
    fn refuse(refusals: &Refusals, who: &'static str, times: usize) {
        let principal = Principal::system(who, None);
        for _ in 0..times {
            refusals.note(&principal, ACTION, Noted::Refused, "r");
        }
    }

    /// Subject, outcome and count of each entry.
    fn written(room: &mut Room) -> Vec<(String, String, i32)> {
        let mut rows: Vec<_> = room
            .taken()
            .into_iter()
            .map(|row| (row.subject, row.outcome, row.repeats))
            .collect();
        rows.sort();
        rows
    }

    fn entry(subject: &str, outcome: &str, repeats: i32) -> (String, String, i32) {
        (subject.to_owned(), outcome.to_owned(), repeats)
    }

    #[test]
    fn a_first_refusal_that_finds_no_room_is_written_with_its_repetitions() {
        let (refusals, _, mut room) = refusals(1);
        refuse(&refusals, "a", 1);
        refuse(&refusals, "b", 1);
        refuse(&refusals, "c", 3);
        assert_eq!(written(&mut room), [entry("a", "REFUSED", 1)]);
        refusals.flush();
        let mut rest = written(&mut room);
        refusals.flush();
        rest.extend(written(&mut room));
        rest.sort();
        assert_eq!(rest, [entry("b", "REFUSED", 1), entry("c", "REFUSED", 3)]);
        refusals.flush();
        assert_eq!(written(&mut room), []);
    }

    #[test]
    fn what_only_a_number_is_left_of_is_an_entry_with_that_number() {
        let (refusals, log, mut room) = refusals(1);
        refusals.counted().unrecorded = 3;
        refuse(&refusals, "a", 1);
        room.lose(&log);
        refuse(&refusals, "a", 2);
        refusals.flush();
        assert_eq!(written(&mut room), [entry("a", "REFUSED", 2)]);
        refusals.flush();
        let number = [entry("journal.refusals", "UNRECORDED", 4)];
        assert_eq!(written(&mut room), number);
        refusals.flush();
        assert_eq!(written(&mut room), []);
    }

    #[test]
    fn whoever_comes_when_nobody_more_is_tracked_is_counted_too() {
        let (refusals, _, mut room) = refusals(TRACKED / 8);
        for number in 0..TRACKED {
            let name: &'static str = Box::leak(format!("s{number}").into_boxed_str());
            refuse(&refusals, name, 1);
        }
        refuse(&refusals, "late", 5);
        let mut seen = 0;
        for _ in 0..10 {
            seen += written(&mut room).iter().map(|row| row.2).sum::<i32>();
            refusals.flush();
        }
        assert_eq!(seen, i32::try_from(TRACKED).expect("few") + 5);
    }
}
