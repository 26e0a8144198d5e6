//! Who sees figures. Employers, helpers and workers see people, not regions; agencies but
//! agriculture see their own submissions.

use crate::platform::authn::{Agency, Role};
use crate::platform::authz::{Action, Grant, Levels, Read, Side, Write};

/// Counting people of a region, by what whoever counts may see of each of them.
pub const READ: Action<Read> = Action::read(
    "overview.read",
    &[
        Grant::Role(Role::Admin),
        Grant::Role(Role::Auditor),
        Grant::Officer(Levels::REPORTS, Side::Either),
        Grant::Agency(&[Agency::Agriculture]),
    ],
);

/// Of [`READ`]: figures about insurance and about where people work. Like the lists of people, they
/// are for whoever sees jobs and insurance of each person; agriculture sees neither.
pub const SEE_WORK: Action<Read> = Action::read("overview.see_work", SEES_WORK);

/// Streams between where people are registered and where they work, for whoever sees both.
pub const READ_FLOWS: Action<Read> = Action::read("overview.read_flows", SEES_WORK);

/// Looking at the roll-up of figures as such: what waits to be folded, and whether it agrees with the
/// registry. Who operates the exchange learns it, and no figure.
pub const EXAMINE: Action<Read> = Action::read("overview.examine_figures", &[Grant::System]);

/// Adding changes of the figures to their cells: a job of the exchange.
pub const FOLD: Action<Write> = Action::write("overview.fold_figures", &[Grant::System]);

const SEES_WORK: &[Grant] = &[
    Grant::Role(Role::Admin),
    Grant::Role(Role::Auditor),
    Grant::Officer(Levels::REPORTS, Side::Either),
];
