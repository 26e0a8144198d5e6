//! Opens the pools with the settings that were measured (see `docs/decisions/0004-engines.md`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend,
};
use secrecy::ExposeSecret as _;

use super::error::failure;
use crate::kernel::error::Failure;
use crate::platform::config::DatabaseConfig;

/// How long a statement of SQLite waits for a lock held by another process.
const SQLITE_BUSY: Duration = Duration::from_secs(10);
/// A connection idle for longer is asked whether it still lives; a ping on every use costs a third
/// of the throughput.
const PING_AFTER_IDLE: Duration = Duration::from_secs(30);

/// Connections for the reads of work of the exchange itself.
const BACKGROUND: u32 = 2;

/// Statements that each connection keeps prepared: the closed set of the exchange, and multi-row
/// inserts of various lengths beside it without driving it out.
const STATEMENTS: usize = 400;

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// Production.
    Postgres,
}

impl Engine {
    /// The engine behind a connection.
    ///
    /// # Panics
    /// For a driver that is not compiled in.
    pub(in crate::platform) fn of(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Sqlite => Self::Sqlite,
            DbBackend::Postgres => Self::Postgres,
            other => unreachable!("{other:?} is not compiled in"),
        }
    }
}

/// Open pools.
pub(super) struct Pools {
    pub(super) engine: Engine,
    pub(super) primary: DatabaseConnection,
    /// A pool of its own for reads; `None` where the primary serves them.
    pub(super) readers: Option<DatabaseConnection>,
    /// A pool on the primary whose statements take as long as they take; `None` where all do.
    pub(super) unbounded: Option<DatabaseConnection>,
}

/// Opens every pool that the configuration asks for. With `longest`, PostgreSQL ends a statement
/// that takes longer.
pub(super) async fn open(
    config: &DatabaseConfig,
    longest: Option<Duration>,
    statements: &Arc<AtomicU64>,
) -> Result<Pools, Failure> {
    let url = config.url.expose_secret();
    let wait = Duration::from_secs(config.acquire_timeout_s);
    let size = config.pool_size;
    if url.starts_with("sqlite:") {
        let primary = connect(sqlite_options(options(url, 1, wait), false), statements).await?;
        let readers = connect(sqlite_options(options(url, size, wait), true), statements).await?;
        return Ok(Pools {
            engine: Engine::Sqlite,
            primary,
            readers: Some(readers),
            unbounded: None,
        });
    }
    let pool = |url| {
        connect(
            postgres_options(options(url, size, wait), longest),
            statements,
        )
    };
    let primary = pool(url).await?;
    let readers = match &config.read_url {
        Some(replica) => Some(pool(replica.expose_secret()).await?),
        None => None,
    };
    let unbounded = match longest {
        Some(_) => {
            let background = postgres_options(options(url, BACKGROUND, wait), None);
            Some(connect(background, statements).await?)
        }
        None => None,
    };
    Ok(Pools {
        engine: Engine::Postgres,
        primary,
        readers,
        unbounded,
    })
}

fn options(url: &str, connections: u32, wait: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(wait)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS));
    options
}

/// The writer creates the file; the readers open it read-only, which the engine enforces.
fn sqlite_options(mut options: ConnectOptions, read_only: bool) -> ConnectOptions {
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .foreign_keys(true)
            .busy_timeout(SQLITE_BUSY)
            .pragma("cache_size", "-65536");
        if read_only {
            sqlite.read_only(true)
        } else {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // An answered request must survive the loss of power, not only of the process.
                .synchronous(SqliteSynchronous::Full)
        }
    });
    options
}

/// A request's wall time bounds its answer; this bounds the work behind it. A statement whose
/// request is gone keeps its connection until it ends, and a pool of such serves nobody. Whoever
/// waits for a lock hears of it while there is time to answer.
fn postgres_options(mut options: ConnectOptions, longest: Option<Duration>) -> ConnectOptions {
    if let Some(longest) = longest {
        let statement = longest.as_millis().to_string();
        let lock = (longest / 2).as_millis().to_string();
        options.map_sqlx_postgres_opts(move |postgres| {
            postgres.options([
                ("statement_timeout", statement.as_str()),
                ("lock_timeout", lock.as_str()),
            ])
        });
    }
    options
}

/// Lets one transaction of the exchange itself take as long as it takes.
#[expect(
    clippy::disallowed_methods,
    reason = "a setting of one transaction; it reaches no record"
)]
pub(super) async fn unbound(tx: &DatabaseTransaction) -> Result<(), Failure> {
    tx.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await
        .map(drop)
        .map_err(failure)
}

async fn connect(
    options: ConnectOptions,
    statements: &Arc<AtomicU64>,
) -> Result<DatabaseConnection, Failure> {
    let mut pool = Database::connect(options).await.map_err(failure)?;
    let statements = Arc::clone(statements);
    pool.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Ok(pool)
}
