//! SQL of the trail: pages of the platform's journal.

mod chain;
mod indexed;

use ::entity::journal_entry::{Column, Model};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition};

use super::model::{AboutRecord, TrailEntry, TrailFilter};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::page::{Page, PageRequest};
use crate::platform::authn::Role;
use crate::platform::db::Session;

/// The place of an entry in the chain, as statements name it.
const POSITION: &str = "position";

/// One page, newest first; the cursor is an entry's id. What a narrowing index finds is in that
/// index's order, everything else in the order of the chain.
///
/// # Errors
/// [`Failure`] of the database.
pub(super) async fn page(
    session: &impl Session,
    filter: &TrailFilter,
    request: &PageRequest<i64>,
) -> Result<Page<TrailEntry>, Failure> {
    let entries = match indexed::Walk::of(filter) {
        Some(walk) => indexed::entries(session, walk, filter, request).await?,
        None => chain::entries(session, filter, request).await?,
    };
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
        // Of the chain, whose walk looks at them itself.
        position_from: _,
        position_until: _,
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

/// An entry that stands at a place of the chain, or has none yet.
fn to_entry(row: Model, position: Option<i64>) -> Result<TrailEntry, Failure> {
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
        position,
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
