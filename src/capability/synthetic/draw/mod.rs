//! Draws people: pure, from a seed. Each batch has a generator of its own, so that a batch is the
//! same whichever others were made before it.

mod jobs;
mod names;
mod people;
mod places;
#[cfg(test)]
mod tests;

pub(super) use people::batch;
pub(super) use places::{NUMBERED, Province, employers, first_number};

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use crate::kernel::clock::Clock;
use crate::kernel::ids::{CommitId, IdSource, RecordId as _};

/// Random values and ids of one batch.
pub(super) struct Dice {
    rng: StdRng,
    ids: IdSource,
}

impl Dice {
    /// The dice of one batch. `clock` stands still, or ids would tell when they were made.
    pub(super) fn new(seed: u64, batch: u32, clock: Clock) -> Self {
        // Batches of neighbouring seeds must not repeat one another.
        let own = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(batch);
        Self {
            rng: StdRng::seed_from_u64(own),
            ids: IdSource::seeded(clock, !own),
        }
    }

    /// An id for a row that is no record of its own.
    pub(super) fn row_id(&self) -> Uuid {
        self.ids.next::<CommitId>().uuid()
    }

    /// True in `percent` of 100 cases.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// One of the elements; `None` of an empty list.
    fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.rng.random_range(0..of.len())])
    }

    /// One of a fixed list, which is not empty.
    fn one<T: Copy, const N: usize>(&mut self, of: &[T; N]) -> T {
        of[self.rng.random_range(0..N)]
    }

    /// One of the values, each as often as its weight.
    fn weighted<T: Copy>(&mut self, of: &[(u32, T)]) -> T {
        let total: u32 = of.iter().map(|(weight, _)| weight).sum();
        let mut at = self.rng.random_range(0..total);
        for (weight, value) in of {
            if at < *weight {
                return *value;
            }
            at -= weight;
        }
        unreachable!("the draw lies below the sum of the weights")
    }

    /// A number from a range.
    fn number(&mut self, from: i64, below: i64) -> i64 {
        self.rng.random_range(from..below)
    }

    /// A day between so many days ago.
    fn days_ago(&mut self, today: NaiveDate, from: u64, below: u64) -> NaiveDate {
        today - Days::new(self.rng.random_range(from..below))
    }
}
