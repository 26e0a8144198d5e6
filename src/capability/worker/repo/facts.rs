//! Dated facts about people's place in the labour force, and residence history.

use std::collections::HashMap;

use ::entity::{labour_fact, residence_spell};
use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::super::model::{LabourFact, LabourFactKind, RecordedFact};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, LabourFactId, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Role;
use crate::platform::db::{Session, WriteSession, failure, scope, stored};

fn recorded(row: labour_fact::Model) -> Result<RecordedFact, Failure> {
    let kind = stored(&row.kind)?;
    Ok(RecordedFact {
        id: LabourFactId::from_uuid(row.id),
        fact: LabourFact {
            kind,
            value: row.value,
            since: row.since,
            source: row.source,
        },
        recorded_by: row.reported_by,
        recorded_at: row.recorded_at,
        voided: row
            .voided_at
            .map(|at| (at, row.void_reason.unwrap_or_default())),
    })
}

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
        // Ids follow the clocks of servers, versions the changes of the person.
        .order_by_asc(labour_fact::Column::Version)
        .order_by_asc(labour_fact::Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(|row| recorded(row).map(|found| found.fact))
        .collect()
}

/// Every standing day of death of one person, and whether an agency reported it, of whoever has the
/// resident id.
#[expect(
    clippy::disallowed_methods,
    reason = "facts follow their person, whom the use case has locked within its scope"
)]
pub(in super::super) async fn deaths_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<Vec<(NaiveDate, bool)>, Failure> {
    use labour_fact::Column;
    let found = labour_fact::Entity::find()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Kind.eq(LabourFactKind::Deceased.as_str()))
        .filter(Column::VoidedAt.is_null())
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    let reported = |role: Option<String>| role.as_deref() == Some(Role::Agency.as_str());
    let deaths = found.into_iter();
    Ok(deaths
        .map(|row| (row.since, reported(row.reported_by_role)))
        .collect())
}

/// Every fact ever recorded about the people the session reaches among these, by their first day.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn history(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<RecordedFact>>, Failure> {
    use labour_fact::Column;
    let ids: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    let rows = labour_fact::Entity::find()
        .filter(scope::workers_of(session, Column::WorkerId, &ids))
        .order_by_asc(Column::Since)
        .order_by_asc(Column::Version)
        .order_by_asc(Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let worker = WorkerId::from_uuid(row.worker_id);
        found.entry(worker).or_default().push(recorded(row)?);
    }
    Ok(found)
}

/// One fact about a person whom the use case has locked.
#[expect(
    clippy::disallowed_methods,
    reason = "facts follow their person, whom the use case has locked within its scope"
)]
pub(in super::super) async fn find_in(
    tx: &WriteSession,
    worker: WorkerId,
    fact: LabourFactId,
) -> Result<Option<RecordedFact>, Failure> {
    labour_fact::Entity::find_by_id(fact.uuid())
        .filter(labour_fact::Column::WorkerId.eq(worker.uuid()))
        .one(&tx.executor())
        .await
        .map_err(failure)?
        .map(recorded)
        .transpose()
}

/// Takes a fact back; it stays as history.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key, of a person whom the use case has locked"
)]
pub(in super::super) async fn void_in(
    tx: &WriteSession,
    fact: LabourFactId,
    reason: &str,
) -> Result<(), Failure> {
    use labour_fact::Column;
    labour_fact::Entity::update_many()
        .col_expr(Column::VoidedAt, Expr::val(tx.now()))
        .col_expr(Column::VoidReason, Expr::val(reason))
        .filter(Column::Id.eq(fact.uuid()))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Takes back every standing death of a person that an agency reported, which was matched by resident
/// id; `false` when there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "facts follow their person, whom the use case has locked within its scope"
)]
pub(in super::super) async fn void_matched_deaths_in(
    tx: &WriteSession,
    worker: WorkerId,
    reason: &str,
) -> Result<bool, Failure> {
    use labour_fact::Column;
    let voided = labour_fact::Entity::update_many()
        .col_expr(Column::VoidedAt, Expr::val(tx.now()))
        .col_expr(Column::VoidReason, Expr::val(reason))
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::Kind.eq(LabourFactKind::Deceased.as_str()))
        .filter(Column::ReportedByRole.eq(Role::Agency.as_str()))
        .filter(Column::VoidedAt.is_null())
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(voided.rows_affected > 0)
}

/// Records facts about one person, of whom they make this version.
pub(in super::super) async fn add_in(
    tx: &WriteSession,
    (worker, version): (WorkerId, i64),
    facts: &[LabourFact],
) -> Result<(), Failure> {
    if facts.is_empty() {
        return Ok(());
    }
    let reported_by = tx.permit().principal().subject().to_owned();
    let role = tx.permit().principal().role();
    let role = role.map_or("SYSTEM", Role::as_str).to_owned();
    let rows = facts.iter().map(|fact| labour_fact::ActiveModel {
        id: Set(tx.next_id::<LabourFactId>().uuid()),
        worker_id: Set(worker.uuid()),
        kind: Set(fact.kind.as_str().to_owned()),
        value: Set(fact.value),
        since: Set(fact.since),
        source: Set(fact.source.clone()),
        reported_by: Set(reported_by.clone()),
        reported_by_role: Set(Some(role.clone())),
        version: Set(version),
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
