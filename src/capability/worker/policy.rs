//! Who may do what in the registry (DESIGN: the origin owns identity, household and willingness;
//! villages report, townships check, counties decide, prefectures rule).

use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Opening a person or a list of people, masked. The scope decides which.
pub const READ: Action<Read> = Action::read(
    "worker.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::ALL, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::Agency(&[Agency::Agriculture]),
        Grant::System,
    ],
);

/// Seeing category, household, willingness and origin address: poverty details that an employer
/// never sees and no agency but agriculture needs.
pub const SEE_POVERTY_DETAILS: Action<Read> = Action::read(
    "worker.see_poverty_details",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::ALL, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::Agency(&[Agency::Agriculture]),
        Grant::System,
    ],
);

/// Narrowing a list by where and for whom people work, or by insurance: an answer to such a filter
/// tells what the fields tell, so it takes whoever sees all jobs and standings of their people. An
/// employer knows its own jobs only, agriculture none.
pub const FILTER_BY_WORK: Action<Read> = Action::read(
    "worker.filter_by_work",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::ALL, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Seeing masked contact data, education and skills: not needed by agriculture.
pub const SEE_CONTACT: Action<Read> = Action::read(
    "worker.see_contact",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::ALL, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Registering households and people: intake of the origin county and its townships.
pub const REGISTER: Action<Write> = Action::write(
    "worker.register",
    &[
        Grant::Officer(Levels::REGISTRY, Side::Origin),
        Grant::System,
    ],
);

/// Registering a household: as [`REGISTER`], with idempotency keys of its own.
pub const REGISTER_HOUSEHOLD: Action<Write> =
    Action::write("worker.register_household", REGISTER.grants);

/// Decisions about where people are registered and with whom: the origin's county, for whoever is
/// registered there now, and its superiors for their own area (DESIGN §4: the origin owns identity
/// and household; counties decide, prefectures rule).
const ORIGIN_DECIDES: &[Grant] = &[Grant::Officer(Levels::COUNTY_UP, Side::Origin)];

/// Moving a household, within the county or to another one. It is the present origin that gives
/// away: from the move on, the new county owns the records.
pub const MOVE_HOUSEHOLD: Action<Write> = Action::write("worker.move_household", ORIGIN_DECIDES);

/// Moving one person into another household, or into a new one of their own.
pub const MOVE_WORKER: Action<Write> = Action::write("worker.move", ORIGIN_DECIDES);

/// Splitting a household.
pub const SPLIT_HOUSEHOLD: Action<Write> = Action::write("worker.split_household", ORIGIN_DECIDES);

/// Merging two households, both of the caller's region.
pub const MERGE_HOUSEHOLDS: Action<Write> =
    Action::write("worker.merge_households", ORIGIN_DECIDES);
