//! Figures in the schema.

use async_graphql::{Context, Error, Object, SimpleObject};

use super::model::{Flow, FlowDirection, Flows, RegionSummary};
use super::{policy, service};
use crate::capability::worker::public::{PovertyCategory, WorkSplit, WorkStatus};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::gql::ContextExt as _;
use crate::platform::gql::closed::graphql_enums;

graphql_enums!(FlowDirection);

/// How many people have a work status.
#[derive(SimpleObject)]
pub struct StatusCount {
    /// The work status.
    pub status: WorkStatus,
    /// How many people.
    pub people: i64,
}

/// How many people are of a category.
#[derive(SimpleObject)]
pub struct CategoryCount {
    /// The category of their household.
    pub category: PovertyCategory,
    /// How many people.
    pub people: i64,
}

/// How many people work in a place, seen from where they are registered.
#[derive(SimpleObject)]
pub struct SplitCount {
    /// The place.
    pub split: WorkSplit,
    /// How many people.
    pub people: i64,
}

/// The figures of one region. Only people within the caller's reach are counted; each counts
/// once, at the place of registration.
#[derive(SimpleObject)]
#[graphql(name = "RegionSummary")]
pub struct RegionSummaryObject {
    /// Code of the region.
    pub region_code: RegionCode,
    /// People registered there, those who died included.
    pub people: i64,
    /// Of them, by work status; the parts add up to `people`.
    pub by_status: Vec<StatusCount>,
    /// Of those alive, by category of the household. Several may hold at once: these do not add up.
    pub by_category: Vec<CategoryCount>,
    /// Of those alive, leavers of public welfare posts.
    pub public_post_leavers: i64,
    /// Of them, able and willing to work: the denominator of every rate. Whoever died or left the
    /// labour force is not, whatever was stated before.
    pub able_and_willing: i64,
    /// Of them, working.
    pub working: i64,
    /// Of those working, by place; the parts add up to `working`.
    pub by_split: Vec<SplitCount>,
    /// Of those registered and alive, whose `insuredNow` says YES for pension insurance; null for
    /// roles that see nobody's insurance.
    pub insured: Option<i64>,
    /// People registered anywhere in the province with a confirmed current job there; null for roles
    /// that see nobody's jobs.
    pub working_here: Option<i64>,
}

impl RegionSummaryObject {
    fn of(region_code: RegionCode, summary: RegionSummary) -> Self {
        let RegionSummary {
            people,
            by_status,
            by_category,
            public_post_leavers,
            able_and_willing,
            working,
            by_split,
            insured,
            working_here,
        } = summary;
        let status = |(status, people)| StatusCount { status, people };
        let category = |(category, people)| CategoryCount { category, people };
        let split = |(split, people)| SplitCount { split, people };
        Self {
            region_code,
            people,
            by_status: by_status.into_iter().map(status).collect(),
            by_category: by_category.into_iter().map(category).collect(),
            public_post_leavers,
            able_and_willing,
            working,
            by_split: by_split.into_iter().map(split).collect(),
            insured,
            working_here,
        }
    }
}

/// A stream of working people between two regions.
#[derive(SimpleObject)]
pub struct LabourFlow {
    /// Code of the region where they are registered.
    pub origin_code: RegionCode,
    /// Code of the region where they work; null for work outside the province.
    pub destination_code: Option<RegionCode>,
    /// How many people; somebody with several jobs counts at the one that started last.
    pub people: i64,
}

impl From<Flow> for LabourFlow {
    fn from(flow: Flow) -> Self {
        let Flow {
            origin,
            destination,
            people,
        } = flow;
        Self {
            origin_code: origin,
            destination_code: destination,
            people,
        }
    }
}

/// The largest streams of working people out of or into a region, and how much is in the others, so
/// that the parts add up.
#[derive(SimpleObject)]
pub struct LabourFlows {
    /// The largest streams, largest first; at most 500.
    pub flows: Vec<LabourFlow>,
    /// How many streams there are beside those; 0 as a rule.
    pub other_flows: i64,
    /// How many people are in them.
    pub other_people: i64,
}

impl From<Flows> for LabourFlows {
    fn from(flows: Flows) -> Self {
        let Flows {
            largest,
            others,
            people_in_others,
        } = flows;
        Self {
            flows: largest.into_iter().map(Into::into).collect(),
            other_flows: others,
            other_people: people_in_others,
        }
    }
}

/// The figures' part of the query root.
#[derive(Default)]
pub struct OverviewQueries;

#[Object]
impl OverviewQueries {
    /// The figures of one region at this moment; zeros where nobody is within the caller's reach.
    async fn region_summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of a region of any level.")] region: RegionCode,
    ) -> Option<Result<RegionSummaryObject, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ)?;
            let asked = ctx.look_ahead();
            let beside = service::Beside {
                insured: asked.field("insured").exists(),
                working_here: asked.field("workingHere").exists(),
            };
            let summary = service::summary(&session, region, beside)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(RegionSummaryObject::of(region, summary))
        };
        Some(read.await)
    }

    /// The flows of working people out of or into a region, for roles that see people's jobs.
    async fn labour_flows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of a region of any level.")] region: RegionCode,
        #[graphql(desc = "Level at which both ends are told apart: PREFECTURE or COUNTY.")]
        level: RegionLevel,
        #[graphql(desc = "From which end the flow is seen.")] direction: FlowDirection,
    ) -> Option<Result<LabourFlows, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ_FLOWS)?;
            let flows = service::flows(&session, region, level, direction)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(flows.into())
        };
        Some(read.await)
    }
}
