//! What the database says, in the exchange's terms.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::kernel::error::Failure;

/// PostgreSQL: the transaction lost against a concurrent one and may be retried as a whole.
const SERIALIZATION_FAILURE: &str = "40001";
/// PostgreSQL: two transactions waited for each other and this one was chosen to yield.
const DEADLOCK_DETECTED: &str = "40P01";

/// What may be tried again later: PostgreSQL ended a statement or a wait for a lock at its bound,
/// has no connection left, or is going down; another process held SQLite's lock for too long.
const BUSY: [&str; 9] = [
    "57014", "55P03", "53300", "57P01", "57P03", // query_canceled … cannot_connect_now
    "5", "261", "517", "773", // SQLITE_BUSY and its extended codes
];

/// Classifies an error. Its text is for the operator's log; callers never see it.
pub(crate) fn failure(error: DbErr) -> Failure {
    if let DbErr::ConnectionAcquire(_) | DbErr::Conn(_) = error {
        return Failure::Unavailable(error.to_string());
    }
    match code(&error).as_deref() {
        Some(SERIALIZATION_FAILURE | DEADLOCK_DETECTED) => Failure::Contended(error.to_string()),
        Some(code) if BUSY.contains(&code) => Failure::Unavailable(error.to_string()),
        _ => Failure::internal(error),
    }
}

/// As [`failure`], for a write whose unique key was looked up before it: a key that is taken all
/// the same was taken by a concurrent unit of work, and trying again will find it.
pub(crate) fn failure_or_lost_race(error: DbErr) -> Failure {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(cause)) => Failure::Contended(cause),
        Some(_) | None => failure(error),
    }
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return None;
    };
    inner
        .as_database_error()
        .and_then(|e| e.code())
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

    use super::*;

    #[expect(
        clippy::disallowed_methods,
        reason = "a table of this test's own, with no record of anybody in it"
    )]
    async fn run(database: &DatabaseConnection, sql: &str) -> Result<(), DbErr> {
        database.execute_unprepared(sql).await.map(drop)
    }

    #[tokio::test]
    async fn a_file_that_another_process_holds_is_busy_and_not_broken() {
        let directory = tempfile::tempdir().unwrap();
        let open = async || {
            let path = directory.path().join("held.db");
            let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
            options.max_connections(1).sqlx_logging(false);
            options.map_sqlx_sqlite_opts(|sqlite| sqlite.busy_timeout(std::time::Duration::ZERO));
            Database::connect(options).await.unwrap()
        };
        let (holder, other) = (open().await, open().await);
        run(&holder, "CREATE TABLE held (id INTEGER)")
            .await
            .unwrap();
        run(&holder, "BEGIN IMMEDIATE").await.unwrap();
        let busy = run(&other, "INSERT INTO held VALUES (1)")
            .await
            .unwrap_err();
        assert!(matches!(failure(busy), Failure::Unavailable(_)));
        run(&holder, "COMMIT").await.unwrap();
        let broken = run(&other, "INSERT INTO nowhere VALUES (1)")
            .await
            .unwrap_err();
        assert!(matches!(failure(broken), Failure::Internal(_)));
    }
}
