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

/// The levels of region whose officers hold a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels(u8);

impl Levels {
    /// Province, prefecture, county, township and village.
    pub const ALL: Self = Self(0b1_1111);
    /// County and above: decisions.
    pub const COUNTY_UP: Self = Self(0b0_0111);
    /// Prefecture and province: sending a decision of a county below back to it.
    pub const SUPERVISES: Self = Self(0b0_0011);
    /// County only: decisions that a superior supervises but does not take itself.
    pub const COUNTY: Self = Self(0b0_0100);
    /// Province, county and township: intake, which a prefecture supervises but does not do and
    /// a village only reports for.
    pub const REGISTRY: Self = Self(0b0_1101);
    /// County and province: decisions that a prefecture supervises and rules on.
    pub const DECIDES: Self = Self(0b0_0101);
    /// Township and above: first check.
    pub const TOWNSHIP_UP: Self = Self(0b0_1111);

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
    #[must_use]
    pub fn side_for(&self, identity: &Identity) -> Option<Side> {
        self.grants
            .iter()
            .find_map(|grant| match (grant, identity) {
                (Grant::Officer(levels, side), Identity::Officer { region })
                    if levels.contains(region.level()) =>
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
