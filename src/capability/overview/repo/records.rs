//! Figures from the people's own rows, within the session's scope.

use ::entity::worker::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::super::model::{Flow, FlowDirection, Group};
use super::FlowLevel;
use crate::capability::worker::public::{
    Categories, WorkStatus, insured_now, working_in, working_mainly_in,
};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::region_code::RegionCode;
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
pub(in super::super) async fn groups(
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
pub(in super::super) async fn insured(
    session: &ReadSession,
    region: RegionCode,
) -> Result<i64, Failure> {
    let condition = scope::workers_registered_in(session, region)
        .add(Column::WorkStatus.ne(WorkStatus::Deceased.as_str()))
        .add(insured_now(session, true));
    count(session, condition).await
}

/// People from anywhere who work in a region.
pub(in super::super) async fn working_here(
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
pub(in super::super) async fn flows(
    session: &ReadSession,
    region: RegionCode,
    level: FlowLevel,
    direction: FlowDirection,
) -> Result<Vec<Flow>, Failure> {
    let (origin, workplace) = match level {
        FlowLevel::Prefecture => (Column::OriginPrefecture, Column::WorkPrefecture),
        FlowLevel::County => (Column::OriginCounty, Column::WorkCounty),
    };
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
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter().map(super::flow).collect()
}
