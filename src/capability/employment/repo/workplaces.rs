//! Where jobs are: for divisions that end, and for agencies that speak for one division.

use std::collections::HashSet;

use ::entity::employment::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _, Select};
use uuid::Uuid;

use super::employments::uuids;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure, keys};

/// A job whose workplace has to follow its division.
pub(in super::super) struct Placed {
    pub(in super::super) id: EmploymentId,
    pub(in super::super) worker: WorkerId,
    pub(in super::super) version: i64,
}

/// Whether [`open_in`] would find a job.
pub(in super::super) async fn any_open(
    session: &impl Session,
    division: RegionCode,
) -> Result<bool, Failure> {
    let found = placed(session, open(division).limit(1)).await?;
    Ok(!found.is_empty())
}

/// Some jobs in a division of the province that are reported or confirmed and have not ended.
pub(in super::super) async fn open_in(
    tx: &WriteSession,
    division: RegionCode,
    most: u64,
) -> Result<Vec<Placed>, Failure> {
    let first = open(division).order_by_asc(Column::Id).limit(most);
    placed(tx, first).await
}

/// Of these jobs, those that still are so, now that their people are locked.
pub(in super::super) async fn still_open_in(
    tx: &WriteSession,
    division: RegionCode,
    jobs: &[EmploymentId],
) -> Result<Vec<Placed>, Failure> {
    let among = keys::any_of(tx, Column::Id, &uuids(jobs));
    let still = open(division).filter(among).order_by_asc(Column::Id);
    placed(tx, still).await
}

/// Of these people, those with a job in a region on record, now or before, that was no mistake.
///
/// # Errors
/// [`Failure`] of the database.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom a delivery has been matched with; its answer does not depend on them"
)]
pub async fn with_job_in(
    tx: &WriteSession,
    workers: &[WorkerId],
    region: RegionCode,
) -> Result<HashSet<WorkerId>, Failure> {
    let (first, last) = region.range();
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::WorkerId)
        .distinct()
        .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .filter(Column::WorkplaceCode.between(first.as_i64(), last.as_i64()))
        .filter(Column::State.ne("VOIDED"))
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(WorkerId::from_uuid).collect())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
fn open(division: RegionCode) -> Select<Entity> {
    let (first, last) = division.range();
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::WorkerId, Column::Version])
        .filter(Column::WorkplaceCode.between(first.as_i64(), last.as_i64()))
        .filter(Column::OutsideProvince.eq(false))
        .filter(Column::EndedOn.is_null())
        .filter(Column::State.ne("VOIDED"))
}

async fn placed(session: &impl Session, select: Select<Entity>) -> Result<Vec<Placed>, Failure> {
    let found: Vec<(Uuid, Uuid, i64)> = select
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|(id, worker, version)| Placed {
            id: EmploymentId::from_uuid(id),
            worker: WorkerId::from_uuid(worker),
            version,
        })
        .collect())
}

/// Places a job, whose person is locked, in another division of the same province.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key, whose person the use case has locked"
)]
pub(in super::super) async fn replace_in(
    tx: &WriteSession,
    id: EmploymentId,
    to: RegionCode,
) -> Result<(), Failure> {
    let place = |code: Option<RegionCode>| Set(code.map(RegionCode::as_i64));
    let row = ActiveModel {
        workplace_code: Set(to.as_i64()),
        workplace_county: Set(Some(to.county_or_itself().as_i64())),
        workplace_prefecture: place(to.prefecture()),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
