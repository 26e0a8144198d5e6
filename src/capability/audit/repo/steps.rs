//! Steps taken about findings: added and never changed.

use std::collections::HashMap;

use ::entity::finding;
use ::entity::finding_step::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::super::model::{Act, FindingStep, FindingStepKind};
use super::findings::visible;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{FindingId, RecordId as _};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Identity, Role};
use crate::platform::db::{Session, WriteSession, failure, keys, stored, stored_if_any};

/// Adds the step that brings a finding to `version`, taken by the caller.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    finding: FindingId,
    version: i64,
    (act, text): (Act, String),
) -> Result<(), Failure> {
    let principal = tx.permit().principal();
    let taken_for = match principal.identity() {
        Identity::Officer { region } => Some(region.as_i64()),
        Identity::Admin
        | Identity::Auditor
        | Identity::Agency { .. }
        | Identity::Employer { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_)
        | Identity::System { .. } => None,
    };
    let row = Model {
        // Steps are reached through their finding, so their ids have no type of their own.
        id: tx.next_id::<FindingId>().uuid(),
        finding_id: finding.uuid(),
        version,
        kind: act.kind().as_str().to_owned(),
        outcome: act.outcome().map(|outcome| outcome.as_str().to_owned()),
        body: text,
        taken_by: principal.subject().to_owned(),
        taken_by_role: principal.role().map_or("SYSTEM", Role::as_str).to_owned(),
        taken_for,
        recorded_at: tx.now(),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// When each of these findings was last reopened, if ever; in one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "asked for the exchange itself; who is concerned is told nothing of the finding"
)]
pub(in super::super) async fn reopened(
    session: &impl Session,
    findings: &[FindingId],
) -> Result<HashMap<FindingId, DateTime<Utc>>, Failure> {
    let ids: Vec<Uuid> = findings.iter().map(|id| id.uuid()).collect();
    let steps: Vec<(Uuid, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::FindingId, Column::RecordedAt])
        .filter(keys::any_of(session, Column::FindingId, &ids))
        .filter(Column::Kind.eq(FindingStepKind::Reopened.as_str()))
        .order_by_asc(Column::Version)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    // Of several the last stays.
    let steps = steps.into_iter();
    Ok(steps
        .map(|(finding, at)| (FindingId::from_uuid(finding), at))
        .collect())
}

/// The steps about those of these findings that the session reaches, in the order in which they
/// were taken; in one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to the findings the session reaches"
)]
pub(in super::super) async fn of_many(
    session: &impl Session,
    findings: &[FindingId],
) -> Result<Vec<FindingStep>, Failure> {
    let ids: Vec<Uuid> = findings.iter().map(|id| id.uuid()).collect();
    let reached = Query::select()
        .column(finding::Column::Id)
        .from(finding::Entity)
        .cond_where(visible(session))
        .take();
    Entity::find()
        .filter(Column::FindingId.in_subquery(reached))
        .filter(keys::any_of(session, Column::FindingId, &ids))
        .order_by_asc(Column::FindingId)
        .order_by_asc(Column::Version)
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(step_of)
        .collect()
}

fn step_of(row: Model) -> Result<FindingStep, Failure> {
    let Model {
        id: _,
        finding_id,
        version: _,
        kind,
        outcome,
        body,
        taken_by,
        taken_by_role,
        taken_for,
        recorded_at,
    } = row;
    Ok(FindingStep {
        finding: FindingId::from_uuid(finding_id),
        kind: stored(&kind)?,
        outcome: stored_if_any(outcome.as_deref())?,
        text: body,
        by: taken_by,
        role: taken_by_role,
        region: taken_for
            .map(RegionCode::from_i64)
            .transpose()
            .map_err(Failure::internal)?,
        at: recorded_at,
    })
}
