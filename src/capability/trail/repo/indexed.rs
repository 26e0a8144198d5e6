//! Pages of what an index narrows the journal to.

use ::entity::journal_entry::{Column, Entity, Model};
use ::entity::journal_link;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Select,
};

use super::super::model::{TrailEntry, TrailFilter};
use super::{POSITION, condition, is_rare, to_entry};
use crate::kernel::error::Failure;
use crate::kernel::page::PageRequest;
use crate::platform::db::{Session, failure};

/// The largest id: behind it lies every entry.
const END: i64 = i64::MAX;

/// What a page is walked along: the index that narrows it most, from its newest end. The order is
/// the index's own, so that a page costs a page, whatever the planner knows about the data.
#[derive(Clone, Copy)]
pub(super) enum Walk<'a> {
    /// The entries of one record or one subject, or of a rare outcome, which are few: by id.
    Few,
    /// The entries of one action: by id.
    Action(&'a str),
    /// What happened within bounds of time: by time, and by id where that is equal.
    Time,
}

impl<'a> Walk<'a> {
    /// `None` where no index narrows anything, and for what is asked for by its place in the chain.
    pub(super) fn of(filter: &'a TrailFilter) -> Option<Self> {
        if filter.position_from.is_some() || filter.position_until.is_some() {
            return None;
        }
        let few = filter.record.is_some() || filter.subject.is_some();
        let rare = filter.outcome.as_deref().is_some_and(is_rare);
        match &filter.action {
            _ if few => Some(Self::Few),
            _ if filter.since.is_some() || filter.until.is_some() => Some(Self::Time),
            _ if rare => Some(Self::Few),
            Some(action) => Some(Self::Action(action)),
            None => None,
        }
    }

    /// What lies on the walk behind an entry. An action is a range of its index rather than a
    /// value, because PostgreSQL would otherwise walk the ids of the whole journal.
    fn behind(self, after: Option<i64>) -> Condition {
        match self {
            Self::Few => Condition::all().add_option(after.map(|id| Column::Id.lt(id))),
            Self::Action(action) => {
                let end = [Expr::val(action), Expr::val(after.unwrap_or(END))];
                Condition::all()
                    .add(Column::Action.gte(action))
                    .add(pair(Column::Action).lt(Expr::tuple(end)))
            }
            Self::Time => Condition::all().add_option(after.map(|id| {
                let at = Query::select()
                    .column(Column::At)
                    .from(Entity)
                    .and_where(Column::Id.eq(id))
                    .take();
                let end = [Expr::SubQuery(None, Box::new(at.into())), Expr::val(id)];
                pair(Column::At).lt(Expr::tuple(end))
            })),
        }
    }

    fn order(self, select: Select<Entity>) -> Select<Entity> {
        match self {
            Self::Few => select,
            Self::Action(_) => select.order_by_desc(Column::Action),
            Self::Time => select.order_by_desc(Column::At),
        }
        .order_by_desc(Column::Id)
    }
}

/// A column with the id, as one value that an index orders by.
fn pair(column: Column) -> Expr {
    Expr::tuple([Expr::col(column), Expr::col(Column::Id)])
}

/// An entry with its place, read at the same moment: an entry that is shown with a place stands
/// beside all that were placed before it.
struct Placed {
    entry: Model,
    position: Option<i64>,
}

impl FromQueryResult for Placed {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            entry: Model::from_query_result(row, prefix)?,
            position: row.try_get(prefix, POSITION)?,
        })
    }
}

/// The entries of a page and the one behind it.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal has no scope of its own: auditors read all of it, and the log of one \
              person is read by the id of a record that the session reaches"
)]
pub(super) async fn entries(
    session: &impl Session,
    walk: Walk<'_>,
    filter: &TrailFilter,
    request: &PageRequest<i64>,
) -> Result<Vec<TrailEntry>, Failure> {
    // Asked for each row that is shown; a join could be made with the whole chain.
    let position = Query::select()
        .column(journal_link::Column::Position)
        .from(journal_link::Entity)
        .and_where(Expr::col(journal_link::Column::EntryId).equals((Entity, Column::Id)))
        .take();
    let wanted = Entity::find()
        .expr_as(Expr::SubQuery(None, Box::new(position.into())), POSITION)
        .filter(condition(filter).add(walk.behind(request.after)));
    let rows = walk
        .order(wanted)
        .limit(request.first + 1)
        .into_model::<Placed>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|row| to_entry(row.entry, row.position))
        .collect()
}
