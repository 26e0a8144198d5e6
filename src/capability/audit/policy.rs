//! Who may do what with findings and matchings (DESIGN §4: an auditor sees everything masked and
//! may change findings; counties decide, prefectures supervise and rule).
//!
//! A finding belongs to its responsible county. That county's officers answer it, or those of a
//! region around the county; townships and villages have no part in it. Whoever does not hold
//! [`READ`] learns nothing of findings, the person or employer concerned included: an audit that
//! is under way is not theirs to see, nor in their access log before it is closed.

use crate::platform::authn::Role;
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Opening and listing findings; officers those that a county of their region has to answer.
pub const READ: Action<Read> = Action::read(
    "audit.read_findings",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::RULES, Side::Either),
    ],
);

const AUDITORS: &[Grant] = &[Grant::Role(Role::Auditor)];

/// Recording a finding.
pub const RECORD: Action<Write> = Action::write("audit.record_finding", AUDITORS);

/// Answering a finding: the responsible county, or the province.
pub const ANSWER: Action<Write> = Action::write(
    "audit.answer_finding",
    &[Grant::Officer(Levels::DECIDES, Side::Either)],
);

/// Deciding what comes of a finding.
pub const CLOSE: Action<Write> = Action::write("audit.close_finding", AUDITORS);

/// Asking for another answer.
pub const REOPEN: Action<Write> = Action::write("audit.reopen_finding", AUDITORS);

/// Bringing findings for counties that have ended to their successors: a job of the exchange.
pub const APPLY_SUCCESSORS: Action<Write> =
    Action::write("audit.apply_successors", &[Grant::System]);

/// Comparing a list of numbers with the records. A write, because its entries must be durable
/// before anybody is shown.
pub const MATCH: Action<Write> = Action::write("audit.match_records", AUDITORS);

/// Seeing again who was matched, when a request is repeated.
pub const SEE_MATCHED: Action<Read> = Action::read("audit.see_matched", AUDITORS);
