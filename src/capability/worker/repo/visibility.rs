//! Who sees whom, materialised: one row per enclosing region and ground.

use std::collections::{BTreeSet, HashSet};

use ::entity::worker_visibility::{ActiveModel, Column, Entity};
use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId, WorkerId};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::{Session as _, WriteSession, failure, keys, scope};

/// Makes `regions` with all that enclose them, up to the prefecture, the only ones that see the
/// person on this ground. Where they are that already, nothing is written: most facts about somebody
/// leave them as they are. The person is locked.
#[expect(
    clippy::disallowed_methods,
    reason = "the rows are the scope itself; they are written only beside the fact they follow from"
)]
pub(in super::super) async fn replace_in(
    tx: &WriteSession,
    worker: WorkerId,
    ground: &str,
    regions: &[RegionCode],
) -> Result<(), Failure> {
    let present: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::RegionCode)
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Ground.eq(ground))
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    if present.into_iter().collect::<BTreeSet<_>>() == enclosing(regions) {
        return Ok(());
    }
    Entity::delete_many()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Ground.eq(ground))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    add_in(tx, worker, ground, regions).await
}

/// Adds `regions` with all that enclose them to those that see the person on this ground.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    worker: WorkerId,
    ground: &str,
    regions: &[RegionCode],
) -> Result<(), Failure> {
    let codes = enclosing(regions);
    if codes.is_empty() {
        return Ok(());
    }
    let rows = codes.into_iter().map(|code| ActiveModel {
        region_code: Set(code),
        worker_id: Set(worker.uuid()),
        ground: Set(ground.to_owned()),
        until: Set(None),
    });
    Entity::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Makes `to` the origin that sees the person; what enclosed `from` and does not enclose `to`
/// keeps seeing them as a former origin up to and including `until`.
pub(in super::super) async fn hand_over_in(
    tx: &WriteSession,
    worker: WorkerId,
    (from, to): (RegionCode, RegionCode),
    until: NaiveDate,
) -> Result<(), Failure> {
    replace_in(tx, worker, scope::ORIGIN, &[to]).await?;
    let former = &enclosing(&[from]) - &enclosing(&[to]);
    if former.is_empty() {
        return Ok(());
    }
    let rows = former.into_iter().map(|code| ActiveModel {
        region_code: Set(code),
        worker_id: Set(worker.uuid()),
        ground: Set(scope::FORMER.to_owned()),
        until: Set(Some(until)),
    });
    let again = OnConflict::columns([Column::RegionCode, Column::WorkerId, Column::Ground])
        .update_column(Column::Until)
        .to_owned();
    Entity::insert_many(rows)
        .on_conflict(again)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Of these people, those who are registered, work or stay in a region below the province.
///
/// # Errors
/// [`Failure`] of the database.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom a delivery has been matched with; its answer does not depend on them"
)]
pub async fn tied_to_in(
    tx: &WriteSession,
    workers: &[WorkerId],
    region: RegionCode,
) -> Result<HashSet<WorkerId>, Failure> {
    let ids: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::WorkerId)
        .distinct()
        .filter(Column::RegionCode.eq(region.as_i64()))
        .filter(Column::Ground.ne(scope::FORMER))
        .filter(keys::any_of(tx, Column::WorkerId, &ids))
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(WorkerId::from_uuid).collect())
}

/// Every region around these, themselves included, that needs a row: everybody at the province's
/// level sees everybody.
#[must_use]
pub fn enclosing(regions: &[RegionCode]) -> BTreeSet<i64> {
    regions
        .iter()
        .flat_map(|region| region.ancestors())
        .filter(|region| region.level() != RegionLevel::Province)
        .map(RegionCode::as_i64)
        .collect()
}
