//! Use cases: one region's figures, the flows through it, and keeping the roll-up that both come from.

use super::model::{Agreement, FlowDirection, Flows, RegionSummary, summarise};
use super::policy;
use super::repo::{FlowLevel, cells, examine, fold, records};
use super::rules::{Source, source};
use crate::kernel::error::{Failure, Refusal, Text};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authz::Caller;
use crate::platform::db::{Db, ReadSession, Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// Changes that one unit of work adds to their cells.
const FOLDED_AT_ONCE: u64 = 20_000;

/// The figures of one region, as one entry in the trail.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn summary(
    session: &ReadSession,
    region: RegionCode,
    beside: Beside,
) -> Result<RegionSummary, Failure> {
    let groups = match source(&session.scope(), FlowDirection::Out, region) {
        Source::RollUp(everybody) => cells::groups(session, everybody).await?,
        Source::Records => records::groups(session, region).await?,
    };
    let mut summary = summarise(&groups);
    if session.permit().caller().holds(&policy::SEE_WORK) {
        if beside.insured {
            summary.insured = Some(records::insured(session, region).await?);
        }
        if beside.working_here {
            summary.working_here = Some(records::working_here(session, region).await?);
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
    let flows = match source(&session.scope(), direction, region) {
        Source::RollUp(everybody) => cells::flows(session, everybody, level).await?,
        Source::Records => records::flows(session, region, level, direction).await?,
    };
    session.record_listed().await?;
    Ok(Flows::of(flows))
}

/// Adds the changes of figures that wait to their cells once there are `at_least` so many; how many
/// there were. Figures are the same before and after, so that it may be late, and repeated. Where too
/// few wait it only looks.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn fold(db: &Db, caller: &Caller, at_least: u64) -> Result<u64, Failure> {
    let looking = db.read(caller.permit(&policy::EXAMINE)?);
    let waiting = fold::waiting(&looking).await?;
    if waiting < at_least {
        return Ok(0);
    }
    let permit = caller.permit(&policy::FOLD)?;
    // What comes meanwhile is the next run's.
    for _ in 0..waiting.div_ceil(FOLDED_AT_ONCE) {
        match db.work(&permit, fold_batch).await {
            Ok(_) => {}
            Err(Refusal::Failed(failure)) => return Err(failure),
            Err(Refusal::Expected(errors)) => {
                return Err(Failure::internal(format!("a job was refused: {errors:?}")));
            }
        }
    }
    Ok(waiting)
}

async fn fold_batch(tx: WriteSession) -> Result<u64, Refusal> {
    let folded = fold::fold_in(&tx, FOLDED_AT_ONCE).await?;
    // Another run took them: nothing was written.
    if folded > 0 {
        tx.commit(AuditEntry::done(&folded)?).await?;
    }
    Ok(folded)
}

/// Compares the roll-up with the registry. It reads every row of the registry.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn agreement(session: &ReadSession) -> Result<Agreement, Failure> {
    examine::agreement(session).await
}
