//! Working days and legal periods, from the State Council's calendar of rest and make-up days.
//!
//! Counting follows the Civil Code, articles 200–204: the day of the start is excluded; hours run
//! from the stated moment; months end on the corresponding day or the month's end; a period in
//! months whose last day is a rest day ends on the next working day. The calendar of a year is
//! published in the autumn before it, so beyond the published days a deadline is provisional.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::clock::beijing;

/// How a day departs from Monday-to-Friday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DayKind {
    /// A public holiday, also where it falls on a weekend.
    Off,
    /// A make-up working day on a weekend.
    Work,
}

impl DayKind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Work => "WORK",
        }
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`CalendarError::UnknownKind`].
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        match text {
            "OFF" => Ok(Self::Off),
            "WORK" => Ok(Self::Work),
            _ => Err(CalendarError::UnknownKind),
        }
    }
}

/// Why rows make no calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A day is listed as both kinds.
    #[error("{0} is listed both as a day off and as a working day")]
    Contradiction(NaiveDate),
    /// A row lies outside the days that are said to be published.
    #[error("{0} lies outside the published days")]
    Unpublished(NaiveDate),
    /// Not `OFF` or `WORK`.
    #[error("a calendar day is OFF or WORK")]
    UnknownKind,
}

/// The end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The first instant that is too late; for days and months 24:00 Beijing of the last day.
    pub at: DateTime<Utc>,
    /// Whether it rests on days whose calendar is not published and has to be computed again.
    pub provisional: bool,
}

/// The published days and how some of them depart from Monday-to-Friday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingCalendar {
    published: RangeInclusive<NaiveDate>,
    exceptions: BTreeMap<NaiveDate, DayKind>,
}

impl WorkingCalendar {
    /// Builds a calendar from its rows. `published` are the first and last day for which the rows
    /// are complete; a row may be repeated.
    ///
    /// # Errors
    /// [`CalendarError`] for a day of two kinds or outside `published`.
    pub fn new(
        published: RangeInclusive<NaiveDate>,
        rows: impl IntoIterator<Item = (NaiveDate, DayKind)>,
    ) -> Result<Self, CalendarError> {
        let mut exceptions = BTreeMap::new();
        for (day, kind) in rows {
            if !published.contains(&day) {
                return Err(CalendarError::Unpublished(day));
            }
            if exceptions.insert(day, kind).is_some_and(|old| old != kind) {
                return Err(CalendarError::Contradiction(day));
            }
        }
        Ok(Self {
            published,
            exceptions,
        })
    }

    /// The State Council's calendars of 2024 to 2026, which a new database starts from.
    #[must_use]
    pub fn state_council() -> Self {
        let (first, last) = (STATE_COUNCIL[0].year, STATE_COUNCIL[2].year);
        let rows = STATE_COUNCIL.iter().flat_map(Year::rows);
        Self::new(date(first, (1, 1))..=date(last, (12, 31)), rows)
            .expect("the table lists each day of its years once")
    }

    /// The last day whose calendar is published.
    #[must_use]
    pub const fn published_through(&self) -> NaiveDate {
        *self.published.end()
    }

    /// The rows, in order of days: what a database keeps.
    pub fn exceptions(&self) -> impl Iterator<Item = (NaiveDate, DayKind)> {
        self.exceptions.iter().map(|(day, kind)| (*day, *kind))
    }

    /// Whether a day is a working day; `None` where no calendar is published.
    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> Option<bool> {
        self.published
            .contains(&day)
            .then(|| self.presumed_working(day))
    }

    /// The end of a period of hours, which takes no notice of rest days.
    ///
    /// # Panics
    /// When `start` lies within eight years of the end of representable time.
    #[must_use]
    pub fn add_hours(&self, start: DateTime<Utc>, hours: u16) -> Deadline {
        Deadline {
            at: start + TimeDelta::hours(i64::from(hours)),
            provisional: false,
        }
    }

    /// 24:00 Beijing of the n-th working day after the day of `start`; of that day itself for 0.
    ///
    /// # Panics
    /// When `start` lies within three centuries of the end of representable time.
    #[must_use]
    pub fn add_working_days(&self, start: DateTime<Utc>, days: u16) -> Deadline {
        let mut last = beijing_day(start);
        let mut left = days;
        let mut provisional = false;
        while left > 0 {
            last = next_day(last);
            provisional |= !self.published.contains(&last);
            left -= u16::from(self.presumed_working(last));
        }
        end_of(last, provisional)
    }

    /// 24:00 Beijing of the corresponding day that many months later, or of that month's last day
    /// when it has none; moved to the next working day when it is a rest day.
    ///
    /// # Panics
    /// When `start` lies within six millennia of the end of representable time.
    #[must_use]
    pub fn add_months(&self, start: DateTime<Utc>, months: u16) -> Deadline {
        let mut last = beijing_day(start)
            .checked_add_months(Months::new(u32::from(months)))
            .expect("a period of months ends within representable time");
        let mut provisional = !self.published.contains(&last);
        while !self.presumed_working(last) {
            last = next_day(last);
            provisional |= !self.published.contains(&last);
        }
        end_of(last, provisional)
    }

    /// Monday-to-Friday where nothing else is known.
    fn presumed_working(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(DayKind::Off) => false,
            Some(DayKind::Work) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }
}

fn beijing_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&beijing()).date_naive()
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt()
        .expect("a period of days ends within representable time")
}

/// 24:00 of a day is 0:00 of the next.
fn end_of(day: NaiveDate, provisional: bool) -> Deadline {
    let at = next_day(day)
        .and_time(NaiveTime::MIN)
        .and_local_timezone(beijing())
        .single()
        .expect("a fixed offset maps each local time once")
        .to_utc();
    Deadline { at, provisional }
}

/// Month and day.
type MonthDay = (u32, u32);

/// One year's notice: spans of days off (first, last) and make-up working days.
struct Year {
    year: i32,
    off: &'static [(MonthDay, MonthDay)],
    work: &'static [MonthDay],
}

impl Year {
    fn rows(&self) -> impl Iterator<Item = (NaiveDate, DayKind)> {
        let year = self.year;
        let off = self.off.iter().flat_map(move |(first, last)| {
            let last = date(year, *last);
            date(year, *first)
                .iter_days()
                .take_while(move |day| *day <= last)
        });
        let work = self.work.iter().map(move |day| date(year, *day));
        off.map(|day| (day, DayKind::Off))
            .chain(work.map(|day| (day, DayKind::Work)))
    }
}

fn date(year: i32, (month, day): MonthDay) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the table names real days")
}

/// Notices of the General Office of the State Council on public holidays.
const STATE_COUNCIL: [Year; 3] = [
    Year {
        year: 2024,
        off: &[
            ((1, 1), (1, 1)),
            ((2, 10), (2, 17)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 10), (6, 10)),
            ((9, 15), (9, 17)),
            ((10, 1), (10, 7)),
        ],
        work: &[
            (2, 4),
            (2, 18),
            (4, 7),
            (4, 28),
            (5, 11),
            (9, 14),
            (9, 29),
            (10, 12),
        ],
    },
    Year {
        year: 2025,
        off: &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        work: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Year {
        year: 2026,
        off: &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        work: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

#[cfg(test)]
mod tests;
