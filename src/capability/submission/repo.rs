//! SQL of deliveries.

use std::collections::HashMap;

use ::entity::submission::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::model::{Counts, Dataset, Submission};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, SubmissionId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Agency, Identity};
use crate::platform::authz::Scope;
use crate::platform::db::{Session, WriteSession, failure, stored};

fn to_model(row: Model) -> Result<Submission, Failure> {
    let Model {
        id,
        agency,
        dataset,
        region_code,
        submitted_by,
        submitted_at,
        received: _,
        accepted,
        unchanged,
        dropped,
        refused,
    } = row;
    Ok(Submission {
        id: SubmissionId::from_uuid(id),
        agency: stored(&agency)?,
        dataset: stored(&dataset)?,
        region: region_code
            .map(RegionCode::from_i64)
            .transpose()
            .map_err(Failure::internal)?,
        submitted_by,
        submitted_at,
        counts: Counts {
            accepted,
            unchanged,
            dropped,
            refused,
        },
    })
}

/// The deliveries the session reaches.
fn visible(session: &impl Session) -> Condition {
    let of = |agency: Agency| Condition::all().add(Column::Agency.eq(agency.as_str()));
    match session.scope() {
        Scope::Province => Condition::all(),
        Scope::Agency(agency, None) => of(agency),
        Scope::Agency(agency, Some(region)) => {
            let (first, last) = region.range();
            of(agency).add(Column::RegionCode.between(first.as_i64(), last.as_i64()))
        }
        Scope::Region(..) | Scope::Employer(_) | Scope::Assigned(_) | Scope::Own(_) => {
            Condition::all().add(Expr::val(1).eq(0))
        }
    }
}

/// A page of the deliveries within reach, the latest first.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`"
)]
pub(super) async fn page(
    session: &impl Session,
    request: &PageRequest<SubmissionId>,
) -> Result<Page<Submission>, Failure> {
    let behind = request.after.map(|id| Column::Id.lt(id.uuid()));
    let rows = Entity::find()
        .filter(visible(session).add_option(behind))
        // Ids are ordered by time.
        .order_by_desc(Column::Id)
        .limit(request.first + 1)
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect::<Result<_, _>>()?;
    Ok(Page::from_overfetched(rows, request.first))
}

/// Inserts a delivery of the session's holder.
pub(super) async fn insert_in(
    tx: &WriteSession,
    agency: Agency,
    dataset: Dataset,
    counts: Counts,
) -> Result<SubmissionId, Failure> {
    let id: SubmissionId = tx.next_id();
    let principal = tx.permit().principal();
    let region = match principal.identity() {
        Identity::Agency { region, .. } | Identity::System { region, .. } => *region,
        Identity::Admin
        | Identity::Auditor
        | Identity::Officer { .. }
        | Identity::Employer { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_) => None,
    };
    let row = Model {
        id: id.uuid(),
        agency: agency.as_str().to_owned(),
        dataset: dataset.as_str().to_owned(),
        region_code: region.map(RegionCode::as_i64),
        submitted_by: principal.subject().to_owned(),
        submitted_at: tx.now(),
        received: counts.received(),
        accepted: counts.accepted,
        unchanged: counts.unchanged,
        dropped: counts.dropped,
        refused: counts.refused,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(id)
}

/// When each agency delivered rows of a dataset for the first time; agencies that never did are left out.
#[expect(
    clippy::disallowed_methods,
    reason = "deliveries are about no person; the exchange asks itself"
)]
pub(super) async fn first_deliveries(
    session: &impl Session,
    dataset: Dataset,
) -> Result<HashMap<Agency, DateTime<Utc>>, Failure> {
    let found: Vec<(String, DateTime<Utc>)> = Entity::find()
        .select_only()
        .column(Column::Agency)
        .column_as(Column::SubmittedAt.min(), "first")
        .filter(Column::Dataset.eq(dataset.as_str()))
        .group_by(Column::Agency)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(agency, first)| Ok((stored(&agency)?, first)))
        .collect()
}
