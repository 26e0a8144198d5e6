//! Actions and grants: the policy as data.

use std::marker::PhantomData;

use crate::kernel::region_code::RegionLevel;
use crate::platform::authn::{Agency, Identity, Role};

/// Whether an action only looks or also changes; the session type follows from it.
pub trait Access: Copy + Send + Sync + 'static {}

/// Marks actions and permits that only look.
#[derive(Clone, Copy, Debug)]
pub struct Read;
/// Marks actions and permits that change something.
#[derive(Clone, Copy, Debug)]
pub struct Write;
impl Access for Read {}
impl Access for Write {}

/// Which of an officer's people an action reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those registered in the officer's region.
    Origin,
    /// Those, and whoever was registered there until a handover of the last 30 days.
    OriginOrFormer,
    /// Those who work or stay there.
    Destination,
    /// Both, and those of the last 30 days.
    Either,
}

/// The levels of region whose officers hold a grant, by the kind of what they do: the one place that
/// says what each level may (DESIGN §4: villages report, townships check, counties decide,
/// prefectures rule, the province does all).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels(u8);

impl Levels {
    /// Every level: looking, visiting, reporting.
    pub const REPORTS: Self = Self(0b1_1111);
    /// Township, county and province: intake and the first check. A village reports for them, a
    /// prefecture supervises.
    pub const CHECKS: Self = Self(0b0_1101);
    /// County and province: decisions about people, jobs, employers and money, which a prefecture
    /// supervises.
    pub const DECIDES: Self = Self(0b0_0101);
    /// County, prefecture and province: rulings on what was decided, such as taking a record back as
    /// a mistake, and what only they look at.
    pub const RULES: Self = Self(0b0_0111);
    /// Prefecture and province: sending a decision of a county below back to it.
    pub const RETURNS: Self = Self(0b0_0011);

    const fn bit(level: RegionLevel) -> u8 {
        match level {
            RegionLevel::Province => 1,
            RegionLevel::Prefecture => 2,
            RegionLevel::County => 4,
            RegionLevel::Township => 8,
            RegionLevel::Village => 16,
        }
    }

    /// Whether officers of this level are among them.
    #[must_use]
    pub const fn contains(self, level: RegionLevel) -> bool {
        self.0 & Self::bit(level) != 0
    }
}

/// One line of an action's policy.
#[derive(Clone, Copy, Debug)]
pub enum Grant {
    /// Everybody of a role that is neither officer nor agency.
    Role(Role),
    /// Officers of these levels, for people on this side.
    Officer(Levels, Side),
    /// These agencies.
    Agency(&'static [Agency]),
    /// Jobs and commands of the exchange itself.
    System,
}

/// Something that can be asked of the exchange, with who may ask it.
///
/// `A` is [`Read`] or [`Write`]. Declared as a `const` in a capability's `policy.rs`.
#[derive(Debug)]
pub struct Action<A> {
    /// Stable name, as it stands in the trail: the capability, a dot, words in snake case, such as
    /// `worker.register_household`.
    pub name: &'static str,
    /// Who may; everybody else may not.
    pub grants: &'static [Grant],
    access: PhantomData<A>,
}

impl Action<Read> {
    /// An action that only looks.
    #[must_use]
    pub const fn read(name: &'static str, grants: &'static [Grant]) -> Self {
        Self {
            name,
            grants,
            access: PhantomData,
        }
    }
}

impl Action<Write> {
    /// An action that changes something.
    #[must_use]
    pub const fn write(name: &'static str, grants: &'static [Grant]) -> Self {
        Self {
            name,
            grants,
            access: PhantomData,
        }
    }
}

impl<A: Access> Action<A> {
    /// The side on which this identity holds the action, or `None` when it does not hold it.
    /// `acts_as_county` is for an officer of a prefecture that stands in for a county.
    pub(super) fn side_for(&self, identity: &Identity, acts_as_county: bool) -> Option<Side> {
        self.grants
            .iter()
            .find_map(|grant| match (grant, identity) {
                (Grant::Officer(levels, side), Identity::Officer { region })
                    if levels.contains(region.level())
                        || (acts_as_county && levels.contains(RegionLevel::County)) =>
                {
                    Some(*side)
                }
                (Grant::Agency(agencies), Identity::Agency { agency, .. })
                    if agencies.contains(agency) =>
                {
                    Some(Side::Either)
                }
                (Grant::System, Identity::System { .. }) => Some(Side::Either),
                (
                    Grant::Role(role),
                    Identity::Admin
                    | Identity::Auditor
                    | Identity::Employer { .. }
                    | Identity::Helper { .. }
                    | Identity::Worker(_),
                ) if Some(*role) == identity.role() => Some(Side::Either),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the documentation says of each level, from its own table.
    fn documented(kind: &str) -> Vec<bool> {
        let text = include_str!("../../../docs/authorization.md");
        let row = format!("| {kind} |");
        let line = text.lines().find(|line| line.starts_with(&row));
        let cells = line.expect("a row of the table").split('|');
        cells
            .skip(3)
            .take(5)
            .map(|cell| cell.trim() == "✔")
            .collect()
    }

    #[test]
    fn the_documented_levels_are_those_of_the_policy() {
        let levels = [
            RegionLevel::Village,
            RegionLevel::Township,
            RegionLevel::County,
            RegionLevel::Prefecture,
            RegionLevel::Province,
        ];
        for (kind, held) in [
            ("report", Levels::REPORTS),
            ("check", Levels::CHECKS),
            ("decide", Levels::DECIDES),
            ("rule", Levels::RULES),
            ("return", Levels::RETURNS),
        ] {
            let held: Vec<bool> = levels.iter().map(|level| held.contains(*level)).collect();
            assert_eq!(held, documented(kind), "{kind}");
        }
    }
}
