//! Why one statement of a category delivery was not taken.

use serde::{Deserialize, Serialize};

use super::{HouseholdRejection, WorkerRejection};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Rejection as _, Text};
use crate::kernel::unreadable::{Misread, Unreadable};

/// Kept with the answer of an idempotent request, so it holds codes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CategoryItemRejection {
    /// A value is not of its type.
    Misread(Misread),
    /// The item names its household in no way, or in two.
    Household,
    /// The county is no county.
    County,
    /// The member's resident id is not valid, with the code of the reason.
    ResidentId(String),
    /// No such household is registered within the agency's reach.
    Unknown,
    /// The household has ended.
    Dissolved,
    /// The first or last day lies in the future: an end that has not come is no fact yet.
    FutureDate,
    /// The last day lies before the first.
    BadPeriod,
    /// An earlier item says something else about the same category and days.
    Contradicts,
}

impl CategoryItemRejection {
    /// The path, below the item, of the input field that caused it.
    #[must_use]
    pub fn field(&self) -> Vec<String> {
        let field = match self {
            Self::Misread(misread) => return misread.field.clone(),
            Self::Household | Self::Unknown | Self::Dissolved => "householdNumber",
            Self::County => "county",
            Self::ResidentId(_) => "residentId",
            Self::FutureDate | Self::Contradicts => "since",
            Self::BadPeriod => "until",
        };
        vec![field.to_owned()]
    }

    /// Stable SCREAMING_CASE code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Misread(misread) => misread.reason.as_str(),
            Self::Household => "BAD_HOUSEHOLD",
            Self::County => WorkerRejection::UnknownRegion.code(),
            Self::ResidentId(code) => code,
            Self::Unknown => "UNKNOWN_HOUSEHOLD",
            Self::Dissolved => HouseholdRejection::Dissolved.code(),
            Self::FutureDate => WorkerRejection::DateInFuture.code(),
            Self::BadPeriod => "BAD_PERIOD",
            Self::Contradicts => "CONTRADICTS_EARLIER_ITEM",
        }
    }

    /// What the agency reads.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Misread(misread) => misread.reason.text(),
            Self::Household => Text::new(
                "请以户编号加县代码，或以任一成员的身份证号码指明该户，二者选一。",
                "Name the household by number and county, or by the resident id of a member.",
            ),
            Self::County => WorkerRejection::UnknownRegion.text(),
            Self::ResidentId(code) => Unreadable::text_of(code),
            Self::Unknown => Text::new(
                "该户未登记或不在您的管辖区域内，本行未保存。",
                "No such household is registered within your reach; the item was not kept.",
            ),
            Self::Dissolved => HouseholdRejection::Dissolved.text(),
            Self::FutureDate => WorkerRejection::DateInFuture.text(),
            Self::BadPeriod => Text::new(
                "截止日期早于起始日期。",
                "The last day lies before the first day.",
            ),
            Self::Contradicts => Text::new(
                "同批次中已有对同一类别、同一时段的不同表述，请合并后重报。",
                "An earlier item states this category differently for the same days. Send one.",
            ),
        }
    }
}
