//! The second opinion: DESIGN §4 by brute force over the facts.

use chrono::NaiveDate;
use employment_exchange::platform::authn::Agency;

use super::facts::{Code, Finding, Job, Person, Posted, lies_in};

/// How a token names the person it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// By record: place in the world's list.
    Record(usize),
    /// By resident id: whoever has it now, if anybody.
    Number(u32),
}

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
    Worker(Bound),
}

impl Who {
    /// Whether the role may look at people at all.
    pub fn looks_at_people(&self) -> bool {
        !matches!(self, Self::Agency(agency, _) if *agency != Agency::Agriculture)
    }

    /// Whether the role may look at jobs at all.
    pub const fn looks_at_jobs(&self) -> bool {
        !matches!(self, Self::Agency(_, _))
    }

    /// Whether the role sees poverty details: an employer does not.
    pub fn sees_poverty(&self) -> bool {
        self.looks_at_people() && !matches!(self, Self::Employer(_))
    }

    /// Whether the role may ask where else somebody works, and whether they are insured: an
    /// employer knows its own jobs only.
    pub fn sees_all_jobs(&self) -> bool {
        self.looks_at_jobs() && !matches!(self, Self::Employer(_))
    }

    /// Whether the role sees when and how often records change.
    pub const fn sees_changes(&self) -> bool {
        !matches!(self, Self::Employer(_))
    }

    /// Whether the role counts people of regions.
    pub fn counts(&self) -> bool {
        match self {
            Self::Admin | Self::Auditor | Self::Officer(_) => true,
            Self::Agency(agency, _) => *agency == Agency::Agriculture,
            Self::Employer(_) | Self::Helper(_) | Self::Worker(_) => false,
        }
    }

    /// Whether the role sees what was paid for somebody: a helper sees months and no money.
    pub const fn sees_money(&self) -> bool {
        !matches!(self, Self::Agency(_, _) | Self::Helper(_))
    }

    /// Of the rows about somebody in reach, those shown: an employer has those that it paid.
    pub fn is_shown(&self, row: &Posted) -> bool {
        match self {
            Self::Employer(own) => row.employer == Some(*own) || row.payer == Some(*own),
            _ => true,
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

    /// Whether an employer named on a job in reach is shown beside it: to an employer only itself.
    pub fn meets_employer(&self, employer: usize) -> bool {
        !matches!(self, Self::Employer(own) if *own != employer)
    }

    /// Whether the role reads findings: officers of a county and above.
    pub const fn reads_findings(&self) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::Officer(region) => region.is_multiple_of(1_000_000),
            Self::Agency(_, _) | Self::Employer(_) | Self::Helper(_) | Self::Worker(_) => false,
        }
    }

    /// A finding belongs to its county, not to whoever reaches what it is about.
    pub fn sees_finding(&self, finding: &Finding) -> bool {
        match self {
            Self::Officer(region) => self.reads_findings() && lies_in(*region, finding.county),
            _ => self.reads_findings(),
        }
    }

    /// Whether the role looks at proposed corrections about the person: it takes the origin.
    pub fn decides_about(&self, person: &Person) -> bool {
        match self {
            Self::Officer(region) => self.reads_findings() && lies_in(*region, person.village),
            _ => self.reads_findings(),
        }
    }

    /// Whether the person, at this place of the world's list, is within reach on a day.
    pub fn sees(&self, today: NaiveDate, place: usize, person: &Person) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::Officer(region) => {
                let left = |(village, until): &(Code, NaiveDate)| {
                    lies_in(*region, *village) && today <= *until
                };
                lies_in(*region, person.village)
                    || person.works_in(*region)
                    || person.stay.is_some_and(|stay| lies_in(*region, stay))
                    || person.former.iter().any(left)
            }
            Self::Agency(Agency::Agriculture, region) => {
                region.is_none_or(|region| lies_in(region, person.village))
            }
            Self::Agency(_, _) => false,
            Self::Employer(own) => person.current_jobs().any(|job| job.is_at(*own)),
            Self::Helper(subject) => person.helper.as_ref().is_some_and(|(by, _)| by == subject),
            Self::Worker(Bound::Record(own)) => *own == place,
            Self::Worker(Bound::Number(number)) => *number == person.number,
        }
    }

    /// Whether households of the village are within reach whoever belongs to them, ended ones too.
    pub fn is_at_home_in(&self, village: Code) -> bool {
        match self {
            Self::Admin | Self::Auditor => true,
            Self::Officer(region) => lies_in(*region, village),
            Self::Agency(_, _) | Self::Employer(_) | Self::Helper(_) | Self::Worker(_) => false,
        }
    }

    /// Whether a job of the person is within reach: what never counted is shown to the origin and
    /// the person alone, and an employer has its own jobs, past ones included.
    pub fn sees_job(&self, today: NaiveDate, place: usize, person: &Person, job: &Job) -> bool {
        let sees = self.sees(today, place, person);
        match self {
            Self::Admin | Self::Auditor | Self::Worker(_) => sees,
            Self::Officer(region) => sees && (job.confirmed || lies_in(*region, person.village)),
            Self::Employer(own) => job.counts() && job.is_at(*own),
            Self::Helper(_) => sees && job.confirmed,
            Self::Agency(_, _) => false,
        }
    }
}
