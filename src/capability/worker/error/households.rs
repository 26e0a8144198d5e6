//! Expected outcomes of moves, splits and mergers.

use crate::kernel::error::{Rejection, Text};

/// Why a household, or somebody in one, was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HouseholdRejection {
    /// The household has ended and takes no further part in anything.
    Dissolved,
    /// The household is registered in that village already.
    AlreadyThere,
    /// It is the household the person belongs to, or the very one it would be merged into.
    SameHousehold,
    /// The day lies before the present residence of somebody who would move.
    BeforePresentResidence,
    /// Somebody named is not in the household.
    UnknownMember,
    /// Nobody would be left in the household, which is a move and not a split.
    NobodyLeft,
}

impl Rejection for HouseholdRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Dissolved => "HOUSEHOLD_DISSOLVED",
            Self::AlreadyThere => "ALREADY_THERE",
            Self::SameHousehold => "SAME_HOUSEHOLD",
            Self::BeforePresentResidence => "BEFORE_PRESENT_RESIDENCE",
            Self::UnknownMember => "UNKNOWN_MEMBER",
            Self::NobodyLeft => "NOBODY_LEFT",
        }
    }

    fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Dissolved => (
                "该户已注销或已并入他户，不能再办理。",
                "This household has ended. Work on the household its members are in now.",
            ),
            Self::AlreadyThere => (
                "该户已登记在此村。",
                "The household is registered in this village already.",
            ),
            Self::SameHousehold => (
                "不能以同一户为目标，请选择另一户。",
                "This is the same household. Name another one.",
            ),
            Self::BeforePresentResidence => (
                "日期早于其现登记住所的起始日，请核对。",
                "The day lies before the present residence of somebody who would move. Check it.",
            ),
            Self::UnknownMember => (
                "所列人员不在该户，请核对。",
                "Somebody named is not a member of this household. Check the ids.",
            ),
            Self::NobodyLeft => (
                "分户后原户须至少留一人；整户迁移请用 moveHousehold。",
                "A split leaves at least one member behind. Use moveHousehold to move all.",
            ),
        };
        Text::new(zh, en)
    }
}
