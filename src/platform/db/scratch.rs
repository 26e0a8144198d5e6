//! A set on disk that forgets itself: which keys a long file has shown already.
//!
//! A file of a million rows must not hold a million ids in memory, and a dry run must write
//! nothing to the database; so the keys go to a temporary SQLite file of this process, which is
//! gone when the set is dropped, but for a crash. So nothing of a person is in it: keys are keyed
//! hashes, marks are codes or keyed hashes, never values.

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement,
};

use super::error::failure;
use crate::kernel::error::Failure;
use crate::platform::crypto::BlindIndex;

/// Keys with the place and mark of their first appearance.
pub struct Scratch {
    // Dropped before the directory that holds its file.
    file: DatabaseConnection,
    _directory: tempfile::TempDir,
}

/// Where a key appeared first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The row.
    pub row: u64,
    /// What was marked there.
    pub mark: String,
}

impl Scratch {
    /// An empty set.
    ///
    /// # Errors
    /// [`Failure::Internal`] when no temporary file can be made.
    #[expect(
        clippy::disallowed_methods,
        reason = "a temporary file of this process, with no record of anybody in it"
    )]
    pub async fn open() -> Result<Self, Failure> {
        let directory = tempfile::tempdir().map_err(Failure::internal)?;
        let path = directory.path().join("seen.db");
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
        options.max_connections(1).sqlx_logging(false);
        // Nobody reads it after a crash.
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Off)
                .synchronous(SqliteSynchronous::Off)
        });
        let file = Database::connect(options).await.map_err(failure)?;
        file.execute_unprepared(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER NOT NULL, mark TEXT NOT NULL) \
             WITHOUT ROWID",
        )
        .await
        .map_err(failure)?;
        Ok(Self {
            file,
            _directory: directory,
        })
    }

    /// Remembers a key with its row and mark; where it appeared first, when it is known already.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the file cannot be written.
    #[expect(
        clippy::disallowed_methods,
        reason = "a temporary file of this process, with no record of anybody in it"
    )]
    pub async fn first(
        &self,
        key: &BlindIndex,
        row: u64,
        mark: &str,
    ) -> Result<Option<Seen>, Failure> {
        let at = i64::try_from(row).map_err(Failure::internal)?;
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            // The no-op update makes the row that was first come back.
            "INSERT INTO seen (key, row, mark) VALUES (?, ?, ?) \
             ON CONFLICT (key) DO UPDATE SET row = row RETURNING row, mark",
            [
                key.as_bytes().to_vec().into(),
                at.into(),
                mark.to_owned().into(),
            ],
        );
        let found = self
            .file
            .query_one_raw(statement)
            .await
            .map_err(failure)?
            .ok_or_else(|| Failure::internal("the scratch set returned nothing"))?;
        let first: i64 = found.try_get("", "row").map_err(failure)?;
        let mark: String = found.try_get("", "mark").map_err(failure)?;
        Ok((first != at).then(|| Seen {
            row: u64::try_from(first).unwrap_or_default(),
            mark,
        }))
    }
}
