//! SQL of divisions. They are public knowledge: no statement here has a scope.

use std::collections::HashMap;

use ::entity::region::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::Region;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::{Session, WriteSession, failure, keys, stored};

/// The division with a code.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn find(
    session: &impl Session,
    code: RegionCode,
) -> Result<Option<Region>, Failure> {
    Entity::find_by_id(code.as_i64())
        .one(&session.executor())
        .await
        .map_err(failure)?
        .map(from_model)
        .transpose()
}

/// Those among `codes` that exist, by one statement of constant text.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn find_many(
    session: &impl Session,
    codes: &[RegionCode],
) -> Result<HashMap<RegionCode, Region>, Failure> {
    let wanted: Vec<i64> = codes.iter().map(|code| code.as_i64()).collect();
    let found = Entity::find()
        .filter(keys::any_number(session, Column::Code, &wanted))
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|row| from_model(row).map(|region| (region.code, region)))
        .collect()
}

/// Those of these prefectures that have a county in the table, in force or not.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn divided(
    session: &impl Session,
    prefectures: &[RegionCode],
) -> Result<Vec<RegionCode>, Failure> {
    let wanted: Vec<i64> = prefectures.iter().map(|code| code.as_i64()).collect();
    let found: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::ParentCode)
        .distinct()
        .filter(keys::any_number(session, Column::ParentCode, &wanted))
        .filter(Column::Level.eq(RegionLevel::County.as_str()))
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let codes = found.into_iter().map(RegionCode::from_i64);
    codes.collect::<Result<_, _>>().map_err(Failure::internal)
}

/// The province that the divisions loaded so far lie in; `None` while there are none.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn loaded_province(session: &impl Session) -> Result<Option<RegionCode>, Failure> {
    let first: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Code)
        .order_by_asc(Column::Code)
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    let code = first.map(RegionCode::from_i64).transpose();
    Ok(code.map_err(Failure::internal)?.map(RegionCode::province))
}

/// Every prefecture and county in the order of codes. Walks down from the provinces along the
/// index on the parent, so that a table of half a million villages is not scanned for them.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn prefectures_and_counties(
    session: &impl Session,
) -> Result<Vec<Region>, Failure> {
    let provinces = codes_where(Column::ParentCode.is_null());
    let prefectures = codes_where(Column::ParentCode.in_subquery(provinces.clone()));
    let mut parents = provinces;
    parents.union(UnionType::All, prefectures);
    let found = Entity::find()
        .filter(Column::ParentCode.in_subquery(parents))
        // A prefecture without counties has its towns right below it.
        .filter(Column::Level.ne(RegionLevel::Township.as_str()))
        .order_by_asc(Column::Code)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found.into_iter().map(from_model).collect()
}

/// Divisions that ended before today and have a successor.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn ended_with_successor(session: &impl Session) -> Result<Vec<Region>, Failure> {
    let found = Entity::find()
        .filter(Column::SuccessorCode.is_not_null())
        .filter(Column::ValidTo.lt(session.today()))
        .order_by_asc(Column::Code)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found.into_iter().map(from_model).collect()
}

/// Divisions to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionFilter {
    /// Inside this one, itself left out; without a level only those directly below it.
    pub inside: Option<RegionCode>,
    /// Of this level; without one and without `inside` the provinces.
    pub level: Option<RegionLevel>,
}

/// One page in the order of codes.
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn page(
    session: &impl Session,
    filter: RegionFilter,
    page: &PageRequest<i64>,
) -> Result<Page<Region>, Failure> {
    let RegionFilter { inside, level } = filter;
    let mut query = Entity::find();
    query = match (inside, level) {
        (Some(parent), None) => query.filter(Column::ParentCode.eq(parent.as_i64())),
        (None, None) => query.filter(Column::ParentCode.is_null()),
        (None, Some(level)) => query.filter(Column::Level.eq(level.as_str())),
        (Some(around), Some(level)) => {
            let (first, last) = around.range();
            query
                .filter(Column::Code.gt(first.as_i64()))
                .filter(Column::Code.lte(last.as_i64()))
                .filter(Column::Level.eq(level.as_str()))
        }
    };
    if let Some(after) = page.after {
        query = query.filter(Column::Code.gt(after));
    }
    let rows = query
        .order_by_asc(Column::Code)
        .limit(page.first + 1)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let rows: Result<Vec<Region>, Failure> = rows.into_iter().map(from_model).collect();
    Ok(Page::from_overfetched(rows?, page.first))
}

/// The same page of children for several parents, by one statement: the first rows of each are
/// numbered by a window, which both engines have (lateral joins SQLite has not).
#[expect(
    clippy::disallowed_methods,
    reason = "divisions are public knowledge and have no scope"
)]
pub(super) async fn children_pages(
    session: &impl Session,
    parents: &[RegionCode],
    page: &PageRequest<i64>,
) -> Result<HashMap<RegionCode, Page<Region>>, Failure> {
    let wanted: Vec<i64> = parents.iter().map(|code| code.as_i64()).collect();
    let mut numbered = Query::select();
    numbered
        .column(Column::Code)
        .expr_as(
            Expr::cust("ROW_NUMBER() OVER (PARTITION BY parent_code ORDER BY code)"),
            "place",
        )
        .from(Entity)
        .and_where(keys::any_number(session, Column::ParentCode, &wanted));
    if let Some(after) = page.after {
        numbered.and_where(Column::Code.gt(after));
    }
    let first_of_each = Query::select()
        .column("code")
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col("place").lte(page.first + 1))
        .take();
    let found = Entity::find()
        .filter(Column::Code.in_subquery(first_of_each))
        .order_by_asc(Column::Code)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut children: HashMap<RegionCode, Vec<Region>> =
        parents.iter().map(|parent| (*parent, Vec::new())).collect();
    for row in found {
        let region = from_model(row)?;
        if let Some(siblings) = region.parent.and_then(|p| children.get_mut(&p)) {
            siblings.push(region);
        }
    }
    let cut = |rows| Page::from_overfetched(rows, page.first);
    Ok(children
        .into_iter()
        .map(|(parent, rows)| (parent, cut(rows)))
        .collect())
}

/// Writes divisions, each code at most once among them; a known code is replaced.
pub(super) async fn upsert_in(session: &WriteSession, regions: &[Region]) -> Result<(), Failure> {
    let replace = OnConflict::column(Column::Code)
        .update_columns([
            Column::Level,
            Column::ParentCode,
            Column::NameZh,
            Column::NameEn,
            Column::ValidFrom,
            Column::ValidTo,
            Column::SuccessorCode,
        ])
        .to_owned();
    Entity::insert_many(regions.iter().cloned().map(to_active))
        .on_conflict(replace)
        .exec_without_returning(&session.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

fn codes_where(condition: Expr) -> SelectStatement {
    Query::select()
        .column(Column::Code)
        .from(Entity)
        .and_where(condition)
        .take()
}

fn to_active(region: Region) -> ActiveModel {
    let Region {
        code,
        level,
        parent,
        name_zh,
        name_en,
        valid_from,
        valid_to,
        successor,
    } = region;
    ActiveModel {
        code: Set(code.as_i64()),
        level: Set(level.as_str().to_owned()),
        parent_code: Set(parent.map(RegionCode::as_i64)),
        name_zh: Set(name_zh),
        name_en: Set(name_en),
        valid_from: Set(valid_from),
        valid_to: Set(valid_to),
        successor_code: Set(successor.map(RegionCode::as_i64)),
    }
}

fn from_model(row: Model) -> Result<Region, Failure> {
    let Model {
        code,
        level,
        parent_code,
        name_zh,
        name_en,
        valid_from,
        valid_to,
        successor_code,
    } = row;
    let read = |code| RegionCode::from_i64(code).map_err(Failure::internal);
    Ok(Region {
        code: read(code)?,
        level: stored(&level)?,
        parent: parent_code.map(read).transpose()?,
        name_zh,
        name_en,
        valid_from,
        valid_to,
        successor: successor_code.map(read).transpose()?,
    })
}
