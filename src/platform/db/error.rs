//! What the database says, in the exchange's terms.

use sea_orm::sqlx::Error;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::kernel::error::Failure;

/// PostgreSQL: the transaction lost against a concurrent one and may be retried as a whole.
const SERIALIZATION_FAILURE: &str = "40001";
/// PostgreSQL: two transactions waited for each other and this one was chosen to yield.
const DEADLOCK_DETECTED: &str = "40P01";

/// What may be tried again later: PostgreSQL ended a statement or a wait for a lock at its bound,
/// has no connection left, is going down, has crashed, or takes no writes because another server has
/// become the primary; another process held SQLite's lock for too long.
const BUSY: [&str; 11] = [
    "57014", "55P03", "53300", "57P01", "57P02",
    "57P03", // query_canceled … cannot_connect_now
    "25006", // read_only_sql_transaction
    "5", "261", "517", "773", // SQLITE_BUSY and its extended codes
];
/// PostgreSQL: the class of what happens to a connection.
const CONNECTION_EXCEPTION: &str = "08";

/// Classifies an error. Its text is for the operator's log; callers never see it.
pub(crate) fn failure(error: DbErr) -> Failure {
    if let DbErr::ConnectionAcquire(_) | DbErr::Conn(_) = error {
        return Failure::Unavailable(error.to_string());
    }
    let Some(cause) = cause(&error) else {
        return Failure::internal(error);
    };
    if is_cut_off(cause) {
        return Failure::Unavailable(error.to_string());
    }
    let code = cause.as_database_error().and_then(|cause| cause.code());
    match code.as_deref() {
        Some(SERIALIZATION_FAILURE | DEADLOCK_DETECTED) => Failure::Contended(error.to_string()),
        Some(code) if may_be_tried_later(code) => Failure::Unavailable(error.to_string()),
        _ => Failure::internal(error),
    }
}

fn may_be_tried_later(code: &str) -> bool {
    // SQLite's codes are numbers without a leading zero.
    BUSY.contains(&code) || code.starts_with(CONNECTION_EXCEPTION)
}

/// Whether the connection is gone or of no more use. A server that stops in order says so with a code;
/// one that crashes, or a network that fails, says nothing.
const fn is_cut_off(cause: &Error) -> bool {
    matches!(
        cause,
        Error::Io(_)
            | Error::Tls(_)
            | Error::Protocol(_)
            | Error::WorkerCrashed
            | Error::PoolClosed
            | Error::PoolTimedOut
    )
}

/// As [`failure`], for a write whose unique key was looked up before it: a key that is taken all
/// the same was taken by a concurrent unit of work, and trying again will find it.
pub(crate) fn failure_or_lost_race(error: DbErr) -> Failure {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(cause)) => Failure::Contended(cause),
        Some(_) | None => failure(error),
    }
}

/// What the driver says.
fn cause(error: &DbErr) -> Option<&Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            Some(cause)
        }
        _ => None,
    }
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

    #[test]
    fn a_connection_that_is_gone_is_no_defect() {
        let gone = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        for cause in [
            Error::Io(gone()),
            Error::Tls(Box::new(gone())),
            Error::Protocol("nobody answers".to_owned()),
            Error::WorkerCrashed,
            Error::PoolClosed,
            Error::PoolTimedOut,
        ] {
            let what = cause.to_string();
            let failure = failure(DbErr::Query(RuntimeErr::SqlxError(cause.into())));
            assert!(matches!(failure, Failure::Unavailable(_)), "{what}");
        }
        let defect = Error::ColumnNotFound("x".to_owned());
        let failure = failure(DbErr::Query(RuntimeErr::SqlxError(defect.into())));
        assert!(matches!(failure, Failure::Internal(_)));
        for code in ["08006", "08P01", "25006", "57P02", "773"] {
            assert!(may_be_tried_later(code), "{code}");
        }
        for code in ["8", "23505", "42P01", "57000"] {
            assert!(!may_be_tried_later(code), "{code}");
        }
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
