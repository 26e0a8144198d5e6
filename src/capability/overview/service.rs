//! Use cases: one region's figures, and the flows through it.

use super::model::{Flow, FlowDirection, RegionSummary, summarise};
use super::repo::{self, FlowLevel};
use crate::kernel::error::{Failure, Text};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::ReadSession;

/// The figures of one region, as one entry in the trail.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn summary(session: &ReadSession, region: RegionCode) -> Result<RegionSummary, Failure> {
    let groups = repo::groups(session, region).await?;
    let summary = RegionSummary {
        insured: repo::insured(session, region).await?,
        working_here: repo::working_here(session, region).await?,
        ..summarise(&groups)
    };
    session.record_listed().await?;
    Ok(summary)
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
) -> Result<Vec<Flow>, Failure> {
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
