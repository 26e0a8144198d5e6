//! Real time for tokens. The domain clock can be set to another day to show a deadline; a token
//! that lived by it could be revived.

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::clock::Clock;

/// A clock that only runs with the world, except in tests.
#[derive(Clone, Debug)]
pub struct WallClock(Clock);

impl WallClock {
    /// Wall time.
    #[must_use]
    pub const fn system() -> Self {
        Self(Clock::system())
    }

    /// A clock that stands still, and moves with [`Self::set`]: for tests.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Clock::fixed(at))
    }

    /// Moves a fixed clock and its clones.
    pub fn set(&self, at: DateTime<Utc>) {
        self.0.set(at);
    }

    /// The instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    /// The Beijing day.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.today()
    }
}
