//! SQL of the trail: pages of the platform's journal.

use ::entity::journal_entry::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::{AboutRecord, TrailEntry, TrailFilter};
use crate::kernel::error::Failure;
use crate::kernel::page::{Page, PageRequest};
use crate::platform::db::{Session, failure};

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
    let rows = Entity::find()
        .filter(condition(filter).add_option(request.after.map(|id| Column::Id.lt(id))))
        .order_by_desc(Column::Id)
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
        .add_option(outcome.as_deref().map(|text| Column::Outcome.eq(text)))
        .add_option(since.map(|at| Column::At.gte(at)))
        .add_option(until.map(|at| Column::At.lt(at)))
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
