//! What is generated, before it is rows.

use chrono::NaiveDate;

use crate::capability::employer::public::EmployerKind;
use crate::capability::employment::public::{
    ConfirmedBy, EmploymentForm, EmploymentState, EndReason, FoundBy,
};
use crate::capability::worker::public::{
    CurrentJob, Education, JobFacts, LabourFact, PovertyCategory,
};
use crate::kernel::bank_account::BankAccount;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{EmployerId, EmploymentId, HouseholdId, WorkerId};
use crate::kernel::phone::Phone;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;

/// People in one unit of work.
pub const BATCH: u32 = 500;
/// Up to here everybody insured has a whole year; beyond, months would outweigh all else.
const WHOLE_YEAR_UP_TO: u32 = 5_000;

/// How to generate.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// People, 1 to 5,000,000.
    pub workers: u32,
    /// The same seed on the same domain day gives the same people with the same ids.
    pub seed: u64,
    /// Insurance months of everybody insured, up to and including the month before this one.
    pub insured_months: u32,
    /// Whom a demonstration looks at.
    pub focus: Focus,
}

impl GenerateOptions {
    /// The usual number of insurance months: 12 for up to 5,000 people, else 3.
    #[must_use]
    pub const fn usual_months(workers: u32) -> u32 {
        if workers <= WHOLE_YEAR_UP_TO { 12 } else { 3 }
    }
}

/// The county, employer and helper that are sure to have people, however few there are.
#[derive(Clone, Debug)]
pub struct Focus {
    /// A county that people leave. The first household is registered there.
    pub origin: RegionCode,
    /// An employer in the county that its code names. The first person works there.
    pub employer: CreditCode,
    /// Subject of a helper's token: the first people of `origin` are assigned to it.
    pub helper: String,
}

/// What was generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generated {
    /// People made by this call; none where the province was there already.
    pub people: u64,
}

/// A household with its members.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub(super) id: HouseholdId,
    pub(super) number: String,
    pub(super) village: RegionCode,
    pub(super) category: PovertyCategory,
    pub(super) since: NaiveDate,
    pub(super) members: Vec<Person>,
}

/// A person with everything about them.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: WorkerId,
    pub(super) name: String,
    pub(super) resident_id: ResidentId,
    pub(super) phone: Option<Phone>,
    pub(super) bank_account: Option<BankAccount>,
    pub(super) education: Education,
    pub(super) facts: Vec<LabourFact>,
    pub(super) jobs: Vec<Job>,
    /// Contribution base in fen, for whoever is insured.
    pub(super) insured: Option<i64>,
    /// Assigned to the helper of the focus.
    pub(super) helped: bool,
}

/// A job of a person.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: EmploymentId,
    pub(super) form: EmploymentForm,
    pub(super) employer: Option<EmployerId>,
    pub(super) employer_name: Option<String>,
    pub(super) workplace: RegionCode,
    pub(super) outside_province: bool,
    pub(super) title: &'static str,
    /// Monthly, in fen.
    pub(super) wage: i64,
    pub(super) found_by: FoundBy,
    pub(super) started_on: NaiveDate,
    pub(super) ended: Option<(NaiveDate, EndReason)>,
    pub(super) state: EmploymentState,
}

impl Job {
    /// On whose word it counts.
    pub(super) fn confirmed_by(&self) -> Option<ConfirmedBy> {
        (self.state == EmploymentState::Confirmed).then_some(ConfirmedBy::Origin)
    }
}

/// What a person's jobs say about their status.
pub(super) fn job_facts(jobs: &[Job]) -> JobFacts {
    let mut confirmed: Vec<&Job> = jobs
        .iter()
        .filter(|job| job.state == EmploymentState::Confirmed)
        .collect();
    confirmed.sort_by_key(|job| (job.started_on, job.id));
    let mut facts = JobFacts::default();
    for job in confirmed {
        facts.last_started_on = Some(job.started_on);
        if let Some((day, _)) = job.ended {
            facts.last_ended_on = facts.last_ended_on.max(Some(day));
            continue;
        }
        if !job.outside_province {
            facts.workplaces.push(job.workplace);
        }
        facts.current = Some(CurrentJob {
            employment: job.id,
            started_on: job.started_on,
            workplace: job.workplace,
        });
    }
    facts
}

/// An employer to be registered.
#[derive(Clone, Debug)]
pub(super) struct NewEmployer {
    pub(super) id: EmployerId,
    pub(super) code: CreditCode,
    pub(super) name: String,
    pub(super) kind: EmployerKind,
    pub(super) county: RegionCode,
}
