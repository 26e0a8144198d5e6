//! Further terms of contracts.

use ::entity::contract_renewal::{ActiveModel, Column, Entity};
use ::entity::employment;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::super::model::Renewal;
use super::employments::uuids;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, RecordId};
use crate::platform::db::{Session, WriteSession, failure, keys, scope};

/// The further terms of these jobs that the session reaches, earliest first; in one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to the jobs that the session reaches"
)]
pub(in super::super) async fn of_many(
    session: &impl Session,
    jobs: &[EmploymentId],
) -> Result<Vec<Renewal>, Failure> {
    let visible = Query::select()
        .column(employment::Column::Id)
        .from(employment::Entity)
        .cond_where(scope::each_employment(session))
        .and_where(keys::any_of(session, employment::Column::Id, &uuids(jobs)))
        .take();
    let rows = Entity::find()
        .filter(keys::any_of(session, Column::EmploymentId, &uuids(jobs)))
        .filter(Column::EmploymentId.in_subquery(visible))
        .order_by_asc(Column::ContractStart)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(rows
        .into_iter()
        .map(|row| Renewal {
            employment: EmploymentId::from_uuid(row.employment_id),
            contract_start: row.contract_start,
            contract_end: row.contract_end,
            recorded_at: row.recorded_at,
        })
        .collect())
}

/// Adds a term.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    renewal: &Renewal,
) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(tx.next_id::<EmploymentId>().uuid()),
        employment_id: Set(renewal.employment.uuid()),
        contract_start: Set(renewal.contract_start),
        contract_end: Set(renewal.contract_end),
        recorded_at: Set(renewal.recorded_at),
    };
    Entity::insert(row)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
