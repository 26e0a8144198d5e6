//! Who may do what with insurance data, as data.
//!
//! Bases and shares say what somebody earns, so fewer roles see them than see whether somebody is
//! insured: a paired helper learns months and standing, not money. An employer sees the rows that
//! it paid (as employer or as head office) and nothing that follows from those of others. Agencies
//! submit and see nothing of what is kept, agriculture included: a look at it would say who is
//! registered, or what they earn.

use super::model::InsuranceKind;
use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// The agencies that insure people or collect contributions.
const INSURERS: &[Agency] = &[
    Agency::SocialInsurance,
    Agency::MedicalSecurity,
    Agency::Tax,
];

/// Seeing rows with base and shares.
pub const SEE_CONTRIBUTIONS: Action<Read> = Action::read(
    "insurance.see_contributions",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Worker),
    ],
);

/// Seeing which months count: those who see rows, helpers for their assigned people, and jobs.
pub const SEE_MONTHS: Action<Read> = Action::read(
    "insurance.see_months",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Seeing whether somebody is insured now. Not for employers: it follows from every employer's
/// months.
pub const SEE_STANDING: Action<Read> = Action::read(
    "insurance.see_standing",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Submitting months; each agency only those of [`kinds_of`].
pub const SUBMIT_CONTRIBUTIONS: Action<Write> =
    Action::write("insurance.submit_contributions", &[Grant::Agency(INSURERS)]);

/// Submitting enrolment and stop dates, arrears and pensions; each agency only for [`kinds_of`].
pub const SUBMIT_FACTS: Action<Write> =
    Action::write("insurance.submit_facts", &[Grant::Agency(INSURERS)]);

/// Taking the people whose rows an agency should send again. It reveals resident ids, so every
/// person taken is an entry of the trail.
pub const TAKE_REQUERY: Action<Write> =
    Action::write("insurance.take_requery", &[Grant::Agency(INSURERS)]);

/// Reading what the agency itself has taken from that list.
pub const READ_REQUERY: Action<Read> =
    Action::read("insurance.read_requery", &[Grant::Agency(INSURERS)]);

/// Finding newly registered people of whom an agency has sent nothing.
pub const FIND_UNHEARD_OF: Action<Read> =
    Action::read("insurance.find_unheard_of", &[Grant::System]);

/// Putting newly registered people on the agencies' lists.
pub const FILL_REQUERY: Action<Write> = Action::write("insurance.fill_requery", &[Grant::System]);

/// Confirming reported jobs by months that were here before them.
pub const CONFIRM_REPORTED: Action<Write> =
    Action::write("insurance.confirm_reported", &[Grant::System]);

/// The insurances an agency speaks for: medical and maternity belong to medical security, the
/// others to social insurance; the tax authority collects all five.
#[must_use]
pub const fn kinds_of(agency: Agency) -> &'static [InsuranceKind] {
    match agency {
        Agency::SocialInsurance => &[
            InsuranceKind::Pension,
            InsuranceKind::Unemployment,
            InsuranceKind::WorkInjury,
        ],
        Agency::MedicalSecurity => &[InsuranceKind::Medical, InsuranceKind::Maternity],
        Agency::Tax => &[
            InsuranceKind::Pension,
            InsuranceKind::Unemployment,
            InsuranceKind::Medical,
            InsuranceKind::WorkInjury,
            InsuranceKind::Maternity,
        ],
        Agency::CivilAffairs
        | Agency::MarketRegulation
        | Agency::Agriculture
        | Agency::Training => &[],
    }
}
