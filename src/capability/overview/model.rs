//! Figures of a region, from groups of like people.

use std::cmp::Reverse;

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
    /// Of those alive, by category of the household. Several may hold at once, so these do not add up.
    pub by_category: Vec<(PovertyCategory, i64)>,
    /// Of those alive, leavers of public welfare posts.
    pub public_post_leavers: i64,
    /// Of them, able and willing to work: the denominator of every rate. Whoever died or left the
    /// labour force is not, whatever was stated before.
    pub able_and_willing: i64,
    /// Of them, working.
    pub working: i64,
    /// Of those working, by place; the parts add up to `working`.
    pub by_split: Vec<(WorkSplit, i64)>,
    /// Of those registered and alive, whose pension insurance answers `YES` today.
    pub insured: Option<i64>,
    /// People from anywhere with a confirmed current job there.
    pub working_here: Option<i64>,
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

/// The most flows in one answer.
const MOST_FLOWS: usize = 500;

/// The largest flows out of or into a region, and what is in the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flows {
    /// The largest ones, largest first.
    pub largest: Vec<Flow>,
    /// How many others there are.
    pub others: i64,
    /// People in those.
    pub people_in_others: i64,
}

impl Flows {
    /// Keeps the largest flows, and adds up the rest. Those of one size are in the order of their
    /// ends, work outside the province last.
    pub(super) fn of(mut flows: Vec<Flow>) -> Self {
        flows.sort_unstable_by_key(|flow| {
            let to = (flow.destination.is_none(), flow.destination);
            (Reverse(flow.people), flow.origin, to)
        });
        let rest = flows.split_off(flows.len().min(MOST_FLOWS));
        Self {
            largest: flows,
            others: rest.iter().map(|_| 1).sum(),
            people_in_others: rest.iter().map(|flow| flow.people).sum(),
        }
    }
}

/// How the roll-up and the registry's own rows agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Cells of the roll-up.
    pub cells: u64,
    /// Changes that are in no cell yet.
    pub waiting: u64,
    /// Cells that do not say what the rows say.
    pub wrong_cells: u64,
    /// By how many people, those too many and those too few.
    pub wrong_people: u64,
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
    let lives = |g: &Group| g.status != WorkStatus::Deceased;
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
                (
                    *category,
                    count(&|g| lives(g) && g.categories.bits() & bit != 0),
                )
            })
            .collect(),
        public_post_leavers: count(&|g| lives(g) && g.categories.is_public_post_leaver()),
        able_and_willing: count(&|g| {
            in_labour_force(g.status) && g.able == Some(true) && g.willing == Some(true)
        }),
        working: count(&|g| g.status == WorkStatus::Working),
        by_split: WorkSplit::VALUES
            .iter()
            .map(|split| (*split, count(&|g| g.split == Some(*split))))
            .collect(),
        insured: None,
        working_here: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_that_are_not_told_apart_are_added_up() {
        let flow = |people| Flow {
            origin: RegionCode::parse("590222000000").expect("a code"),
            destination: None,
            people,
        };
        let few = Flows::of(vec![flow(2), flow(7)]);
        assert_eq!((few.largest, few.others), (vec![flow(7), flow(2)], 0));
        let sizes = 1..=MOST_FLOWS + 3;
        let sizes = sizes.map(|people| i64::try_from(people).expect("small"));
        let many = Flows::of(sizes.map(flow).collect());
        assert_eq!(many.largest.len(), MOST_FLOWS);
        assert_eq!((many.others, many.people_in_others), (3, 6));
    }

    #[test]
    fn flows_of_one_size_are_in_the_order_of_their_ends() {
        let code = |code: &str| RegionCode::parse(code).expect("a code");
        let flow = |origin, destination: Option<&str>| Flow {
            origin: code(origin),
            destination: destination.map(code),
            people: 3,
        };
        let (here, there) = ("590101000000", "590222000000");
        let ordered = vec![
            flow(here, Some(there)),
            flow(here, None),
            flow(there, Some(here)),
            flow(there, Some(there)),
        ];
        let mut turned = ordered.clone();
        turned.reverse();
        assert_eq!(Flows::of(turned).largest, ordered);
    }

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
            [5, 6, 0, 0]
        );
    }
}
