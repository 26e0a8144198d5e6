//! The domain clock: passed in, so that every date and deadline can be set and tested.
//!
//! Days and months are Beijing days. China has kept UTC+8 without daylight saving since 1992, so
//! a fixed offset is exact for every date this exchange handles and needs no time-zone table.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

/// UTC+8 in seconds.
const BEIJING_SECONDS_EAST: i32 = 8 * 3600;

/// Beijing's offset, the zone of every day and month in the exchange.
#[must_use]
pub fn beijing() -> FixedOffset {
    FixedOffset::east_opt(BEIJING_SECONDS_EAST).expect("eight hours is a valid offset")
}

/// A source of "now". Cheap to clone; clones of a settable clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Runs at the system's pace from another starting point: `exchange demo --now`.
    Shifted(TimeDelta),
    /// Stands still until it is set: tests.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// Wall time.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// Wall time shifted so that it is `start` now.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self(Source::Shifted(start - system_now()))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// The instant, cut to microseconds: what both engines can store.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => system_now(),
            Source::Shifted(by) => system_now() + *by,
            Source::Fixed(at) => *at.lock().expect("no thread panics while it sets the clock"),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros())
            .expect("an instant of this era has a microsecond form")
    }

    /// The Beijing day.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&beijing()).date_naive()
    }

    /// Moves a fixed clock; a running clock is not settable and ignores it.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Source::Fixed(now) = &self.0 {
            *now.lock()
                .expect("no thread panics while it sets the clock") = at;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system clock; everything else is handed a Clock"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_beijing_midnight() {
        let clock = Clock::fixed("2026-11-22T15:59:59Z".parse().expect("a valid instant"));
        assert_eq!(clock.today().to_string(), "2026-11-22");
        clock.set("2026-11-22T16:00:00Z".parse().expect("a valid instant"));
        assert_eq!(clock.today().to_string(), "2026-11-23");
    }

    #[test]
    fn instants_are_cut_to_what_both_engines_store() {
        let clock = Clock::fixed("2026-11-22T15:59:59.123456789Z".parse().expect("valid"));
        assert_eq!(clock.now().timestamp_subsec_nanos(), 123_456_000);
    }
}
