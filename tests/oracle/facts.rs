//! What was entered about people, kept beside the exchange, and what follows from it.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

/// A division, as twelve digits.
pub type Code = u64;

/// Whether `inner` is `outer` or lies in it: zeros at the end of a code stand for everything below.
pub fn lies_in(outer: Code, inner: Code) -> bool {
    let size = [10_000_000_000, 100_000_000, 1_000_000, 1_000]
        .into_iter()
        .find(|size| outer.is_multiple_of(*size))
        .unwrap_or(1);
    inner / size == outer / size
}

pub fn in_province(code: Code) -> bool {
    lies_in(590_000_000_000, code)
}

pub const fn county(code: Code) -> Code {
    code / 1_000_000 * 1_000_000
}

/// A month, counted from the year 0.
pub fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).expect("twelve of them")
}

pub struct Job {
    pub id: String,
    /// By place in the world's list, as every employer here.
    pub employer: Option<usize>,
    pub host: Option<usize>,
    pub workplace: Code,
    /// No two of one person are equal.
    pub started: NaiveDate,
    /// Whether it counted at any time.
    pub confirmed: bool,
    pub ended: Option<NaiveDate>,
    pub voided: bool,
    pub version: i64,
}

impl Job {
    /// It stands on record as one that goes on.
    pub fn goes_on(&self) -> bool {
        self.counts() && self.ended.is_none()
    }

    /// Confirmed and no mistake, whether or not it has ended.
    pub const fn counts(&self) -> bool {
        self.confirmed && !self.voided
    }

    pub const fn is_reported(&self) -> bool {
        !self.confirmed && !self.voided
    }

    pub fn is_at(&self, employer: usize) -> bool {
        self.employer == Some(employer) || self.host == Some(employer)
    }
}

/// A row that an agency posted; of two that are equal one is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub employer: Option<usize>,
    pub payer: Option<usize>,
    pub kind: &'static str,
    pub period: i32,
    pub posting: i32,
    pub refund: bool,
}

impl Posted {
    fn net(&self) -> i32 {
        if self.refund { -1 } else { 1 }
    }
}

pub struct Person {
    pub id: String,
    /// Of the resident id in force.
    pub number: u32,
    pub name: String,
    /// By place in the world's list.
    pub household: usize,
    pub village: Code,
    pub category: &'static str,
    pub stay: Option<Code>,
    /// Subject of the helper and first day of the pairing.
    pub helper: Option<(String, NaiveDate)>,
    pub jobs: Vec<Job>,
    pub posted: Vec<Posted>,
    pub died: Option<NaiveDate>,
    /// Villages the person left, and the last day on which those still look.
    pub former: Vec<(Code, NaiveDate)>,
    pub able: Option<bool>,
    pub willing: Option<(bool, NaiveDate)>,
    /// When the record last changed.
    pub changed: DateTime<Utc>,
}

impl Person {
    /// Jobs that count now: nobody who died is at work.
    pub fn current_jobs(&self) -> impl Iterator<Item = &Job> {
        let living = self.died.is_none();
        self.jobs.iter().filter(move |job| living && job.goes_on())
    }

    /// Whether a current job in the province is in the region.
    pub fn works_in(&self, region: Code) -> bool {
        self.current_jobs()
            .any(|job| in_province(job.workplace) && lies_in(region, job.workplace))
    }

    /// The current job that started last.
    pub fn principal(&self) -> Option<&Job> {
        self.current_jobs().max_by_key(|job| job.started)
    }

    pub fn status(&self) -> &'static str {
        self.standing().0
    }

    fn standing(&self) -> (&'static str, Option<NaiveDate>) {
        let ended = self.jobs.iter().filter(|job| job.counts());
        let ended = ended.filter_map(|job| job.ended).max();
        match (self.died, self.principal(), ended) {
            (Some(day), _, _) => ("DECEASED", Some(day)),
            (None, Some(job), _) => ("WORKING", Some(job.started)),
            (None, None, Some(day)) => ("NOT_WORKING", Some(day)),
            (None, None, None) => ("UNKNOWN", None),
        }
    }

    /// Where somebody works, seen from the county of registration.
    pub fn split(&self) -> Option<&'static str> {
        let place = self.principal()?.workplace;
        Some(if !in_province(place) {
            "OUTSIDE_PROVINCE"
        } else if lies_in(county(self.village), place) {
            "WITHIN_COUNTY"
        } else {
            "OTHER_COUNTY"
        })
    }

    /// Whoever works is willing, and stays so until somebody states otherwise of a later day.
    pub fn is_willing(&self) -> Option<bool> {
        let counted = self.jobs.iter().filter(|job| job.counts());
        let last = counted.map(|job| job.started).max();
        let stated = self
            .willing
            .filter(|(_, since)| self.principal().is_none() && Some(*since) >= last);
        match (self.died, stated) {
            (Some(_), _) => None,
            (None, Some((willing, _))) => Some(willing),
            (None, None) => last.map(|_| true),
        }
    }

    pub fn is_able_and_willing(&self) -> bool {
        self.died.is_none() && self.able == Some(true) && self.is_willing() == Some(true)
    }

    /// Whether a pension month of this or the last month has arrived, and was not given back.
    pub fn is_insured(&self, today: NaiveDate) -> bool {
        let months = self.insured_months(|_| true);
        months.iter().any(|month| *month >= month_of(today) - 1)
    }

    /// Pension months for which some employer has paid more than it took back, by these rows.
    pub fn insured_months(&self, shown: impl Fn(&Posted) -> bool) -> Vec<i32> {
        let pensions = self.posted.iter().filter(|row| row.kind == "PENSION");
        let rows: Vec<_> = pensions.filter(|row| shown(row)).collect();
        let paid = |of: &Posted| -> i32 {
            let account = rows
                .iter()
                .filter(|row| (row.period, row.employer) == (of.period, of.employer));
            account.map(|row| row.net()).sum()
        };
        let mut months: Vec<_> = rows.iter().filter(|row| paid(row) > 0).collect();
        months.sort_by_key(|row| row.period);
        months.dedup_by_key(|row| row.period);
        months.iter().map(|row| row.period).collect()
    }

    /// All that the record shows of what follows from facts: another one changes the record.
    pub fn derived(&self) -> String {
        let job = self.principal().map(|job| &job.id);
        let able = self.able.filter(|_| self.died.is_none());
        let stated = (able, self.is_willing(), self.category);
        format!("{:?}", (self.standing(), job, self.split(), stated))
    }
}

pub struct Household {
    pub id: String,
    pub village: Code,
    pub category: &'static str,
}

/// What a finding is about, by places in the world's lists.
#[derive(Clone, Copy)]
pub enum About {
    Nothing,
    Person(usize),
    Employer(usize),
    /// Of this person, by place.
    Job(usize, usize),
}

/// A proposed correction of a resident id.
pub struct Correction {
    pub id: String,
    /// Of whom, by place in the world's list.
    pub person: usize,
    pub state: &'static str,
}

pub struct Finding {
    pub id: String,
    pub county: Code,
    pub about: About,
}
