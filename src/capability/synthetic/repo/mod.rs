//! Rows of synthetic people, written in sets straight into the tables of other capabilities.
//!
//! Their own writers take one record at a time and journal it; here a whole state is made at once
//! (see the head of this capability). What must agree with their rules is taken from their
//! `public`.

pub(super) mod jobs;
pub(super) mod people;

use ::entity::{household, region, worker};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, EntityTrait, IntoActiveModel, Iterable as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::draw::{Dice, NUMBERED};
use super::model::Focus;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, SubmissionId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure, scope};

/// Bound parameters of one statement: SQLite takes 32,766, PostgreSQL 65,535.
const PARAMETERS: usize = 30_000;

/// What every row of a batch has in common.
pub(super) struct Stamp<'a> {
    /// The instant that everything is dated to: the beginning of the day, so that the same seed
    /// gives the same rows all day.
    pub(super) at: DateTime<Utc>,
    /// The day it is.
    pub(super) today: NaiveDate,
    /// Subject of the generator.
    pub(super) subject: &'a str,
    /// Whom a demonstration looks at.
    pub(super) focus: &'a Focus,
    /// Months of insurance, YYYYMM.
    pub(super) months: &'a [i32],
    /// The delivery that brought them.
    pub(super) submission: SubmissionId,
    /// Ids of rows that are no record of their own.
    pub(super) dice: &'a Dice,
}

impl Stamp<'_> {
    fn id(&self) -> Uuid {
        self.dice.row_id()
    }
}

/// Every village in force, in the order of codes.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are no secret and have no scope"
)]
pub(super) async fn villages(session: &impl Session) -> Result<Vec<RegionCode>, Failure> {
    let codes: Vec<i64> = region::Entity::find()
        .select_only()
        .column(region::Column::Code)
        .filter(region::Column::Level.eq("VILLAGE"))
        .filter(region::Column::ValidTo.is_null())
        .order_by_asc(region::Column::Code)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    codes
        .into_iter()
        .map(|code| RegionCode::from_i64(code).map_err(Failure::internal))
        .collect()
}

/// Whether there is a household that was not made up, told by its number: those of counties are of other
/// forms, or there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "asks of the whole registry, and shows nobody in it"
)]
pub(super) async fn has_others(session: &impl Session) -> Result<bool, Failure> {
    let number = household::Column::HouseholdNo;
    let other: Option<Uuid> = household::Entity::find()
        .select_only()
        .column(household::Column::Id)
        .filter(number.is_null().or(number.not_like(NUMBERED)))
        .limit(1)
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(other.is_some())
}

/// Somebody of the household with this number in a county: the one whose id is first.
#[expect(
    clippy::disallowed_methods,
    reason = "starts from the scope's condition on people"
)]
pub(super) async fn member_of(
    session: &impl Session,
    county: RegionCode,
    number: &str,
) -> Result<Option<WorkerId>, Failure> {
    let household = Query::select()
        .column(household::Column::Id)
        .from(household::Entity)
        .and_where(household::Column::CountyCode.eq(county.as_i64()))
        .and_where(household::Column::HouseholdNo.eq(number))
        .take();
    let found: Option<Uuid> = worker::Entity::find()
        .select_only()
        .column(worker::Column::Id)
        .filter(scope::workers(session, worker::Column::Id))
        .filter(worker::Column::HouseholdId.in_subquery(household))
        .order_by_asc(worker::Column::Id)
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.map(WorkerId::from_uuid))
}

/// Inserts rows by as few statements as the engines take.
async fn insert_all<E, A>(tx: &WriteSession, rows: Vec<E::Model>) -> Result<(), Failure>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let most = PARAMETERS / E::Column::iter().count();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let chunk: Vec<A> = rows.by_ref().take(most).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        E::insert_many(chunk)
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
}
