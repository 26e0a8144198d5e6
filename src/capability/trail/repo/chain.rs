//! Pages along the chain: what is not placed yet first, then by descending place.
//!
//! Numbers of entries are not the order of commits, so that whoever remembered a number would miss
//! what commits late under an earlier one. A place is given after the commit, and never before every
//! earlier one is taken: below a place that was shown nothing is added.

use std::cmp::Reverse;
use std::collections::HashMap;

use ::entity::journal_entry::{Column, Entity, Model};
use ::entity::{journal_link, journal_pending};
use sea_orm::sea_query::{
    Expr, ExprTrait as _, Func, Order, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryFilter as _};

use super::super::model::{TrailEntry, TrailFilter};
use super::{POSITION, condition, to_entry};
use crate::kernel::error::Failure;
use crate::kernel::page::PageRequest;
use crate::platform::db::{Session, failure, keys};

/// The column of [`places`] that names the entry.
const ENTRY: &str = "entry_id";

/// The entries of a page and the one behind it.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal has no scope of its own: auditors read all of it"
)]
pub(super) async fn entries(
    session: &impl Session,
    filter: &TrailFilter,
    request: &PageRequest<i64>,
) -> Result<Vec<TrailEntry>, Failure> {
    let rows = session
        .executor()
        .query_all(&places(filter, request))
        .await
        .map_err(failure)?;
    let mut places: Vec<(Option<i64>, i64)> = rows
        .iter()
        .map(|row| Ok((row.try_get("", POSITION)?, row.try_get("", ENTRY)?)))
        .collect::<Result<_, _>>()
        .map_err(failure)?;
    places.sort_by_key(|(position, id)| (position.is_some(), Reverse(*position), Reverse(*id)));
    places.truncate(usize::try_from(request.first + 1).map_err(Failure::internal)?);
    // Entries never change: they may be read later than their places, which must be of one moment.
    let ids: Vec<i64> = places.iter().map(|(_, id)| *id).collect();
    let found = Entity::find()
        .filter(keys::any_number(session, Column::Id, &ids))
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut found: HashMap<i64, Model> = found.into_iter().map(|row| (row.id, row)).collect();
    places
        .into_iter()
        .filter_map(|(position, id)| Some(to_entry(found.remove(&id)?, position)))
        .collect()
}

/// Which entries a page may hold, as many of those that wait for their place as of those that have
/// one. One statement: between two, an entry could leave the one part and be missed in the other, or
/// be shown with a place while one below it is not there yet.
fn places(filter: &TrailFilter, request: &PageRequest<i64>) -> SelectStatement {
    let mut places = Query::select()
        .expr_as(Expr::cust("NULL"), POSITION)
        .column(ENTRY)
        .from_subquery(waiting(filter, request), "waiting")
        .take();
    let placed = Query::select()
        .columns([POSITION, ENTRY])
        .from_subquery(placed(filter, request), "placed")
        .take();
    places.union(UnionType::All, placed);
    places
}

/// Entries that wait for their place. None lies behind one that has its place; for one that had none
/// when it was shown, its place of now counts.
fn waiting(filter: &TrailFilter, request: &PageRequest<i64>) -> SelectStatement {
    use journal_pending::{Column::EntryId, Entity as Pending};
    let mut waiting = joined(filter, (Pending, EntryId), request);
    waiting
        .order_by((Pending, EntryId), Order::Desc)
        .and_where_option(filter.position_until.map(|_| Expr::val(1).eq(0)));
    if let Some(after) = request.after {
        waiting
            .and_where(Expr::col((Pending, EntryId)).lt(after))
            .and_where(Expr::exists(place_of(after)).not());
    }
    waiting
}

/// Entries in their places.
fn placed(filter: &TrailFilter, request: &PageRequest<i64>) -> SelectStatement {
    use journal_link::{Column::EntryId, Column::Position, Entity as Link};
    let mut placed = joined(filter, (Link, EntryId), request);
    let position = || Expr::col((Link, Position));
    placed
        .expr_as(position(), POSITION)
        .order_by((Link, Position), Order::Desc)
        .and_where_option(filter.position_from.map(|from| position().gte(from)))
        .and_where_option(filter.position_until.map(|until| position().lt(until)))
        .and_where_option(request.after.map(|after| position().lt(reached(after))));
    placed
}

/// The entries that a table refers to by a column, as far as the filter wants them.
fn joined<T, C>(
    filter: &TrailFilter,
    (table, column): (T, C),
    request: &PageRequest<i64>,
) -> SelectStatement
where
    T: sea_orm::sea_query::Iden + Copy,
    C: sea_orm::sea_query::Iden + Copy,
{
    let refers = Expr::col((table, column)).equals((Entity, Column::Id));
    Query::select()
        .expr_as(Expr::col((table, column)), ENTRY)
        .from(table)
        .inner_join(Entity, refers)
        .cond_where(condition(filter))
        .limit(request.first + 1)
        .take()
}

/// The place that a page ended with; behind an entry that still waits lies every place.
fn reached(after: i64) -> SimpleExpr {
    let place = Expr::SubQuery(None, Box::new(place_of(after).into()));
    Func::coalesce([place, Expr::val(i64::MAX)]).into()
}

fn place_of(entry: i64) -> SelectStatement {
    Query::select()
        .column(journal_link::Column::Position)
        .from(journal_link::Entity)
        .and_where(Expr::col(journal_link::Column::EntryId).eq(entry))
        .take()
}
