//! What was entered about people, kept beside the exchange, and what follows from it.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

/// In the order in which they are shown.
pub const CATEGORIES: [&str; 4] = [
    "LIFTED_OUT_OF_POVERTY",
    "MONITORED_UNSTABLE",
    "MONITORED_MARGINAL",
    "MONITORED_SUDDEN_HARDSHIP",
];

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
    /// Whether it counts, or counted until somebody called it a mistake.
    pub confirmed: bool,
    /// Whether it counts on the word of insurance.
    pub by_insurance: bool,
    /// Whether the employer itself reported it.
    pub by_employer: bool,
    /// Whether the county's decision about it was sent back once.
    pub returned: bool,
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

    /// Sent back and not decided anew: nothing but the county's word makes it count.
    pub const fn awaits_county(&self) -> bool {
        self.is_reported() && self.returned
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

/// A day on which insurance with an employer began or ended, as an agency told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub employer: Option<usize>,
    pub kind: &'static str,
    /// Enrolled, or else stopped.
    pub enrolled: bool,
    pub since: NaiveDate,
}

pub struct Person {
    pub id: String,
    /// Of the resident id in force.
    pub number: u32,
    pub name: String,
    /// By place in the world's list.
    pub household: usize,
    pub village: Code,
    /// Those of the household, as of the last time that they followed.
    pub categories: Vec<&'static str>,
    pub stay: Option<Code>,
    /// Subject of the helper and first day of the pairing.
    pub helper: Option<(String, NaiveDate)>,
    /// Whom a death took, and who comes back when it is taken back.
    pub helped_before: Option<(String, NaiveDate)>,
    pub jobs: Vec<Job>,
    pub posted: Vec<Posted>,
    pub dated: Vec<Dated>,
    pub died: Option<NaiveDate>,
    /// Whether the death came by resident id.
    pub by_number: bool,
    /// Villages the person left, and the last day on which those still look.
    pub former: Vec<(Code, NaiveDate)>,
    pub able: Option<bool>,
    pub willing: Option<(bool, NaiveDate)>,
    /// When the record last changed.
    pub changed: DateTime<Utc>,
}

impl Person {
    /// Whether no death before that day is known: nobody begins a job after it.
    pub fn lived_on(&self, day: NaiveDate) -> bool {
        self.died.is_none_or(|died| died >= day)
    }

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

    /// Whether pension insurance answers yes. A month of this month speaks for itself; an older one
    /// and an enrolment fall silent before an end that they do not outlive.
    pub fn is_insured(&self, today: NaiveDate) -> bool {
        let this = month_of(today);
        let paid = self.insured_months(|_| true).last().copied();
        if paid == Some(this) {
            return true;
        }
        let told = |enrolled: bool| {
            let pension = self.dated.iter().filter(|told| told.kind == "PENSION");
            pension.filter(move |told| told.enrolled == enrolled)
        };
        let stands = |began: &&Dated| {
            let mut ends = told(false).filter(|end| end.employer == began.employer);
            ends.all(|end| end.since < began.since)
        };
        // Leaving one employer does not end the insurance with another.
        if let Some(began) = told(true).filter(stands).map(|told| told.since).max() {
            return paid.max(Some(month_of(began))) >= Some(this - 2);
        }
        let ended = told(false).map(|told| month_of(told.since)).max();
        paid == Some(this - 1) && paid > ended
    }

    /// Rows of months that their employer has paid and not taken back since, of these rows. All are
    /// of one amount: the same is paid once, however often somebody tells of it.
    fn standing_rows(&self, shown: impl Fn(&Posted) -> bool) -> Vec<&Posted> {
        let rows: Vec<_> = self.posted.iter().filter(|row| shown(row)).collect();
        let account = |row: &Posted| (row.kind, row.period, row.employer);
        let last = |of: &Posted, refund: bool| {
            let alike = rows.iter().filter(|row| account(row) == account(of));
            let told = alike.filter(|row| row.refund == refund);
            told.map(|row| row.posting).max()
        };
        let stands = |row: &&Posted| last(row, false) > last(row, true);
        rows.iter().copied().filter(stands).collect()
    }

    /// Pension months that count, by the rows that are shown.
    pub fn insured_months(&self, shown: impl Fn(&Posted) -> bool) -> Vec<i32> {
        let rows = self.standing_rows(|row| row.kind == "PENSION" && shown(row));
        let mut months: Vec<_> = rows.iter().map(|row| row.period).collect();
        months.sort_unstable();
        months.dedup();
        months
    }

    /// The last of this and the two months before that says that the person works there: one that
    /// stands, of an insurance that is not bought for day labour too.
    pub fn last_employed_at(&self, employer: usize, today: NaiveDate) -> Option<i32> {
        let rows = self.standing_rows(|row| row.employer == Some(employer));
        let goes_on = |row: &&&Posted| {
            let last = |enrolled: bool| {
                let alike = self.dated.iter().filter(|told| {
                    told.employer == row.employer
                        && told.kind == row.kind
                        && told.enrolled == enrolled
                });
                alike.map(|told| told.since).max()
            };
            let (began, ended) = (last(true), last(false));
            ended.is_none_or(|end| began > ended || month_of(end) < row.period)
        };
        let evidence = rows.iter().filter(|row| row.kind != "WORK_INJURY");
        let evidence = evidence.filter(goes_on);
        let recent = evidence.filter(|row| row.period >= month_of(today) - 2);
        recent.map(|row| row.period).max()
    }

    /// No death stands: whoever helped helps again.
    pub fn lives(&mut self) {
        self.died = None;
        self.helper = self.helped_before.take();
    }

    /// Nothing came under the resident id in force, and no job counts on what came under another.
    pub fn forget_insurance(&mut self) {
        self.posted.clear();
        self.dated.clear();
        let counting = self.jobs.iter_mut().filter(|job| job.counts());
        for job in counting.filter(|job| job.by_insurance) {
            job.confirmed = false;
            job.by_insurance = false;
            job.version += 1;
        }
    }

    /// Whether a report can only be about a job that counts already: one with the same employer
    /// that goes on, or ended after the report says it began.
    pub fn is_reported_again(&self, report: &Job) -> bool {
        let same = |job: &&Job| job.counts() && job.employer == report.employer;
        let mut same = self.jobs.iter().filter(same);
        report.employer.is_some()
            && same.any(|job| job.ended.is_none_or(|ended| ended > report.started))
    }

    /// All that the record shows of what follows from facts: another one changes the record.
    pub fn derived(&self) -> String {
        let job = self.principal().map(|job| &job.id);
        let able = self.able.filter(|_| self.died.is_none());
        let stated = (able, self.is_willing(), &self.categories);
        format!("{:?}", (self.standing(), job, self.split(), stated))
    }
}

/// That a household holds a category from a day on, until another or for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub category: &'static str,
    pub since: NaiveDate,
    pub until: Option<NaiveDate>,
    pub agriculture: bool,
}

impl Stated {
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }

    fn meets(&self, other: &Self) -> bool {
        let begins = self.since.max(other.since);
        self.holds(begins) && other.holds(begins)
    }
}

pub struct Household {
    pub id: String,
    pub village: Code,
    pub stated: Vec<Stated>,
}

impl Household {
    /// What holds on a day.
    pub fn categories(&self, day: NaiveDate) -> Vec<&'static str> {
        let holds = |category: &&str| {
            let mut told = self.stated.iter();
            told.any(|told| told.category == *category && told.holds(day))
        };
        CATEGORIES.into_iter().filter(holds).collect()
    }

    /// Agriculture's word takes the place of every county's, and of its own about the same days.
    pub fn tell(&mut self, told: Stated) {
        if !self.stated.contains(&told) {
            let alike = |old: &Stated| old.category == told.category && old.meets(&told);
            self.stated.retain(|old| old.agriculture && !alike(old));
            self.stated.push(told);
        }
    }

    /// What is stated of another household that became part of this one holds for all; of two that
    /// differ in their end alone the longer.
    pub fn inherit(&mut self, other: &[Stated]) {
        for told in other {
            let but_end = |told: &Stated| (told.category, told.since, told.agriculture);
            let known = self.stated.iter_mut();
            match known
                .into_iter()
                .find(|known| but_end(known) == but_end(told))
            {
                Some(known) if known.until.is_none() || told.until.is_none() => known.until = None,
                Some(known) => known.until = known.until.max(told.until),
                None => self.stated.push(told.clone()),
            }
        }
    }
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
