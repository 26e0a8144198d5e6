//! Figures of a region, from groups of like people.

use crate::capability::worker::public::{Categories, PovertyCategory, WorkSplit, WorkStatus};
use crate::kernel::closed::{Closed, closed};
use crate::kernel::region_code::RegionCode;

closed! {
    /// Seen from which end a flow is counted.
    FlowDirection {
        /// People registered in the region, by where they work.
        Out = "OUT",
        /// People who work in the region, by where they are registered.
        In = "IN",
    }
}

/// People who are alike in everything that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) status: WorkStatus,
    pub(super) split: Option<WorkSplit>,
    pub(super) able: Option<bool>,
    pub(super) willing: Option<bool>,
    pub(super) categories: Categories,
    pub(super) people: i64,
}

/// The figures of one region. Every person counts once, at the place of registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionSummary {
    /// People registered there.
    pub people: i64,
    /// Of them, by work status, in the order of the closed set; the parts add up to the whole.
    pub by_status: Vec<(WorkStatus, i64)>,
    /// Of them, by category of the household. Several may hold at once, so these do not add up.
    pub by_category: Vec<(PovertyCategory, i64)>,
    /// Of them, leavers of public welfare posts.
    pub public_post_leavers: i64,
    /// Of them, able and willing to work: the denominator of every rate. Whoever died or left the
    /// labour force is not, whatever was stated before.
    pub able_and_willing: i64,
    /// Of them, working.
    pub working: i64,
    /// Of those working, by place; the parts add up to `working`.
    pub by_split: Vec<(WorkSplit, i64)>,
    /// Of those registered and alive, whose pension insurance answers `YES` today.
    pub insured: i64,
    /// People from anywhere with a confirmed current job there.
    pub working_here: i64,
}

/// A stream of people between two regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Where they are registered.
    pub origin: RegionCode,
    /// Where they work; `None` outside the province.
    pub destination: Option<RegionCode>,
    /// How many.
    pub people: i64,
}

/// Whether somebody of this status can be counted among those able and willing to work.
const fn in_labour_force(status: WorkStatus) -> bool {
    match status {
        WorkStatus::Working | WorkStatus::NotWorking | WorkStatus::Unknown => true,
        WorkStatus::LeftLabourForce | WorkStatus::Deceased => false,
    }
}

/// Adds groups up.
pub(super) fn summarise(groups: &[Group]) -> RegionSummary {
    let count =
        |holds: &dyn Fn(&Group) -> bool| groups.iter().filter(|g| holds(g)).map(|g| g.people).sum();
    RegionSummary {
        people: count(&|_| true),
        by_status: WorkStatus::VALUES
            .iter()
            .map(|status| (*status, count(&|g| g.status == *status)))
            .collect(),
        by_category: PovertyCategory::VALUES
            .iter()
            .map(|category| {
                let bit = Categories::bit(*category);
                (*category, count(&|g| g.categories.bits() & bit != 0))
            })
            .collect(),
        public_post_leavers: count(&|g| g.categories.is_public_post_leaver()),
        able_and_willing: count(&|g| {
            in_labour_force(g.status) && g.able == Some(true) && g.willing == Some(true)
        }),
        working: count(&|g| g.status == WorkStatus::Working),
        by_split: WorkSplit::VALUES
            .iter()
            .map(|split| (*split, count(&|g| g.split == Some(*split))))
            .collect(),
        insured: 0,
        working_here: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_summary_add_up_to_the_whole() {
        let working = Group {
            status: WorkStatus::Working,
            split: Some(WorkSplit::OtherCounty),
            able: Some(true),
            willing: Some(true),
            categories: Categories::from_bits(1 + 16),
            people: 3,
        };
        let outside = Group {
            split: Some(WorkSplit::OutsideProvince),
            people: 2,
            ..working.clone()
        };
        let idle = Group {
            status: WorkStatus::NotWorking,
            split: None,
            willing: None,
            categories: Categories::from_bits(2),
            people: 5,
            ..working.clone()
        };
        let gone = [WorkStatus::LeftLabourForce, WorkStatus::Deceased].map(|status| Group {
            status,
            willing: Some(true),
            people: 1,
            ..idle.clone()
        });
        let [retired, dead] = gone;
        let summary = summarise(&[working, outside, idle, retired, dead]);
        let sum = |parts: &[i64]| parts.iter().sum::<i64>();
        let statuses: Vec<_> = summary.by_status.iter().map(|(_, n)| *n).collect();
        let splits: Vec<_> = summary.by_split.iter().map(|(_, n)| *n).collect();
        assert_eq!((summary.people, sum(&statuses)), (12, 12));
        assert_eq!((summary.working, sum(&splits)), (5, 5));
        assert_eq!(summary.able_and_willing, 5);
        assert_eq!(summary.public_post_leavers, 5);
        assert_eq!(
            summary
                .by_category
                .iter()
                .map(|(_, n)| *n)
                .collect::<Vec<_>>(),
            [5, 7, 0, 0]
        );
    }
}
