//! The people of households.

use std::collections::HashMap;

use ::entity::worker::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::super::model::Worker;
use super::workers::{COLUMNS, Row, scoped};
use crate::kernel::error::Failure;
use crate::kernel::ids::{HouseholdId, RecordId as _};
use crate::kernel::page::MAX_PAGE;
use crate::platform::db::{Session, WriteSession, failure, keys, scope};

fn uuids(households: &[HouseholdId]) -> Vec<Uuid> {
    households.iter().map(|id| id.uuid()).collect()
}

/// Everybody in these households, locked until the unit of work ends, in the order of their ids.
#[expect(
    clippy::disallowed_methods,
    reason = "people follow their household, which the caller has admitted: none may stay behind"
)]
pub(in super::super) async fn locked_in(
    tx: &WriteSession,
    households: &[HouseholdId],
) -> Result<Vec<Worker>, Failure> {
    Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(keys::any_of(tx, Column::HouseholdId, &uuids(households)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_model::<Row>()
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(Worker::try_from)
        .collect()
}

/// Numbers the people of each household in the order of their registration.
const NUMBERING: &str = "ROW_NUMBER() OVER (PARTITION BY household_id ORDER BY id)";

/// The people of these households whom the session reaches, at most a page of each: a large one takes
/// no row of another.
pub(in super::super) async fn visible(
    session: &impl Session,
    households: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<Worker>>, Failure> {
    let (number, numbered) = (Alias::new("n"), Alias::new("numbered"));
    let condition = keys::any_of(session, Column::HouseholdId, &uuids(households));
    let people = Query::select()
        .column(Column::Id)
        .expr_as(Expr::cust(NUMBERING), number.clone())
        .from(Entity)
        .cond_where(scope::each_worker(session, Column::Id))
        .and_where(condition)
        .take();
    let most = i64::try_from(MAX_PAGE).expect("a page has at most 100 rows");
    let page = Query::select()
        .column(Column::Id)
        .from_subquery(people, numbered)
        .and_where(Expr::col(number).lte(most))
        .take();
    let rows = scoped(session, Condition::all().add(Column::Id.in_subquery(page)))
        .order_by_asc(Column::HouseholdId)
        .order_by_asc(Column::Id)
        .into_model::<Row>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let worker = Worker::try_from(row)?;
        found.entry(worker.household).or_default().push(worker);
    }
    Ok(found)
}
