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
        Grant::Officer(Levels::REPORTS, Side::Either),
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
        Grant::Officer(Levels::REPORTS, Side::Either),
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
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Seeing since when somebody works or does not, when the record last changed and how often, and
/// listing by it: what happens at somebody's other jobs shows in all of these, and an employer knows
/// its own only.
pub const SEE_CHANGES: Action<Read> = Action::read(
    "worker.see_changes",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::Agency(&[Agency::Agriculture]),
        Grant::System,
    ],
);

/// Seeing which officer recorded a statement about somebody: for those who work on the record.
pub const SEE_RECORDER: Action<Read> = Action::read(
    "worker.see_recorder",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
    ],
);

/// Seeing masked contact data, education and skills: not needed by agriculture.
pub const SEE_CONTACT: Action<Read> = Action::read(
    "worker.see_contact",
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

/// Seeing the masked bank account, by which subsidies reach the person: no employer's business.
pub const SEE_ACCOUNT: Action<Read> = Action::read(
    "worker.see_account",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Registering households and people: intake of the origin county and its townships.
pub const REGISTER: Action<Write> = Action::write(
    "worker.register",
    &[Grant::Officer(Levels::CHECKS, Side::Origin), Grant::System],
);

/// Registering a household: as [`REGISTER`], with idempotency keys of its own.
pub const REGISTER_HOUSEHOLD: Action<Write> =
    Action::write("worker.register_household", REGISTER.grants);

/// Decisions about where people are registered and with whom, and about what befell them: the
/// origin's county, for whoever is registered there now, and the province (DESIGN §4: the origin
/// owns identity and household; counties decide, prefectures rule).
const ORIGIN_DECIDES: &[Grant] = &[Grant::Officer(Levels::DECIDES, Side::Origin)];

/// Rulings on what the origin's county decided or was told.
const ORIGIN_RULES: &[Grant] = &[Grant::Officer(Levels::RULES, Side::Origin)];

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

/// Proposing to correct a resident id: the county of origin.
pub const PROPOSE_CORRECTION: Action<Write> =
    Action::write("worker.propose_resident_id_correction", ORIGIN_DECIDES);

/// Deciding a proposed correction: the county of origin or a region around it, and never whoever
/// proposed it.
pub const DECIDE_CORRECTION: Action<Write> =
    Action::write("worker.decide_resident_id_correction", ORIGIN_RULES);

/// Proposing to correct a name: as [`PROPOSE_CORRECTION`], with idempotency keys of its own.
pub const PROPOSE_NAME_CORRECTION: Action<Write> =
    Action::write("worker.propose_name_correction", PROPOSE_CORRECTION.grants);

/// Deciding a proposed correction of a name: as [`DECIDE_CORRECTION`].
pub const DECIDE_NAME_CORRECTION: Action<Write> =
    Action::write("worker.decide_name_correction", DECIDE_CORRECTION.grants);

/// Looking at proposed corrections.
pub const READ_CORRECTIONS: Action<Read> = Action::read(
    "worker.read_corrections",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::RULES, Side::Origin),
    ],
);

/// Stating the category of households in bulk: agriculture alone is its master, in the region of
/// its token where that names one.
pub const SUBMIT_CATEGORIES: Action<Write> = Action::write(
    "worker.submit_categories",
    &[Grant::Agency(&[Agency::Agriculture])],
);

/// Taking categories that have ended from the people who carry them: a job of the exchange.
pub const LAPSE_CATEGORIES: Action<Write> =
    Action::write("worker.lapse_categories", &[Grant::System]);

/// Bringing people from divisions that have ended to their successors: a job of the exchange.
pub const APPLY_SUCCESSORS: Action<Write> =
    Action::write("worker.apply_successors", &[Grant::System]);

/// Changing a person's record: the origin's intake, and the person (DESIGN §4: the origin owns
/// identity, household and willingness; a worker changes contact data and willingness; a former
/// holder corrects for 30 days after a handover).
pub const UPDATE: Action<Write> = Action::write(
    "worker.update",
    &[
        Grant::Officer(Levels::CHECKS, Side::OriginOrFormer),
        Grant::Role(Role::Worker),
    ],
);

/// Changing every field of a record; whoever only holds [`UPDATE`] keeps to their own.
pub const UPDATE_EVERY_FIELD: Action<Write> = Action::write(
    "worker.update_every_field",
    &[Grant::Officer(Levels::CHECKS, Side::Origin)],
);

/// Of [`UPDATE`]: the account that subsidies are paid to, which is money and no intake.
pub const UPDATE_ACCOUNT: Action<Write> = Action::write(
    "worker.update_account",
    &[
        Grant::Officer(Levels::DECIDES, Side::Origin),
        Grant::Role(Role::Worker),
    ],
);

/// Recording a death.
pub const RECORD_DEATH: Action<Write> = Action::write("worker.record_death", ORIGIN_DECIDES);

/// Reporting a death by resident id: civil affairs masters deaths and sees no record, so the
/// answer never says whether there is one.
pub const REPORT_DEATH: Action<Write> = Action::write(
    "worker.report_death",
    &[Grant::Agency(&[Agency::CivilAffairs])],
);

/// Recording that a public welfare post was left: the origin owns the posts (DESIGN §4).
pub const LEAVE_PUBLIC_POST: Action<Write> =
    Action::write("worker.leave_public_post", ORIGIN_DECIDES);

/// Taking back what was recorded about a person and work by mistake; a death by a second person.
pub const VOID_LABOUR_FACT: Action<Write> = Action::write("worker.void_labour_fact", ORIGIN_RULES);

/// Pairing a person with a helper, which the origin owns (DESIGN §4).
pub const ASSIGN_HELPER: Action<Write> = Action::write(
    "worker.assign_helper",
    &[Grant::Officer(Levels::CHECKS, Side::Origin)],
);

/// Seeing who helps somebody now: for those who pair people with helpers.
pub const SEE_HELPER: Action<Read> = Action::read("worker.see_helper", ASSIGN_HELPER.grants);

/// Seeing personal values in full, for a purpose: officers in scope, people their own, helpers
/// only the phone. A write, because its entry must be durable before the values leave.
pub const REVEAL: Action<Write> = Action::write(
    "worker.reveal",
    &[
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
    ],
);

/// Of [`REVEAL`]: resident id, birth date and account. Townships and villages work with the masked
/// id and, like helpers, need no more than the phone for their visits.
pub const REVEAL_IDENTITY: Action<Write> = Action::write(
    "worker.reveal_identity",
    &[
        Grant::Officer(Levels::RULES, Side::Either),
        Grant::Role(Role::Worker),
    ],
);

/// Registering people in bulk: as [`REGISTER`], with idempotency keys of its own.
pub const REGISTER_WORKERS: Action<Write> =
    Action::write("worker.register_workers", REGISTER.grants);
