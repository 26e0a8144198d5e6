//! Where people are and were registered: the trace of moves, splits and mergers.

use std::collections::HashMap;

use ::entity::residence_spell::{Column, Entity};
use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use sea_orm::{FromQueryResult, QuerySelect as _};
use uuid::Uuid;

use super::super::model::Residence;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure, keys, scope};

#[derive(FromQueryResult)]
struct Began {
    since: Option<NaiveDate>,
}

fn uuids(workers: &[WorkerId]) -> Vec<Uuid> {
    workers.iter().map(|id| id.uuid()).collect()
}

/// The day on which the last of these people's present residences began by a move. Since when
/// somebody lives where they were registered the registry does not know.
#[expect(
    clippy::disallowed_methods,
    reason = "residences follow their person, whom the caller has locked within its scope"
)]
pub(in super::super) async fn began_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<Option<NaiveDate>, Failure> {
    let began = Entity::find()
        .select_only()
        .column_as(Column::Since.max(), "since")
        .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .filter(Column::Until.is_null())
        .filter(Column::Reason.is_not_null())
        .into_model::<Began>()
        .one(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(began.and_then(|began| began.since))
}

/// Ends these people's present residences on the day before `on`; one that began on `on` itself
/// ends on that day. One that the registry knows since a later day only, that of a registration,
/// is known since the day before `on` then.
#[expect(
    clippy::disallowed_methods,
    reason = "residences follow their person, whom the caller has locked within its scope"
)]
pub(in super::super) async fn end_in(
    tx: &WriteSession,
    workers: &[WorkerId],
    on: NaiveDate,
) -> Result<(), Failure> {
    let before = on.pred_opt().unwrap_or(on);
    Entity::update_many()
        .col_expr(Column::Since, Expr::val(before))
        .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .filter(Column::Until.is_null())
        .filter(Column::Since.gt(on))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    for (until, began) in [(before, Column::Since.lt(on)), (on, Column::Since.eq(on))] {
        Entity::update_many()
            .col_expr(Column::Until, Expr::val(until))
            .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
            .filter(Column::Until.is_null())
            .filter(began)
            .exec(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// Every residence of the people the session reaches among these, in the order of time.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn history(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Residence>>, Failure> {
    let rows = Entity::find()
        .filter(scope::workers_of(
            session,
            Column::WorkerId,
            &uuids(workers),
        ))
        .order_by_asc(Column::Since)
        // Of those that began on one day, the one that was left first.
        .order_by_asc(Column::Until.is_null())
        .order_by_asc(Column::Until)
        .order_by_asc(Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let residence = Residence {
            household: HouseholdId::from_uuid(row.household_id),
            village: RegionCode::from_i64(row.village_code).map_err(Failure::internal)?,
            since: row.since,
            until: row.until,
            reason: row.reason,
        };
        found
            .entry(WorkerId::from_uuid(row.worker_id))
            .or_default()
            .push(residence);
    }
    Ok(found)
}
