//! The one door to the database.
//!
//! [`Db::read`] and [`Db::write`] take a permit and give a session; nothing else gives one. The
//! pools are private. SQLite has one writer and a pool of readers; PostgreSQL one pool, and
//! another for a replica when `DATABASE_READ_URL` names one.

pub(crate) mod cells;
mod connect;
mod error;
mod fit;
pub mod keys;
mod looking;
mod migrate;
mod once;
mod pools;
pub mod prefix;
mod province;
pub mod scope;
pub mod scratch;
mod sealed;
mod session;
mod stored;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::Notify;

pub use connect::Engine;
pub(crate) use error::{failure, failure_or_lost_race};
pub use fit::Misfit;
pub use once::Once;
pub use pools::PoolUse;
pub use sealed::{ResealedBatch, SealedCount, Unopened};
pub use session::{ReadSession, Session, WriteSession};
pub(crate) use stored::{stored, stored_if_any};

use crate::kernel::clock::Clock;
use crate::kernel::error::Failure;
use crate::kernel::ids::IdSource;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Identity;
use crate::platform::authz::{Permit, Read, Write};
use crate::platform::config::DatabaseConfig;
use crate::platform::crypto::Keys;
use crate::platform::journal::{AccessLog, Refusals};

/// The exchange's database with its clock, ids, keys and journal. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    primary: Primary,
    /// Where reads go: the readers of SQLite or the replica; the primary when there is none.
    readers: Option<DatabaseConnection>,
    clock: Clock,
    ids: IdSource,
    keys: Arc<Keys>,
    access_log: AccessLog,
    refusals: Refusals,
    statements: Arc<AtomicU64>,
    /// Where work of the exchange itself reads when the statements of requests are bounded.
    unbounded: Option<DatabaseConnection>,
    /// Whether the schema was found up to date once; it does not go back.
    migrated: AtomicBool,
    /// The province that the exchange serves, once it was found.
    province: OnceLock<RegionCode>,
}

/// The pool that writes. Only the platform handles it; everybody else has sessions.
#[derive(Clone)]
pub struct Primary {
    pool: DatabaseConnection,
    committed: Arc<Notify>,
}

impl Primary {
    /// Opens a transaction; on SQLite it takes the write lock at once, so that it cannot fail
    /// half-way for want of it.
    pub(in crate::platform) async fn begin(&self) -> Result<DatabaseTransaction, Failure> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.pool.begin_with_options(options).await.map_err(failure)
    }

    /// Commits and wakes the sequencer.
    pub(in crate::platform) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), Failure> {
        self.commit_quietly(tx).await?;
        self.wake_sequencer();
        Ok(())
    }

    /// Tells the sequencer that something was committed.
    pub(in crate::platform) fn wake_sequencer(&self) {
        self.committed.notify_one();
    }

    /// Commits without waking the sequencer: for the sequencer itself.
    pub(in crate::platform) async fn commit_quietly(
        &self,
        tx: DatabaseTransaction,
    ) -> Result<(), Failure> {
        tx.commit().await.map_err(failure)
    }

    /// The pool, for the platform's own look-ups.
    pub(in crate::platform) const fn connection(&self) -> &DatabaseConnection {
        &self.pool
    }
}

impl Db {
    /// Connects, for commands that take as long as they take; does not migrate.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the database does not answer.
    pub async fn open(
        config: &DatabaseConfig,
        clock: Clock,
        ids: IdSource,
        keys: Arc<Keys>,
    ) -> Result<Self, Failure> {
        Self::open_within(config, None, clock, ids, keys).await
    }

    /// As [`Db::open`]; with `longest`, the wall time of a request, PostgreSQL ends a statement
    /// that takes longer, and a wait for a lock that takes half as long. Units of work of the
    /// exchange itself are not cut. SQLite has no such bound: there a statement holds one of the
    /// readers until it ends.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the database does not answer.
    pub async fn open_within(
        config: &DatabaseConfig,
        longest: Option<Duration>,
        clock: Clock,
        ids: IdSource,
        keys: Arc<Keys>,
    ) -> Result<Self, Failure> {
        let statements = Arc::new(AtomicU64::new(0));
        let pools = connect::open(config, longest, &statements).await?;
        let primary = Primary {
            pool: pools.primary,
            committed: Arc::new(Notify::new()),
        };
        let access_log = AccessLog::start(primary.clone());
        let refusals = Refusals::new(access_log.clone(), clock.clone(), ids.clone());
        Ok(Self(Arc::new(Inner {
            engine: pools.engine,
            primary,
            readers: pools.readers,
            clock,
            ids,
            keys,
            access_log,
            refusals,
            statements,
            unbounded: pools.unbounded,
            migrated: AtomicBool::new(false),
            province: OnceLock::new(),
        })))
    }

    /// A session that only looks.
    #[must_use]
    pub fn read(&self, permit: Permit<Read>) -> ReadSession {
        ReadSession::new(self.clone(), permit)
    }

    /// A unit of work. Dropped without [`WriteSession::commit`] it leaves no trace.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when no connection comes free in time.
    pub async fn write(&self, permit: Permit<Write>) -> Result<WriteSession, Failure> {
        permit.caller().mark_writing();
        let tx = self.0.primary.begin().await?;
        if self.0.unbounded.is_some()
            && matches!(permit.principal().identity(), Identity::System { .. })
        {
            connect::unbound(&tx).await?;
        }
        Ok(WriteSession::new(self.clone(), tx, permit))
    }

    /// Which engine this is: a closed set of statements exists per engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The domain clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Where new ids come from.
    #[must_use]
    pub fn ids(&self) -> &IdSource {
        &self.0.ids
    }

    /// The keys that seal, find and sign.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Where refusals are noted.
    #[must_use]
    pub fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// Statements sent since start, for the proof that their number does not grow with rows.
    #[must_use]
    pub fn statements_sent(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] otherwise.
    pub async fn ping(&self) -> Result<(), Failure> {
        // SQLite's one writer may be busy for long; the file that the readers open is the same.
        let primary = (self.0.engine == Engine::Postgres).then_some(&self.0.primary.pool);
        for pool in primary.into_iter().chain(&self.0.readers) {
            pool.ping()
                .await
                .map_err(|error| Failure::Unavailable(error.to_string()))?;
        }
        Ok(())
    }

    /// Closes every connection; what is in flight finishes first.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn close(self) -> Result<(), Failure> {
        for pool in self.every_pool() {
            pool.clone().close().await.map_err(failure)?;
        }
        Ok(())
    }

    /// Every pool once, the writer last: whoever closes SQLite's last connection folds the log
    /// into the file.
    fn every_pool(&self) -> impl Iterator<Item = &DatabaseConnection> {
        let readers = self.0.readers.iter().chain(&self.0.unbounded);
        readers.chain(std::iter::once(&self.0.primary.pool))
    }

    /// Returns after the next commit of this process.
    pub(in crate::platform) async fn committed(&self) {
        self.0.primary.committed.notified().await;
    }

    /// Where the holder of a permit reads: work of the exchange itself from a pool without bounds
    /// where there is one, a request from the primary once it writes. SQLite's readers see every
    /// commit at once, and must not wait for its one writer.
    fn pool_of(&self, permit: &Permit<Read>) -> &DatabaseConnection {
        match (&self.0.unbounded, permit.principal().identity()) {
            (Some(unbounded), Identity::System { .. }) => unbounded,
            _ if self.0.engine == Engine::Sqlite || !permit.caller().has_written() => {
                self.read_pool()
            }
            _ => &self.0.primary.pool,
        }
    }

    /// Where those read who have written nothing.
    fn read_pool(&self) -> &DatabaseConnection {
        self.0.readers.as_ref().unwrap_or(&self.0.primary.pool)
    }

    /// Where the platform looks for work of its own: every commit is seen, and SQLite's one writer is
    /// not waited for. A replica may lag behind.
    pub(in crate::platform) fn latest(&self) -> &DatabaseConnection {
        match self.0.engine {
            Engine::Sqlite => self.read_pool(),
            Engine::Postgres => &self.0.primary.pool,
        }
    }

    pub(in crate::platform) fn primary(&self) -> &Primary {
        &self.0.primary
    }

    pub(in crate::platform) fn access_log(&self) -> &AccessLog {
        &self.0.access_log
    }
}
