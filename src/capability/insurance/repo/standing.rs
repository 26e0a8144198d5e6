//! SQL of dated statements and of the positions derived from them and from months.

use std::collections::HashMap;

use ::entity::{insurance_fact, insurance_position};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, EntityTrait, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use super::super::model::{InsuranceKind, Position, Statement};
use super::{ROWS_PER_INSERT, month, uuids};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{ContributionId, EmployerId, RecordId as _, SubmissionId, WorkerId};
use crate::kernel::year_month::YearMonth;
use crate::platform::db::{Session, WriteSession, failure, keys, scope, stored};

/// Every statement about these people.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom a delivery has been matched with, in the whole province"
)]
pub(in super::super) async fn statements_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<Vec<Statement>, Failure> {
    insurance_fact::Entity::find()
        .filter(keys::any_of(
            tx,
            insurance_fact::Column::WorkerId,
            &uuids(workers),
        ))
        .order_by_asc(insurance_fact::Column::Id)
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(|row| {
            Ok(Statement {
                worker: WorkerId::from_uuid(row.worker_id),
                employer: row.employer_id.map(EmployerId::from_uuid),
                kind: stored(&row.kind)?,
                fact: stored(&row.fact)?,
                since: row.since,
            })
        })
        .collect()
}

/// Adds statements of one delivery.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    delivery: SubmissionId,
    statements: &[Statement],
) -> Result<(), Failure> {
    for chunk in statements.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().map(|statement| {
            let Statement {
                worker,
                employer,
                kind,
                fact,
                since,
            } = statement;
            insurance_fact::ActiveModel {
                id: Set(tx.next_id::<ContributionId>().uuid()),
                worker_id: Set(worker.uuid()),
                employer_id: Set(employer.map(EmployerId::uuid)),
                kind: Set(kind.as_str().to_owned()),
                fact: Set(fact.as_str().to_owned()),
                since: Set(*since),
                submission_id: Set(delivery.uuid()),
                recorded_at: Set(tx.now()),
            }
        });
        insurance_fact::Entity::insert_many(rows)
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// Writes where people stand, over what was known.
pub(in super::super) async fn write_positions_in(
    tx: &WriteSession,
    positions: &[(WorkerId, InsuranceKind, Position)],
) -> Result<(), Failure> {
    use insurance_position::Column;
    let replace = OnConflict::columns([Column::WorkerId, Column::Kind])
        .update_columns([
            Column::LastPeriod,
            Column::EnrolledOn,
            Column::StoppedOn,
            Column::PensionSince,
            Column::ArrearsSince,
        ])
        .to_owned();
    for chunk in positions.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().map(|(worker, kind, position)| {
            let Position {
                last_period,
                enrolled_on,
                stopped_on,
                pension_since,
                arrears_since,
            } = position;
            insurance_position::Model {
                worker_id: worker.uuid(),
                kind: kind.as_str().to_owned(),
                last_period: last_period.map(YearMonth::as_i32),
                enrolled_on: *enrolled_on,
                stopped_on: *stopped_on,
                pension_since: *pension_since,
                arrears_since: *arrears_since,
            }
            .into_active_model()
        });
        insurance_position::Entity::insert_many(rows)
            .on_conflict(replace.clone())
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// Where these people stand, as far as the session reaches them.
#[expect(clippy::disallowed_methods, reason = "starts from the scope")]
pub(in super::super) async fn positions(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, HashMap<InsuranceKind, Position>>, Failure> {
    let column = insurance_position::Column::WorkerId;
    let rows = insurance_position::Entity::find()
        .filter(scope::workers_of(session, column, &uuids(workers)))
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<WorkerId, HashMap<InsuranceKind, Position>> = HashMap::new();
    for row in rows {
        let position = Position {
            last_period: row.last_period.map(month).transpose()?,
            enrolled_on: row.enrolled_on,
            stopped_on: row.stopped_on,
            pension_since: row.pension_since,
            arrears_since: row.arrears_since,
        };
        found
            .entry(WorkerId::from_uuid(row.worker_id))
            .or_default()
            .insert(stored(&row.kind)?, position);
    }
    Ok(found)
}
