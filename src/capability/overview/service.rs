//! Use cases: one region's figures, and the flows through it.

use super::model::{FlowDirection, Flows, RegionSummary, summarise};
use super::policy;
use super::repo::{self, FlowLevel};
use crate::kernel::error::{Failure, Text};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::ReadSession;

/// The figures of one region, as one entry in the trail.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn summary(
    session: &ReadSession,
    region: RegionCode,
    beside: Beside,
) -> Result<RegionSummary, Failure> {
    let groups = repo::groups(session, region).await?;
    let mut summary = summarise(&groups);
    if session.permit().caller().holds(&policy::SEE_WORK) {
        if beside.insured {
            summary.insured = Some(repo::insured(session, region).await?);
        }
        if beside.working_here {
            summary.working_here = Some(repo::working_here(session, region).await?);
        }
    }
    session.record_listed().await?;
    Ok(summary)
}

/// The figures that take a statement of their own; those not wanted, or not for the caller, are
/// absent.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    /// How many are insured.
    pub insured: bool,
    /// How many from anywhere work there.
    pub working_here: bool,
}

/// The largest flows of working people out of or into a region, as one entry in the trail.
///
/// # Errors
/// [`Failure::BadInput`] for a level other than prefecture and county.
pub async fn flows(
    session: &ReadSession,
    region: RegionCode,
    level: RegionLevel,
    direction: FlowDirection,
) -> Result<Flows, Failure> {
    let level = FlowLevel::of(level).ok_or_else(|| {
        Failure::BadInput(Text::new(
            "level 只能为 PREFECTURE 或 COUNTY。",
            "level must be PREFECTURE or COUNTY.",
        ))
    })?;
    let flows = repo::flows(session, region, level, direction).await?;
    session.record_listed().await?;
    Ok(flows)
}
