//! The list of people of several regions at once: a page for each, in one statement per level.

use std::collections::HashMap;

use ::entity::worker::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, Condition};

use super::super::model::Worker;
use super::page::{
    WorkerCursor, WorkerFilter, WorkerOrder, WorkerOrderField, ordered, page, rows, wanted,
};
use super::workers::scoped;
use crate::kernel::error::Failure;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::db::{Engine, Session, keys, scope};

/// What a page of each region shares.
pub(in super::super) struct Wanted<'a> {
    pub(in super::super) filter: &'a WorkerFilter,
    pub(in super::super) order: WorkerOrder,
    pub(in super::super) page: &'a PageRequest<WorkerCursor>,
}

/// A page of the people registered in each of these regions, as far as the session reaches them.
///
/// A region alone is walked along the index of its level and never further than the page; several
/// of one level are numbered in one statement. So there are at most five statements, one for each
/// level, however many regions there are.
pub(in super::super) async fn pages(
    session: &impl Session,
    regions: &[RegionCode],
    of: &Wanted<'_>,
) -> Result<HashMap<RegionCode, Page<Worker>>, Failure> {
    let mut levels: HashMap<RegionLevel, Vec<RegionCode>> = HashMap::new();
    for region in regions {
        levels.entry(region.level()).or_default().push(*region);
    }
    let mut found = HashMap::with_capacity(regions.len());
    for (level, regions) in levels {
        match ancestors(level) {
            Some(column) if regions.len() > 1 => {
                found.extend(numbered(session, level, column, &regions, of).await?);
            }
            // An exchange serves one province, so this is once for a province too.
            Some(_) | None => {
                for region in regions {
                    let Wanted {
                        filter,
                        order,
                        page: request,
                    } = of;
                    let people = page(session, filter, *order, request, Some(region)).await?;
                    found.insert(region, people);
                }
            }
        }
    }
    Ok(found)
}

/// The materialised ancestor of a level; a province has none.
const fn ancestors(level: RegionLevel) -> Option<Column> {
    match level {
        RegionLevel::Province => None,
        RegionLevel::Prefecture => Some(Column::OriginPrefecture),
        RegionLevel::County => Some(Column::OriginCounty),
        RegionLevel::Township => Some(Column::OriginTownship),
        RegionLevel::Village => Some(Column::OriginVillage),
    }
}

async fn numbered(
    session: &impl Session,
    level: RegionLevel,
    column: Column,
    regions: &[RegionCode],
    of: &Wanted<'_>,
) -> Result<HashMap<RegionCode, Page<Worker>>, Failure> {
    let (number, numbered) = (Alias::new("n"), Alias::new("numbered"));
    let codes: Vec<i64> = regions.iter().map(|region| region.as_i64()).collect();
    let people = Query::select()
        .column(Column::Id)
        .expr_as(
            Expr::cust(numbering(session.engine(), column, of.order)),
            number.clone(),
        )
        .from(Entity)
        .cond_where(scope::workers(session, Column::Id))
        .cond_where(wanted(session, of.filter, of.order, of.page)?)
        .and_where(keys::any_number(session, column, &codes))
        .take();
    let first = i64::try_from(of.page.first + 1).expect("a page has at most 100 rows");
    let chosen = Query::select()
        .column(Column::Id)
        .from_subquery(people, numbered)
        .and_where(Expr::col(number).lte(first))
        .take();
    let chosen = Condition::all().add(Column::Id.in_subquery(chosen));
    let mut found: HashMap<RegionCode, Vec<Worker>> =
        regions.iter().map(|region| (*region, Vec::new())).collect();
    for worker in rows(session, ordered(session, scoped(session, chosen), of.order)).await? {
        let region = worker.origin.ancestor(level).unwrap_or(worker.origin);
        found.entry(region).or_default().push(worker);
    }
    let cut = |people| Page::from_overfetched(people, of.page.first);
    Ok(found
        .into_iter()
        .map(|(region, people)| (region, cut(people)))
        .collect())
}

/// Numbers the people of each region in the order of the list.
fn numbering(engine: Engine, column: Column, order: WorkerOrder) -> String {
    use sea_orm::IdenStatic as _;
    let direction = if order.descending { "DESC" } else { "ASC" };
    let by = match order.field {
        WorkerOrderField::Registered => String::new(),
        WorkerOrderField::Name => match engine {
            Engine::Sqlite => format!("name {direction}, "),
            Engine::Postgres => format!("name COLLATE \"C\" {direction}, "),
        },
        WorkerOrderField::Changed => format!("updated_at {direction}, "),
    };
    let region = column.as_str();
    format!("ROW_NUMBER() OVER (PARTITION BY {region} ORDER BY {by}id {direction})")
}
