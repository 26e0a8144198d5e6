//! The proven caller of a request, or the named system actor of a job.
//!
//! Its fields are private and only this module's parent builds one from a verified token: a
//! principal in hand is the proof that somebody checked.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::kernel::closed::{Closed as _, closed};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;

/// Issuer of the principals that are no token holders: jobs and the command line.
const SYSTEM_ISSUER: &str = "system";

closed! {
    /// What a token says its holder is.
    Role {
        /// The province's administrator: policies, calendars, targets.
        Admin = "ADMIN",
        /// An officer of a region on any of the five levels.
        Officer = "OFFICER",
        /// A partner agency that masters a data set.
        Agency = "AGENCY",
        /// An employer, for its own staff.
        Employer = "EMPLOYER",
        /// A paired helper: a cadre or a village station.
        Helper = "HELPER",
        /// A person in the registry, for the own record.
        Worker = "WORKER",
        /// Reads everything masked and proves that nothing was altered.
        Auditor = "AUDITOR",
    }
}

closed! {
    /// The partner agencies that submit data.
    Agency {
        /// Social insurance: pension, unemployment and work injury months.
        SocialInsurance = "SOCIAL_INSURANCE",
        /// Medical security: medical and maternity insurance months.
        MedicalSecurity = "MEDICAL_SECURITY",
        /// Tax: collected contributions.
        Tax = "TAX",
        /// Civil affairs: deaths, minimum living allowance.
        CivilAffairs = "CIVIL_AFFAIRS",
        /// Market regulation: employers and their standing.
        MarketRegulation = "MARKET_REGULATION",
        /// Agriculture: sole master of the household category.
        Agriculture = "AGRICULTURE",
        /// Training bodies: courses and certificates.
        Training = "TRAINING",
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a worker's token names its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkerBinding {
    /// By the record's id.
    Id(WorkerId),
    /// By resident id, hashed on arrival: issuers outside the exchange know no record ids.
    ResidentIdHash(BlindIndex),
}

/// Who the caller is, with the facts its role cannot do without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// [`Role::Admin`].
    Admin,
    /// [`Role::Officer`].
    Officer {
        /// The officer's own region.
        region: RegionCode,
    },
    /// [`Role::Agency`].
    Agency {
        /// Which agency.
        agency: Agency,
        /// Where; the whole province when absent.
        region: Option<RegionCode>,
    },
    /// [`Role::Employer`].
    Employer {
        /// The employer's unified social credit code.
        credit_code: CreditCode,
    },
    /// [`Role::Helper`].
    Helper {
        /// Where the helper works; the people are those assigned to the token's subject.
        region: RegionCode,
    },
    /// [`Role::Worker`].
    Worker(WorkerBinding),
    /// [`Role::Auditor`].
    Auditor,
    /// A job or a command of the exchange itself; no token yields it.
    System {
        /// Its name in the trail, such as `journal.sequencer`.
        name: &'static str,
        /// For whom it acts, such as the county of an imported ledger.
        region: Option<RegionCode>,
    },
}

impl Identity {
    /// The role behind it; `None` for the system, which has grants of its own.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Admin => Some(Role::Admin),
            Self::Officer { .. } => Some(Role::Officer),
            Self::Agency { .. } => Some(Role::Agency),
            Self::Employer { .. } => Some(Role::Employer),
            Self::Helper { .. } => Some(Role::Helper),
            Self::Worker(_) => Some(Role::Worker),
            Self::Auditor => Some(Role::Auditor),
            Self::System { .. } => None,
        }
    }

    /// For whom it acts, as one text: its role with region, agency, employer or person. Two tokens of
    /// one subject with the same text may do the same.
    #[must_use]
    pub fn capacity(&self) -> String {
        let of = |region: &Option<RegionCode>| region.map_or_else(String::new, |r| r.to_string());
        let whose = match self {
            Self::Admin | Self::Auditor => String::new(),
            Self::Officer { region } | Self::Helper { region } => region.to_string(),
            Self::Agency { agency, region } => format!("{} {}", agency.as_str(), of(region)),
            Self::Employer { credit_code } => credit_code.to_string(),
            Self::Worker(WorkerBinding::Id(id)) => id.uuid().to_string(),
            Self::Worker(WorkerBinding::ResidentIdHash(hash)) => hash.to_hex(),
            Self::System { name, region } => format!("{name} {}", of(region)),
        };
        format!("{} {whose}", self.role().map_or("SYSTEM", Role::as_str))
    }
}

/// A caller whose identity has been proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    issuer: String,
    subject: String,
    token_id: Option<String>,
    expires_at: Option<DateTime<Utc>>,
    identity: Identity,
}

/// The standard claims of a token that passed every check.
pub(in crate::platform) struct VerifiedToken {
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// `jti`, or what the issuer calls it; some give none.
    pub token_id: Option<String>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
}

impl Principal {
    /// The holder of a token that passed every check: for the authenticator alone.
    pub(in crate::platform) fn verified(token: VerifiedToken, identity: Identity) -> Self {
        let VerifiedToken {
            issuer,
            subject,
            token_id,
            expires_at,
        } = token;
        Self {
            issuer,
            subject,
            token_id,
            expires_at: Some(expires_at),
            identity,
        }
    }

    /// A job or a command of the exchange itself, acting under its own name: for `Caller::system`, which
    /// only `jobs` and `cli` may call, and for the journal's own entries.
    pub(in crate::platform) fn system(name: &'static str, region: Option<RegionCode>) -> Self {
        Self {
            issuer: SYSTEM_ISSUER.to_owned(),
            subject: name.to_owned(),
            token_id: None,
            expires_at: None,
            identity: Identity::System { name, region },
        }
    }

    /// Who vouches for the subject: the token's `iss`, or `system`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The token's `sub`, unique within the issuer; the name of a system actor.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The token's `jti`, where its issuer gives one; the system has no token.
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.token_id.as_deref()
    }

    /// When the token ends, so that a long connection can end with it; the system does not expire.
    #[must_use]
    pub const fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// Who it is.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The role of its token; `None` for the system.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.identity.role()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_and_agency_names_round_trip_and_nothing_else_is_read() {
        for role in Role::VALUES {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
        }
        for agency in Agency::VALUES {
            assert_eq!(Agency::parse(agency.as_str()), Some(*agency));
        }
        assert_eq!((Role::VALUES.len(), Agency::VALUES.len()), (7, 7));
        for foreign in ["admin", " ADMIN", "SYSTEM", ""] {
            assert_eq!(Role::parse(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn a_worker_bound_by_resident_id_prints_no_hash() {
        let binding = WorkerBinding::ResidentIdHash(BlindIndex::from_bytes([0xab; 32]));
        let identity = Identity::Worker(binding);
        assert_eq!(
            format!("{identity:?}"),
            "Worker(ResidentIdHash(BlindIndex(..)))"
        );
    }

    #[test]
    fn the_system_has_a_name_and_no_role() {
        let sequencer = Principal::system("journal.sequencer", None);
        assert_eq!(sequencer.role(), None);
        assert_eq!(
            (
                sequencer.issuer(),
                sequencer.subject(),
                sequencer.token_id()
            ),
            ("system", "journal.sequencer", None)
        );
    }
}
