//! Counting within the session's scope, always by one grouped statement.

use ::entity::worker::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::model::{Flow, FlowDirection, Flows, Group};
use crate::capability::worker::public::{
    Categories, WorkStatus, insured_now, working_in, working_mainly_in,
};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::{ReadSession, Session as _, failure, scope, stored, stored_if_any};

type GroupRow = (String, Option<String>, Option<bool>, Option<bool>, i32, i64);

fn people() -> sea_orm::sea_query::SimpleExpr {
    Expr::col((Entity, Column::Id)).count()
}

/// People registered in a region, grouped by everything that is counted.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(super) async fn groups(
    session: &ReadSession,
    region: RegionCode,
) -> Result<Vec<Group>, Failure> {
    let alike = [
        Column::WorkStatus,
        Column::WorkSplit,
        Column::Able,
        Column::Willing,
        Column::Categories,
    ];
    let mut select = Entity::find()
        .select_only()
        .columns(alike)
        .column_as(people(), "people")
        .filter(scope::workers_registered_in(session, region));
    for column in alike {
        select = select.group_by(column);
    }
    let rows: Vec<GroupRow> = select
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|(status, split, able, willing, categories, people)| {
            Ok(Group {
                status: stored(&status)?,
                split: stored_if_any(split.as_deref())?,
                able,
                willing,
                categories: Categories::from_bits(categories),
                people,
            })
        })
        .collect()
}

/// People registered in a region, alive and insured now.
pub(super) async fn insured(session: &ReadSession, region: RegionCode) -> Result<i64, Failure> {
    let condition = scope::workers_registered_in(session, region)
        .add(Column::WorkStatus.ne(WorkStatus::Deceased.as_str()))
        .add(insured_now(session, true));
    count(session, condition).await
}

/// People from anywhere who work in a region.
pub(super) async fn working_here(
    session: &ReadSession,
    region: RegionCode,
) -> Result<i64, Failure> {
    let there = scope::workers(session, Column::Id).add(working_in(region));
    count(session, there).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "callers start from the scope's condition"
)]
async fn count(session: &ReadSession, within_scope: Condition) -> Result<i64, Failure> {
    let people = Entity::find()
        .filter(within_scope)
        .count(&session.executor())
        .await
        .map_err(failure)?;
    i64::try_from(people).map_err(Failure::internal)
}

/// The flows out of or into a region, told apart at a level: at most the square of the number of
/// regions of that level.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(super) async fn flows(
    session: &ReadSession,
    region: RegionCode,
    level: FlowLevel,
    direction: FlowDirection,
) -> Result<Flows, Failure> {
    let (origin, workplace) = level.columns();
    let end = match direction {
        FlowDirection::Out => scope::workers_registered_in(session, region),
        FlowDirection::In => scope::workers(session, Column::Id).add(working_mainly_in(region)),
    };
    let rows: Vec<(i64, Option<i64>, i64)> = Entity::find()
        .select_only()
        .column(origin)
        .column(workplace)
        .column_as(people(), "people")
        .filter(Column::WorkStatus.eq(WorkStatus::Working.as_str()))
        .filter(end)
        .group_by(origin)
        .group_by(workplace)
        .order_by_desc(Expr::col(Alias::new("people")))
        .order_by_asc(origin)
        .order_by_asc(workplace)
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let region = |code| RegionCode::from_i64(code).map_err(Failure::internal);
    let flows: Result<Vec<Flow>, Failure> = rows
        .into_iter()
        .map(|(origin, destination, people)| {
            Ok(Flow {
                origin: region(origin)?,
                destination: destination.map(region).transpose()?,
                people,
            })
        })
        .collect();
    Ok(Flows::of(flows?))
}

/// The levels at which flows are told apart: those whose codes are materialised on both ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum FlowLevel {
    Prefecture,
    County,
}

impl FlowLevel {
    /// `None` for a level at which flows are not told apart.
    pub(super) const fn of(level: RegionLevel) -> Option<Self> {
        match level {
            RegionLevel::Prefecture => Some(Self::Prefecture),
            RegionLevel::County => Some(Self::County),
            RegionLevel::Province | RegionLevel::Township | RegionLevel::Village => None,
        }
    }

    const fn columns(self) -> (Column, Column) {
        match self {
            Self::Prefecture => (Column::OriginPrefecture, Column::WorkPrefecture),
            Self::County => (Column::OriginCounty, Column::WorkCounty),
        }
    }
}
