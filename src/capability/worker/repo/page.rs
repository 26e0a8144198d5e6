//! The list of people: filters, orders and keyset pages within the session's scope.

use ::entity::worker::{Column, Entity};
use ::entity::{employment, worker_visibility};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::model::{Categories, PovertyCategory, WorkSplit, WorkStatus, Worker};
use super::insured::insured_now;
use super::workers::{Row, seen};
use crate::kernel::closed::{Closed, closed};
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::{EmployerId, RecordId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::prefix::{by_code_point, starts_with};
use crate::platform::db::scope::{self, Stretch, registered_in};
use crate::platform::db::{Session, failure};

closed! {
    /// What a list of people can be ordered by. Ties are broken by the record's id.
    WorkerOrderField {
        /// When the person was registered.
        Registered = "REGISTERED",
        /// By name, in code point order.
        Name = "NAME",
        /// When the record last changed.
        Changed = "CHANGED",
    }
}

/// What the caller wants of the list; every part narrows the caller's scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct WorkerFilter {
    /// Registered in this region.
    pub origin: Option<RegionCode>,
    /// With a confirmed current job in this region.
    pub destination: Option<RegionCode>,
    /// In a household with this category today.
    pub category: Option<PovertyCategory>,
    /// With this work status.
    pub work_status: Option<WorkStatus>,
    /// With a confirmed current job at this employer, or hosted by it.
    pub employer: Option<EmployerId>,
    /// Whose pension insurance answers `YES` today, or does not.
    pub insured: Option<bool>,
    /// Whose name begins with this.
    pub name_prefix: Option<String>,
    /// Whose record changed at or after this instant.
    pub changed_since: Option<DateTime<Utc>>,
}

impl WorkerFilter {
    /// It narrows nothing.
    fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// Field and direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerOrder {
    /// By what.
    pub field: WorkerOrderField,
    /// Largest first.
    pub descending: bool,
}

impl Default for WorkerOrder {
    fn default() -> Self {
        Self {
            field: WorkerOrderField::Registered,
            descending: false,
        }
    }
}

/// Where a page ends: the order it belongs to, the sort value and the id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkerCursor {
    field: WorkerOrderField,
    value: String,
    id: Uuid,
}

impl WorkerCursor {
    /// The cursor of a row in a list of this order.
    #[must_use]
    pub fn of(worker: &Worker, order: WorkerOrder) -> Self {
        let value = match order.field {
            WorkerOrderField::Registered => String::new(),
            WorkerOrderField::Name => worker.name.clone(),
            WorkerOrderField::Changed => worker.updated_at.to_rfc3339(),
        };
        Self {
            field: order.field,
            value,
            id: worker.id.uuid(),
        }
    }
}

/// One page of people within the session's scope, of a region where one is named.
pub(in super::super) async fn page(
    session: &impl Session,
    filter: &WorkerFilter,
    order: WorkerOrder,
    page: &PageRequest<WorkerCursor>,
    region: Option<RegionCode>,
) -> Result<Page<Worker>, Failure> {
    let within_scope = match (region.or(filter.origin), &page.after) {
        (Some(region), _) => scope::workers_registered_in(session, region),
        (None, after) if order.field == WorkerOrderField::Registered && filter.is_open() => {
            let stretch = Stretch {
                after: after.as_ref().map(|cursor| cursor.id),
                descending: order.descending,
                most: page.first + 1,
            };
            scope::first_workers(session, Column::Id, stretch)
        }
        (None, _) => scope::workers(session, Column::Id),
    };
    let select = seen(within_scope).filter(wanted(session, filter, order, page)?);
    let select = ordered(session, select, order).limit(page.first + 1);
    let rows = rows(session, select).await?;
    Ok(Page::from_overfetched(rows, page.first))
}

/// What a filter asks for, behind the cursor of a page.
pub(super) fn wanted(
    session: &impl Session,
    filter: &WorkerFilter,
    order: WorkerOrder,
    page: &PageRequest<WorkerCursor>,
) -> Result<Condition, Failure> {
    let cursor = page.after.as_ref();
    let after = cursor.map(|cursor| behind(session, cursor, order));
    let after = after.transpose()?;
    Ok(condition(session, filter).add_option(after))
}

/// Runs a statement over people.
pub(super) async fn rows(
    session: &impl Session,
    select: Select<Entity>,
) -> Result<Vec<Worker>, Failure> {
    let rows = select
        .into_model::<Row>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter().map(Worker::try_from).collect()
}

pub(super) fn ordered(
    session: &impl Session,
    select: Select<Entity>,
    order: WorkerOrder,
) -> Select<Entity> {
    let direction = if order.descending {
        sea_orm::Order::Desc
    } else {
        sea_orm::Order::Asc
    };
    match order.field {
        WorkerOrderField::Registered => select,
        WorkerOrderField::Name => select.order_by(name(session), direction.clone()),
        WorkerOrderField::Changed => select.order_by(Column::UpdatedAt, direction.clone()),
    }
    .order_by(Column::Id, direction)
}

/// The name as it is sorted by.
fn name(session: &impl Session) -> SimpleExpr {
    by_code_point(session.engine(), Expr::col((Entity, Column::Name)))
}

/// Rows behind a cursor, as one row comparison.
fn behind(
    session: &impl Session,
    cursor: &WorkerCursor,
    order: WorkerOrder,
) -> Result<Condition, Failure> {
    let foreign = || {
        Failure::BadInput(Text::new(
            "游标属于另一种排序，请从第一页开始。",
            "The cursor belongs to a list in another order; start at the first page.",
        ))
    };
    if cursor.field != order.field {
        return Err(foreign());
    }
    let id = Expr::col((Entity, Column::Id));
    let past = |left: SimpleExpr, right: SimpleExpr| {
        if order.descending {
            left.lt(right)
        } else {
            left.gt(right)
        }
    };
    let last = Expr::val(cursor.id);
    let keyed = |column: SimpleExpr, value: sea_orm::Value| {
        let last = [Expr::val(value), last.clone()];
        past(Expr::tuple([column, id.clone()]), Expr::tuple(last))
    };
    let behind = match order.field {
        WorkerOrderField::Registered => past(id, last),
        WorkerOrderField::Name => keyed(name(session), cursor.value.clone().into()),
        WorkerOrderField::Changed => {
            let at = DateTime::parse_from_rfc3339(&cursor.value).map_err(|_| foreign())?;
            let changed = Expr::col((Entity, Column::UpdatedAt));
            keyed(changed, at.with_timezone(&Utc).into())
        }
    };
    Ok(Condition::all().add(behind))
}

fn condition(session: &impl Session, filter: &WorkerFilter) -> Condition {
    let WorkerFilter {
        origin,
        destination,
        category,
        work_status,
        employer,
        insured,
        name_prefix,
        changed_since,
    } = filter;
    Condition::all()
        .add_option(origin.map(registered_in))
        .add_option(destination.map(working_in))
        .add_option(category.map(in_category))
        .add_option(work_status.map(|status| Column::WorkStatus.eq(status.as_str())))
        .add_option(employer.map(employed_at))
        .add_option(insured.map(|insured| insured_now(session, insured)))
        .add_option(
            name_prefix
                .as_deref()
                .map(|prefix| starts_with(session.engine(), Column::Name, prefix)),
        )
        .add_option(changed_since.map(|since| Column::UpdatedAt.gte(since)))
}

/// With a confirmed current job in a region of the province.
pub fn working_in(region: RegionCode) -> SimpleExpr {
    let mut there = Query::select()
        .column(worker_visibility::Column::WorkerId)
        .from(worker_visibility::Entity)
        .and_where(worker_visibility::Column::Ground.eq(scope::WORKPLACE))
        .take();
    if region.level() == RegionLevel::Province {
        // The principal job says it for all but those who also work outside the province.
        let (first, last) = region.range();
        let (first, last) = (first.as_i64(), last.as_i64());
        let outside = Column::WorkSplit.eq(WorkSplit::OutsideProvince.as_str());
        there.and_where(worker_visibility::Column::RegionCode.between(first, last));
        let beside = outside.and(Column::Id.in_subquery(there));
        return Column::WorkCounty.between(first, last).or(beside);
    }
    there.and_where(worker_visibility::Column::RegionCode.eq(region.as_i64()));
    Column::Id.in_subquery(there)
}

/// Whose principal job, the one that started last, is in a region of the province.
pub fn working_mainly_in(region: RegionCode) -> SimpleExpr {
    match region.level() {
        RegionLevel::Province => {
            let (first, last) = region.range();
            Column::WorkCounty.between(first.as_i64(), last.as_i64())
        }
        RegionLevel::Prefecture => Column::WorkPrefecture.eq(region.as_i64()),
        RegionLevel::County => Column::WorkCounty.eq(region.as_i64()),
        RegionLevel::Township | RegionLevel::Village => {
            let (first, last) = region.range();
            let there = Query::select()
                .column(employment::Column::Id)
                .from(employment::Entity)
                .and_where(employment::Column::WorkplaceCode.between(first.as_i64(), last.as_i64()))
                .take();
            Column::CurrentEmploymentId.in_subquery(there)
        }
    }
}

fn in_category(category: PovertyCategory) -> SimpleExpr {
    Expr::col((Entity, Column::Categories))
        .bit_and(Categories::bit(category))
        .ne(0)
}

/// With a confirmed current job at an employer, or hosted by it; each along an index of its own.
fn employed_at(employer: EmployerId) -> SimpleExpr {
    let current = |column: employment::Column| {
        Column::Id.in_subquery(
            Query::select()
                .column(employment::Column::WorkerId)
                .from(employment::Entity)
                .and_where(column.eq(employer.uuid()))
                .and_where(employment::Column::State.eq("CONFIRMED"))
                .and_where(employment::Column::EndedOn.is_null())
                .and_where(scope::of_the_living())
                .take(),
        )
    };
    current(employment::Column::EmployerId).or(current(employment::Column::HostEmployerId))
}
