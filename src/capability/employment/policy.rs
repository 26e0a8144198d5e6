//! Who may do what with jobs (DESIGN: the destination owns employment facts, the origin the jobs
//! outside the province and the word that opens a record; villages report, townships check,
//! counties decide, prefectures rule).
//!
//! Agencies hold nothing here: what insurance confirms, it confirms inside its own delivery. A
//! person reports a job and does not end one, because an ending closes the destination's view and
//! starts clocks: they tell an officer, their helper or their employer.

use crate::platform::authn::Role;
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Seeing jobs. The scope decides which: reported ones only the origin and the person.
pub const READ: Action<Read> = Action::read(
    "employment.read",
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

/// Seeing how a job was found, who reported it and for whom, on whose word it counts and why it was
/// voided or sent back: how the two regions work on it, which is not the employer's business. Whoever reported
/// it as a person (the subject of their token) is shown to nobody.
pub const SEE_HANDLING: Action<Read> = Action::read(
    "employment.see_handling",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
        Grant::System,
    ],
);

/// Recording a job. Whoever also holds [`CONFIRM`] and speaks for the person's origin opens the
/// record at once; everybody else, villages and townships included, reports it. What a township
/// reports about its own people counts as checked ([`CHECK`]).
pub const RECORD: Action<Write> = Action::write(
    "employment.record",
    &[
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Role(Role::Employer),
        Grant::Role(Role::Helper),
        Grant::Role(Role::Worker),
    ],
);

/// As [`RECORD`] in bulk, with idempotency keys of its own.
pub const RECORD_MANY: Action<Write> = Action::write("employment.record_many", RECORD.grants);

/// Having looked at a report about the own people: the first check of the township, on which the
/// county decides.
pub const CHECK: Action<Write> = Action::write(
    "employment.check",
    &[Grant::Officer(Levels::CHECKS, Side::Origin)],
);

/// Confirming a reported job, which only the origin reaches, or that a confirmed one goes on,
/// which either side may: a decision of the county.
pub const CONFIRM: Action<Write> = Action::write(
    "employment.confirm",
    &[Grant::Officer(Levels::DECIDES, Side::Either)],
);

/// Saying which registered employer one is that was only written: as [`CONFIRM`].
pub const RESOLVE_EMPLOYER: Action<Write> =
    Action::write("employment.resolve_employer", CONFIRM.grants);

/// Ending a confirmed job: the county of either side, or the employer that signed.
pub const END: Action<Write> = Action::write(
    "employment.end",
    &[
        Grant::Officer(Levels::DECIDES, Side::Either),
        Grant::Role(Role::Employer),
    ],
);

/// Adding a term to a contract: as [`END`].
pub const RENEW: Action<Write> = Action::write("employment.renew", END.grants);

/// Declaring a record a mistake: a decision of the recording side's county, on which prefecture
/// and province may rule.
pub const VOID: Action<Write> = Action::write(
    "employment.void",
    &[Grant::Officer(Levels::RULES, Side::Either)],
);

/// Sending the decision of a county of theirs back to it: supervision by the prefecture and the
/// province of the origin. The county decides anew; they do not decide for it here.
pub const RETURN: Action<Write> = Action::write(
    "employment.return",
    &[Grant::Officer(Levels::RETURNS, Side::Origin)],
);

/// Turning reports about people who have been registered since into reported jobs.
pub const ADOPT_REPORTS: Action<Write> =
    Action::write("employment.adopt_reports", &[Grant::System]);

/// Bringing jobs from divisions that have ended to their successors: a job of the exchange.
pub const APPLY_SUCCESSORS: Action<Write> =
    Action::write("employment.apply_successors", &[Grant::System]);

/// Erasing reports about people whom nobody registered in time.
pub const ERASE_REPORTS: Action<Write> =
    Action::write("employment.erase_reports", &[Grant::System]);
