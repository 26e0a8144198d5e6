//! SQL of the trail: pages of the platform's journal.

use ::entity::journal_entry::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::model::{AboutRecord, TrailEntry, TrailFilter};
use crate::kernel::error::Failure;
use crate::kernel::page::{Page, PageRequest};
use crate::platform::authn::Role;
use crate::platform::db::{Session, failure};

/// The largest id: behind it lies every entry.
const END: i64 = i64::MAX;

/// What a page is walked along: the index that narrows it most, from its newest end. The order is
/// the index's own, so that a page costs a page, whatever the planner knows about the data.
#[derive(Clone, Copy)]
enum Walk<'a> {
    /// Entries of one record or one subject, which are few, or all of them: by id.
    Entry,
    /// The entries of one action: by id.
    Action(&'a str),
    /// What happened within bounds of time: by time, and by id where that is equal.
    Time,
}

impl<'a> Walk<'a> {
    fn of(filter: &'a TrailFilter) -> Self {
        let few = filter.record.is_some() || filter.subject.is_some();
        let rare = filter.outcome.as_deref().is_some_and(is_rare);
        match &filter.action {
            _ if few => Self::Entry,
            _ if filter.since.is_some() || filter.until.is_some() => Self::Time,
            _ if rare => Self::Entry,
            Some(action) => Self::Action(action),
            None => Self::Entry,
        }
    }

    /// What lies on the walk behind an entry. An action is a range of its index rather than a
    /// value, because PostgreSQL would otherwise walk the ids of the whole journal.
    fn behind(self, after: Option<i64>) -> Condition {
        match self {
            Self::Entry => Condition::all().add_option(after.map(|id| Column::Id.lt(id))),
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
            Self::Entry => select,
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

/// One page, newest first; the cursor is an entry's id.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal has no scope of its own: auditors read all of it, and the log of one \
              person is read by the id of a record that the session reaches"
)]
pub(super) async fn page(
    session: &impl Session,
    filter: &TrailFilter,
    request: &PageRequest<i64>,
) -> Result<Page<TrailEntry>, Failure> {
    let walk = Walk::of(filter);
    let wanted = Entity::find().filter(condition(filter).add(walk.behind(request.after)));
    let rows = walk
        .order(wanted)
        .limit(request.first + 1)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let entries = rows
        .into_iter()
        .map(to_entry)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_overfetched(entries, request.first))
}

fn condition(filter: &TrailFilter) -> Condition {
    let TrailFilter {
        action,
        subject,
        record,
        outcome,
        since,
        until,
        except,
    } = filter;
    let about = record.as_ref().map(|AboutRecord { kind, id }| {
        Condition::all()
            .add(Column::RecordKind.eq(kind.as_str()))
            .add(Column::RecordId.eq(*id))
    });
    Condition::all()
        .add_option(about)
        .add_option(subject.as_deref().map(|text| Column::Subject.eq(text)))
        .add_option(action.as_deref().map(|text| Column::Action.eq(text)))
        .add_option(outcome.as_deref().map(ended))
        .add_option(since.map(|at| Column::At.gte(at)))
        .add_option(until.map(|at| Column::At.lt(at)))
        .add_option(except.map(|(start, since)| {
            let by_auditor = Column::Role.eq(Role::Auditor.as_str());
            let hidden = Column::Action.starts_with(start).or(by_auditor);
            hidden.and(Column::At.gte(since)).not()
        }))
}

/// Outcomes that most entries have; `migration` leaves them out of its index by the same words.
const COMMON: [&str; 3] = ["DONE", "SHOWN", "LISTED"];

fn is_rare(outcome: &str) -> bool {
    !COMMON.contains(&outcome)
}

fn ended(outcome: &str) -> Condition {
    // As a literal, without which the partial index does not apply.
    let rare = is_rare(outcome).then(|| Expr::cust("outcome NOT IN ('DONE', 'SHOWN', 'LISTED')"));
    Condition::all()
        .add(Column::Outcome.eq(outcome))
        .add_option(rare)
}

fn to_entry(row: Model) -> Result<TrailEntry, Failure> {
    let Model {
        id,
        commit_id: _,
        at,
        issuer,
        subject,
        role,
        action,
        record_kind,
        record_id,
        record_version,
        changes,
        purpose,
        outcome,
        repeats,
        request_id,
    } = row;
    let fields = changes
        .map(|json| serde_json::from_str(&json).map_err(Failure::internal))
        .transpose()?;
    Ok(TrailEntry {
        id,
        at,
        issuer,
        subject,
        role,
        action,
        record: record_kind
            .zip(record_id)
            .map(|(kind, id)| AboutRecord { kind, id }),
        version: record_version,
        fields: fields.unwrap_or_default(),
        purpose,
        outcome,
        repeats,
        request_id,
    })
}
