//! Dated facts about people's place in the labour force, and residence history.

use ::entity::{labour_fact, residence_spell};
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::super::model::{LabourFact, LabourFactKind};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure};

/// Every standing fact about one person, in the order in which it was recorded.
#[expect(
    clippy::disallowed_methods,
    reason = "facts follow their person, whom the caller has read within its scope"
)]
pub(in super::super) async fn of(
    session: &impl Session,
    worker: WorkerId,
) -> Result<Vec<LabourFact>, Failure> {
    labour_fact::Entity::find()
        .filter(labour_fact::Column::WorkerId.eq(worker.uuid()))
        .filter(labour_fact::Column::VoidedAt.is_null())
        .order_by_asc(labour_fact::Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(|row| {
            Ok(LabourFact {
                kind: LabourFactKind::parse(&row.kind)
                    .ok_or_else(|| Failure::internal("an unknown kind of fact is stored"))?,
                value: row.value,
                since: row.since,
                source: row.source,
            })
        })
        .collect()
}

/// Records facts about one person.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    worker: WorkerId,
    facts: &[LabourFact],
) -> Result<(), Failure> {
    if facts.is_empty() {
        return Ok(());
    }
    let reported_by = tx.permit().principal().subject().to_owned();
    let rows = facts.iter().map(|fact| labour_fact::ActiveModel {
        id: Set(tx.next_id::<WorkerId>().uuid()),
        worker_id: Set(worker.uuid()),
        kind: Set(fact.kind.as_str().to_owned()),
        value: Set(fact.value),
        since: Set(fact.since),
        source: Set(fact.source.clone()),
        reported_by: Set(reported_by.clone()),
        recorded_at: Set(tx.now()),
        voided_at: Set(None),
        void_reason: Set(None),
    });
    labour_fact::Entity::insert_many(rows)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Where a person lives from `since` on, by registration.
pub(in super::super) async fn add_residence_in(
    tx: &WriteSession,
    worker: WorkerId,
    household: HouseholdId,
    village: RegionCode,
    since: NaiveDate,
    reason: Option<String>,
) -> Result<(), Failure> {
    let row = residence_spell::ActiveModel {
        id: Set(tx.next_id::<WorkerId>().uuid()),
        worker_id: Set(worker.uuid()),
        household_id: Set(household.uuid()),
        village_code: Set(village.as_i64()),
        since: Set(since),
        until: Set(None),
        reason: Set(reason),
        recorded_at: Set(tx.now()),
    };
    residence_spell::Entity::insert(row)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
