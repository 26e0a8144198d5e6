//! Who may do what with employers, as data.
//!
//! Employers are public registry data and carry no personal data, so whoever works with them on
//! duty reads all of them. An employer reads its own record only. A helper or a worker has no
//! employer to look up: they meet one inside the job of a person they already see, so they hold
//! [`LOAD`] and neither [`OPEN`] nor [`LIST`], and what they load is narrowed in SQL to employers
//! named on the jobs within their scope. Agencies that neither insure nor register employers
//! (agriculture, civil affairs, training) hold nothing.

use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Agencies whose own data is keyed by employers.
const BY_EMPLOYER: &[Agency] = &[
    Agency::MarketRegulation,
    Agency::SocialInsurance,
    Agency::MedicalSecurity,
    Agency::Tax,
];

/// Opening one employer by id or credit code.
pub const OPEN: Action<Read> = Action::read("employer.open", READERS);

/// Listing employers.
pub const LIST: Action<Read> = Action::read("employer.list", READERS);

const READERS: &[Grant] = &[
    Grant::Role(Role::Admin),
    Grant::Role(Role::Auditor),
    Grant::Officer(Levels::REPORTS, Side::Either),
    Grant::Agency(BY_EMPLOYER),
    Grant::Role(Role::Employer),
];

/// Following a job, a month or a mutation's answer to its employer; see the head of this file.
pub const LOAD: Action<Read> = Action::read(
    "employer.load",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Agency(BY_EMPLOYER),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
    ],
);

/// Entering an employer: the intake of a township or county for a seat in its region, an
/// employer for its own credit code (no more than the code says), the administrator, and the import of ledgers.
pub const REGISTER: Action<Write> = Action::write(
    "employer.register",
    &[
        Grant::Officer(Levels::CHECKS, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Admin),
        Grant::System,
    ],
);

/// Correcting name, kind or seat: a decision of the county, since the kind decides
/// about subsidies. An employer may not change its own: a dispatch firm could become eligible.
pub const UPDATE: Action<Write> = Action::write(
    "employer.update",
    &[
        Grant::Officer(Levels::DECIDES, Side::Either),
        Grant::Role(Role::Admin),
    ],
);

/// Stating standings and legal representatives in bulk: market regulation is their only master.
pub const SUBMIT_STATUSES: Action<Write> = Action::write(
    "employer.submit_statuses",
    &[Grant::Agency(&[Agency::MarketRegulation])],
);

/// Recording an accreditation: a decision of the county, for a seat in its region (workshops are
/// accredited where they stand, F15).
pub const RECORD_ACCREDITATION: Action<Write> = Action::write(
    "employer.record_accreditation",
    &[Grant::Officer(Levels::DECIDES, Side::Either)],
);

/// Bringing the seats of employers from divisions that have ended to their successors: a job of the
/// exchange.
pub const APPLY_SUCCESSORS: Action<Write> =
    Action::write("employer.apply_successors", &[Grant::System]);
