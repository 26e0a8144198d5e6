//! What waits for its place: the marks of `journal_pending`, and the entries that they stand for.
//!
//! A mark to which no entry belongs is a stray. The exchange makes none; they come of somebody who
//! writes to its tables, and must neither keep real entries from their places nor go unnoticed. No
//! foreign key refuses them: see "Order" in `docs/decisions/0003-one-journal.md`.

use ::entity::{journal_entry, journal_pending};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::{any_of, from_model};
use crate::kernel::error::Failure;
use crate::platform::db::failure;
use crate::platform::journal::entry::EntryRow;

/// Marks that are looked at to tell how the journal stands.
const LOOKED_AT: u64 = 1_000;

/// A committed entry that has no place in the chain yet.
pub(in crate::platform::journal) struct Unplaced {
    pub(in crate::platform::journal) id: i64,
    pub(in crate::platform::journal) row: EntryRow,
}

/// The oldest entries without a place.
pub(in crate::platform::journal) struct Waiting {
    pub(in crate::platform::journal) entries: Vec<Unplaced>,
    /// Whether strays stand among their marks.
    pub(in crate::platform::journal) strays: bool,
}

/// The first marks by id, and what they stand for.
pub(in crate::platform::journal) struct Marks {
    /// All marks, beyond those that were looked at too.
    pub(in crate::platform::journal) all: u64,
    /// Strays among those that were looked at.
    pub(in crate::platform::journal) strays: u64,
    /// The entry among them that happened first, with its time.
    pub(in crate::platform::journal) oldest: Option<(i64, DateTime<Utc>)>,
}

/// Whether anything is marked as waiting for its place.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(in crate::platform::journal) async fn anything_pending(
    conn: &impl ConnectionTrait,
) -> Result<bool, Failure> {
    let found = journal_pending::Entity::find()
        .one(conn)
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// How many marks are strays.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(in crate::platform::journal) async fn count_strays(
    conn: &impl ConnectionTrait,
) -> Result<u64, Failure> {
    journal_pending::Entity::find()
        .filter(has_entry().not())
        .count(conn)
        .await
        .map_err(failure)
}

/// The first marks by id, and what they stand for.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
pub(in crate::platform::journal) async fn oldest_marks(
    conn: &impl ConnectionTrait,
) -> Result<Marks, Failure> {
    let all = journal_pending::Entity::find()
        .count(conn)
        .await
        .map_err(failure)?;
    let marks = marks(conn, LOOKED_AT, None).await?;
    let found: Vec<(i64, DateTime<Utc>)> = journal_entry::Entity::find()
        .select_only()
        .columns([journal_entry::Column::Id, journal_entry::Column::At])
        .filter(any_of(conn, journal_entry::Column::Id, &marks))
        .into_tuple()
        .all(conn)
        .await
        .map_err(failure)?;
    Ok(Marks {
        all,
        strays: (marks.len() - found.len()) as u64,
        oldest: found.into_iter().min_by_key(|(id, at)| (*at, *id)),
    })
}

/// The oldest unplaced entries by id. Ids of one record follow the order of its commits, because
/// a commit writes its entries after it holds the record's lock.
///
/// All marks of a batch are read by one statement: those of two are of two moments, and the second
/// could see a later commit on a record whose earlier one the first did not see yet.
pub(in crate::platform::journal) async fn unplaced_in(
    tx: &DatabaseTransaction,
    limit: u64,
) -> Result<Waiting, Failure> {
    let first = marks(tx, limit, None).await?;
    let entries = entries(tx, &first).await?;
    if entries.len() == first.len() {
        return Ok(Waiting {
            entries,
            strays: false,
        });
    }
    // Only now: as a condition of every batch, PostgreSQL may come to walk the whole journal for it.
    let placeable = marks(tx, limit, Some(has_entry())).await?;
    Ok(Waiting {
        entries: self::entries(tx, &placeable).await?,
        strays: true,
    })
}

/// The first marks by id.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
async fn marks(
    conn: &impl ConnectionTrait,
    limit: u64,
    which: Option<SimpleExpr>,
) -> Result<Vec<i64>, Failure> {
    let mut marks = journal_pending::Entity::find()
        .select_only()
        .column(journal_pending::Column::EntryId);
    if let Some(which) = which {
        marks = marks.filter(which);
    }
    marks
        .order_by_asc(journal_pending::Column::EntryId)
        .limit(limit)
        .into_tuple()
        .all(conn)
        .await
        .map_err(failure)
}

/// The entries of these marks, by id.
#[expect(
    clippy::disallowed_methods,
    reason = "the journal is the platform's own table and has no scope"
)]
async fn entries(tx: &DatabaseTransaction, marks: &[i64]) -> Result<Vec<Unplaced>, Failure> {
    let found = journal_entry::Entity::find()
        .filter(any_of(tx, journal_entry::Column::Id, marks))
        .order_by_asc(journal_entry::Column::Id)
        .all(tx)
        .await
        .map_err(failure)?;
    let unplaced = found.into_iter().map(|model| Unplaced {
        id: model.id,
        row: from_model(model),
    });
    Ok(unplaced.collect())
}

fn has_entry() -> SimpleExpr {
    let mark = Expr::col((journal_pending::Entity, journal_pending::Column::EntryId));
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(journal_entry::Entity)
            .and_where(Expr::col((journal_entry::Entity, journal_entry::Column::Id)).eq(mark))
            .take(),
    )
}
