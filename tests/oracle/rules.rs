//! The second opinion: DESIGN §4 by brute force over the facts.

use employment_exchange::platform::authn::Agency;

use super::world::{Job, Person};

/// A division, as twelve digits.
pub type Code = u64;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Admin,
    Auditor,
    Officer(Code),
    Agency(Agency, Option<Code>),
    /// By place in the world's list.
    Employer(usize),
    Helper(String),
    /// By place in the world's list.
    Worker(usize),
}

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

impl Job {
    /// Confirmed, not voided, not ended: it counts now.
    pub fn is_current(&self) -> bool {
        self.confirmed && !self.voided && !self.ended
    }

    fn is_at(&self, employer: usize) -> bool {
        self.employer == Some(employer) || self.host == Some(employer)
    }
}

impl Person {
    /// Whether a current job in the province is in the region.
    pub fn works_in(&self, region: Code) -> bool {
        self.jobs.iter().any(|job| {
            job.is_current() && in_province(job.workplace) && lies_in(region, job.workplace)
        })
    }

    /// The current job that started last.
    pub fn principal(&self) -> Option<&Job> {
        let current = self.jobs.iter().filter(|job| job.is_current());
        current.max_by_key(|job| job.started)
    }

    pub fn status(&self) -> &'static str {
        let ended = |job: &Job| job.confirmed && !job.voided && job.ended;
        match self.principal() {
            Some(_) => "WORKING",
            None if self.jobs.iter().any(ended) => "NOT_WORKING",
            None => "UNKNOWN",
        }
    }
}

impl Who {
    /// Whether the role may look at people at all.
    pub fn looks_at_people(&self) -> bool {
        !matches!(self, Self::Agency(agency, _) if *agency != Agency::Agriculture)
    }

    /// Whether the role may look at jobs at all.
    pub fn looks_at_jobs(&self) -> bool {
        !matches!(self, Self::Agency(_, _))
    }

    /// Whether the role sees poverty details: an employer does not.
    pub fn sees_poverty(&self) -> bool {
        self.looks_at_people() && !matches!(self, Self::Employer(_))
    }

    /// Whether the role may ask where else somebody works: an employer knows its own jobs only.
    pub fn sees_all_jobs(&self) -> bool {
        self.looks_at_jobs() && !matches!(self, Self::Employer(_))
    }

    /// Whether the role counts people of regions.
    pub fn counts(&self) -> bool {
        match self {
            Self::Admin | Self::Auditor | Self::Officer(_) => true,
            Self::Agency(agency, _) => *agency == Agency::Agriculture,
            Self::Employer(_) | Self::Helper(_) | Self::Worker(_) => false,
        }
    }

    /// Whether the role reads the registry of employers, and of those this one.
    pub fn lists_employer(&self, employer: usize) -> bool {
        match self {
            Self::Employer(own) => *own == employer,
            _ => self.lists_employers(),
        }
    }

    pub fn lists_employers(&self) -> bool {
        use Agency::{Agriculture, CivilAffairs, Training};
        match self {
            Self::Admin | Self::Auditor | Self::Officer(_) | Self::Employer(_) => true,
            Self::Agency(agency, _) => !matches!(agency, Agriculture | CivilAffairs | Training),
            Self::Helper(_) | Self::Worker(_) => false,
        }
    }

    /// Whether the person is within reach.
    pub fn sees(&self, place: usize, person: &Person) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::Officer(region) => {
                lies_in(*region, person.village)
                    || person.works_in(*region)
                    || person.stay.is_some_and(|stay| lies_in(*region, stay))
            }
            Self::Agency(Agency::Agriculture, region) => {
                region.is_none_or(|region| lies_in(region, person.village))
            }
            Self::Agency(_, _) => false,
            Self::Employer(own) => {
                let at = |job: &Job| job.is_current() && job.is_at(*own);
                person.jobs.iter().any(at)
            }
            Self::Helper(subject) => person.helper.as_ref() == Some(subject),
            Self::Worker(own) => *own == place,
        }
    }

    /// Whether a job of the person is within reach: what never counted is shown to the origin and
    /// the person alone, and an employer has its own jobs, past ones included.
    pub fn sees_job(&self, place: usize, person: &Person, job: &Job) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::Officer(region) => {
                let origin = lies_in(*region, person.village);
                self.sees(place, person) && (job.confirmed || origin)
            }
            Self::Employer(own) => job.confirmed && !job.voided && job.is_at(*own),
            Self::Helper(_) => self.sees(place, person) && job.confirmed,
            Self::Worker(own) => *own == place,
            Self::Agency(_, _) => false,
        }
    }
}
