//! What is done every so often: claiming a period, and how far each schedule has come.

use ::entity::schedule::{ActiveModel, Column, Entity};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::kernel::error::Failure;
use crate::platform::db::failure;
use crate::platform::queue::Progress;

/// A period for which a job is to be asked for.
pub(in crate::platform::queue) struct Claim {
    pub(in crate::platform::queue) name: &'static str,
    pub(in crate::platform::queue) now: DateTime<Utc>,
    /// Its start.
    pub(in crate::platform::queue) period: DateTime<Utc>,
    /// A period asked for that lies beyond this was claimed by a clock that was wrong.
    pub(in crate::platform::queue) latest: DateTime<Utc>,
    /// Whether the period may have been claimed before.
    pub(in crate::platform::queue) again: bool,
}

/// Claims a period by one statement; `false` when somebody has claimed it already.
pub(in crate::platform::queue) async fn claim_in(
    tx: &DatabaseTransaction,
    claim: &Claim,
) -> Result<bool, Failure> {
    let Claim {
        name,
        now,
        period,
        latest,
        again,
    } = *claim;
    let row = ActiveModel {
        name: Set(name.to_owned()),
        since: Set(now),
        asked_for: Set(period),
        last_success: Set(None),
        mark: Set(None),
    };
    let known = || Expr::col((Entity, Column::AskedFor));
    let unclaimed = known().lt(period).or(known().gt(latest));
    let mut claimed = OnConflict::column(Column::Name);
    claimed.update_column(Column::AskedFor);
    if !again {
        claimed.action_and_where(unclaimed);
    }
    let rows = Entity::insert(row)
        .on_conflict(claimed)
        .exec_without_returning(tx)
        .await
        .map_err(failure)?;
    Ok(rows > 0)
}

/// Every schedule that was ever asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "schedules are the platform's own table and have no scope"
)]
pub(in crate::platform::queue) async fn schedules(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, Progress)>, Failure> {
    let found = Entity::find().all(conn).await.map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|row| {
            let progress = Progress {
                since: row.since,
                asked_for: row.asked_for,
                last_success: row.last_success,
            };
            (row.name, progress)
        })
        .collect())
}

/// States that a run ended well.
#[expect(
    clippy::disallowed_methods,
    reason = "schedules are the platform's own table and have no scope"
)]
pub(in crate::platform::queue) async fn succeeded(
    conn: &impl ConnectionTrait,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    Entity::update_many()
        .col_expr(Column::LastSuccess, Expr::value(now))
        .filter(Column::Name.eq(name))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(())
}

/// How far the work has come.
#[expect(
    clippy::disallowed_methods,
    reason = "schedules are the platform's own table and have no scope"
)]
pub(in crate::platform::queue) async fn mark(
    conn: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<DateTime<Utc>>, Failure> {
    let found = Entity::find_by_id(name.to_owned())
        .one(conn)
        .await
        .map_err(failure)?;
    Ok(found.and_then(|row| row.mark))
}

/// States how far the work has come.
#[expect(
    clippy::disallowed_methods,
    reason = "schedules are the platform's own table and have no scope"
)]
pub(in crate::platform::queue) async fn move_mark(
    conn: &impl ConnectionTrait,
    name: &str,
    mark: DateTime<Utc>,
) -> Result<(), Failure> {
    Entity::update_many()
        .col_expr(Column::Mark, Expr::value(mark))
        .filter(Column::Name.eq(name))
        .exec(conn)
        .await
        .map_err(failure)?;
    Ok(())
}
