//! SQL of the journal: append, sequence, walk.

use ::entity::{journal_anchor, journal_entry, journal_head, journal_link, journal_pending};
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Query, SimpleExpr};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoSimpleExpr, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::entry::EntryRow;
use super::verify::{Anchor, Chained};
use crate::kernel::error::Failure;
use crate::platform::db::{Engine, Primary, failure, keys};

mod pending;

pub(super) use pending::{anything_pending, count_strays, oldest_marks, unplaced_in};

/// Entries in one statement: 14 columns each stay far below both engines' bind limits.
pub(super) const ROWS_PER_INSERT: usize = 500;

/// The migrations make the row and nothing of the exchange deletes it.
const NO_HEAD: &str = "the journal has no head (the only row of journal_head), so no entry finds its \
     place: somebody has changed the journal's tables; see \"The trail\" in docs/operating.md";

/// Where the chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Head {
    pub(in crate::platform) position: i64,
    pub(in crate::platform) hash: Vec<u8>,
}

/// Writes entries in the caller's transaction. A trigger marks each as pending for the sequencer.
pub(in crate::platform) async fn append_in(
    tx: &DatabaseTransaction,
    rows: &[EntryRow],
) -> Result<(), Failure> {
    for part in rows.chunks(ROWS_PER_INSERT) {
        insert(tx, part).await?;
    }
    Ok(())
}

/// Writes at most [`ROWS_PER_INSERT`] entries by themselves: one statement is whole or not at all
/// and durable when it has ended, without two more for a transaction around it.
pub(super) async fn append_alone(primary: &Primary, rows: &[EntryRow]) -> Result<(), Failure> {
    insert(primary.connection(), rows).await?;
    primary.wake_sequencer();
    Ok(())
}

async fn insert(conn: &impl ConnectionTrait, rows: &[EntryRow]) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    journal_entry::Entity::insert_many(rows.iter().cloned().map(to_active))
        .exec_without_returning(conn)
        .await
        .map(drop)
        .map_err(failure)
}

/// Locks the head for this transaction; `None` when another server is sequencing right now, or when
/// there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn lock_head_in(tx: &DatabaseTransaction) -> Result<Option<Head>, Failure> {
    let found = journal_head::Entity::find_by_id(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(tx)
        .await
        .map_err(failure)?;
    Ok(found.map(|head| Head {
        position: head.position,
        hash: head.hash,
    }))
}

/// Stores the links of a batch, clears its pending marks and moves the head.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn place_in(
    tx: &DatabaseTransaction,
    links: Vec<(i64, Head)>,
    head: &Head,
) -> Result<(), Failure> {
    for part in links.chunks(ROWS_PER_INSERT) {
        let rows = part.iter().map(|(entry, at)| journal_link::ActiveModel {
            position: Set(at.position),
            entry_id: Set(*entry),
            hash: Set(at.hash.clone()),
        });
        journal_link::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await
            .map_err(failure)?;
    }
    let ids: Vec<i64> = links.iter().map(|(entry, _)| *entry).collect();
    journal_pending::Entity::delete_many()
        .filter(any_of(tx, journal_pending::Column::EntryId, &ids))
        .exec(tx)
        .await
        .map_err(failure)?;
    journal_head::Entity::update_many()
        .col_expr(journal_head::Column::Position, head.position.into())
        .col_expr(journal_head::Column::Hash, head.hash.clone().into())
        .exec(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// The head as it stands.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn head(conn: &impl ConnectionTrait) -> Result<Head, Failure> {
    let head = journal_head::Entity::find_by_id(1)
        .one(conn)
        .await
        .map_err(failure)?
        .ok_or_else(|| Failure::internal(NO_HEAD))?;
    Ok(Head {
        position: head.position,
        hash: head.hash,
    })
}

/// Up to `limit` links after `position`, each with its entry; `entry` is `None` when it is gone.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn chain_after(
    conn: &impl ConnectionTrait,
    position: i64,
    limit: u64,
) -> Result<Vec<Chained>, Failure> {
    let links = journal_link::Entity::find()
        .filter(journal_link::Column::Position.gt(position))
        .order_by_asc(journal_link::Column::Position)
        .limit(limit)
        .all(conn)
        .await
        .map_err(failure)?;
    let ids: Vec<i64> = links.iter().map(|link| link.entry_id).collect();
    let mut entries: std::collections::HashMap<i64, EntryRow> = journal_entry::Entity::find()
        .filter(any_of(conn, journal_entry::Column::Id, &ids))
        .all(conn)
        .await
        .map_err(failure)?
        .into_iter()
        .map(|model| (model.id, from_model(model)))
        .collect();
    Ok(links
        .into_iter()
        .map(|link| Chained {
            position: link.position,
            entry_id: link.entry_id,
            hash: link.hash,
            entry: entries.remove(&link.entry_id),
        })
        .collect())
}

/// How many entries are neither placed nor waiting: somebody removed their mark or their link.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn count_orphans(conn: &impl ConnectionTrait) -> Result<u64, Failure> {
    // NOT EXISTS: with NOT IN, PostgreSQL compares every entry with every link.
    let entry = || Expr::col((journal_entry::Entity, journal_entry::Column::Id));
    let placed = Query::select()
        .expr(Expr::val(1))
        .from(journal_link::Entity)
        .and_where(journal_link::Column::EntryId.into_expr().eq(entry()))
        .take();
    let waiting = Query::select()
        .expr(Expr::val(1))
        .from(journal_pending::Entity)
        .and_where(journal_pending::Column::EntryId.into_expr().eq(entry()))
        .take();
    journal_entry::Entity::find()
        .filter(Expr::exists(placed).not())
        .filter(Expr::exists(waiting).not())
        .count(conn)
        .await
        .map_err(failure)
}

fn any_of(conn: &impl ConnectionTrait, column: impl IntoSimpleExpr, ids: &[i64]) -> SimpleExpr {
    keys::any_number_on(Engine::of(conn.get_database_backend()), column, ids)
}

/// Every anchor, oldest first.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn anchors(conn: &impl ConnectionTrait) -> Result<Vec<Anchor>, Failure> {
    let found = journal_anchor::Entity::find()
        .order_by_asc(journal_anchor::Column::Day)
        .all(conn)
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|model| Anchor {
            day: model.day,
            statement: model.statement,
        })
        .collect())
}

/// Stores the anchor of a day unless the day has one; whether it was stored.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(super) async fn store_anchor_in(
    tx: &DatabaseTransaction,
    day: NaiveDate,
    head: &Head,
    statement: &str,
) -> Result<bool, Failure> {
    let known = journal_anchor::Entity::find_by_id(day)
        .one(tx)
        .await
        .map_err(failure)?;
    if known.is_some() {
        return Ok(false);
    }
    journal_anchor::Entity::insert(journal_anchor::ActiveModel {
        day: Set(day),
        position: Set(head.position),
        hash: Set(head.hash.clone()),
        statement: Set(statement.to_owned()),
    })
    .exec_without_returning(tx)
    .await
    .map_err(failure)?;
    Ok(true)
}

fn to_active(row: EntryRow) -> journal_entry::ActiveModel {
    let EntryRow {
        commit_id,
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
    journal_entry::ActiveModel {
        id: NotSet,
        commit_id: Set(commit_id),
        at: Set(at),
        issuer: Set(issuer),
        subject: Set(subject),
        role: Set(role),
        action: Set(action),
        record_kind: Set(record_kind),
        record_id: Set(record_id),
        record_version: Set(record_version),
        changes: Set(changes),
        purpose: Set(purpose),
        outcome: Set(outcome),
        repeats: Set(repeats),
        request_id: Set(request_id),
    }
}

fn from_model(model: journal_entry::Model) -> EntryRow {
    let journal_entry::Model {
        id: _,
        commit_id,
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
    } = model;
    EntryRow {
        commit_id,
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
    }
}
