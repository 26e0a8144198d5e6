//! Sessions: what a permit opens, and the only way to end a unit of work.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseExecutor, DatabaseTransaction};
use serde::de::DeserializeOwned;

use super::{Db, Engine, Once, once};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::RecordId;
use crate::kernel::personal::holds_personal_number;
use crate::platform::authz::{Access, Permit, Read, Scope, Write};
use crate::platform::crypto::Keys;
use crate::platform::journal::{self, AuditEntry, Change, EntryRow, Noted, RecordRef};

/// How often a unit of work is tried when it loses against concurrent ones.
const ATTEMPTS: u32 = 6;
/// Pause before the second attempt; it doubles with each one.
const FIRST_BACK_OFF: std::time::Duration = std::time::Duration::from_millis(5);

/// What both kinds of session offer to a `repo.rs`.
pub trait Session: Send + Sync {
    /// Where statements go.
    fn executor(&self) -> DatabaseExecutor<'_>;
    /// Whom the permit reaches.
    fn scope(&self) -> Scope;
    /// The database with its clock.
    fn db(&self) -> &Db;

    /// The keys that seal and find personal values.
    fn keys(&self) -> &Keys {
        self.db().keys()
    }

    /// Which engine this is.
    fn engine(&self) -> Engine {
        self.db().engine()
    }

    /// The domain instant.
    fn now(&self) -> DateTime<Utc> {
        self.db().clock().now()
    }

    /// The Beijing day.
    fn today(&self) -> NaiveDate {
        self.db().clock().today()
    }
}

/// A session that only looks. Loaders own one, so nested fields carry the same scope.
#[derive(Clone)]
pub struct ReadSession {
    db: Db,
    permit: Permit<Read>,
}

impl ReadSession {
    pub(super) const fn new(db: Db, permit: Permit<Read>) -> Self {
        Self { db, permit }
    }

    /// The permit it was opened with.
    #[must_use]
    pub const fn permit(&self) -> &Permit<Read> {
        &self.permit
    }

    /// Records that one record was opened; returns once the entry is durable.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the journal cannot take it: then nothing may be shown.
    pub async fn record_opened(&self, record: impl Into<RecordRef>) -> Result<(), Failure> {
        let record = record.into();
        let row = entry(&self.db, &self.permit, "SHOWN").on(record);
        self.db.access_log().record(row).await?;
        let caller = self.permit.caller();
        caller.mark_journalled(std::iter::once(record.id));
        Ok(())
    }

    /// Notes that the one record that was looked for is not within reach. Somebody who goes through
    /// numbers must not go unseen.
    pub fn record_missed(&self) {
        let action = self.permit.action();
        self.permit.caller().note(action, Noted::NotFound);
    }

    /// Records that the answer shows these records, but for those about which the request has left an
    /// entry already: a mutation by its own commit (a refused or repeated one has left none), a query
    /// by opening them or by a list that they stood in.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the journal cannot take it: then nothing may be shown.
    pub async fn record_shown(
        &self,
        records: impl Iterator<Item = RecordRef>,
    ) -> Result<(), Failure> {
        let caller = self.permit.caller();
        let unknown = records.filter(|record| !caller.has_journalled(record.id));
        let entries = unknown.map(|record| self.record_opened(record));
        futures::future::try_join_all(entries).await.map(drop)
    }

    /// As [`ReadSession::record_listed`], of a list in which these records stood: shown again beside
    /// others of it, they need no entry of their own.
    ///
    /// # Errors
    /// As [`ReadSession::record_listed`].
    pub async fn record_list_of(
        &self,
        records: impl Iterator<Item = RecordRef> + Send,
    ) -> Result<(), Failure> {
        self.record_listed().await?;
        let ids = records.map(|record| record.id);
        self.permit.caller().mark_journalled(ids);
        Ok(())
    }

    /// Records that a list or an aggregate was shown, as one entry.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the journal cannot take it: then nothing may be shown.
    pub async fn record_listed(&self) -> Result<(), Failure> {
        let row = entry(&self.db, &self.permit, "LISTED");
        self.db.access_log().record(row).await
    }
}

impl Session for ReadSession {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Connection(self.db.pool_of(&self.permit))
    }
    fn scope(&self) -> Scope {
        self.permit.scope()
    }
    fn db(&self) -> &Db {
        &self.db
    }
}

/// A unit of work on the primary. [`WriteSession::commit`] is its only good end; dropped before,
/// it is rolled back.
pub struct WriteSession {
    db: Db,
    tx: DatabaseTransaction,
    permit: Permit<Write>,
    changes: Vec<Change>,
    once: Option<Once>,
}

impl WriteSession {
    pub(super) const fn new(db: Db, tx: DatabaseTransaction, permit: Permit<Write>) -> Self {
        Self {
            db,
            tx,
            permit,
            changes: Vec::new(),
            once: None,
        }
    }

    /// The permit it was opened with.
    #[must_use]
    pub const fn permit(&self) -> &Permit<Write> {
        &self.permit
    }

    /// The transaction, for the platform's own tables.
    pub(in crate::platform) const fn transaction(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// A fresh id.
    #[must_use]
    pub fn next_id<I: RecordId>(&self) -> I {
        self.db.ids().next()
    }

    /// States that a record changed; the journal entry is written by the commit.
    pub fn changed(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Makes the work and its journal entries durable together, and keeps the answer for a
    /// repeated request.
    ///
    /// # Errors
    /// [`Failure`] of the database, or [`Failure::Internal`] for a purpose with a number of a
    /// person, which nobody could take back; then nothing of the work remains.
    pub async fn commit(self, entry_: AuditEntry) -> Result<(), Failure> {
        if entry_.purpose.as_deref().is_some_and(holds_personal_number) {
            return Err(Failure::internal(
                "a purpose with a number of a person came as far as the journal",
            ));
        }
        let base = entry(&self.db, &self.permit, entry_.outcome);
        let rows = EntryRow::of_commit(&base, &entry_, &self.changes);
        journal::repo::append_in(&self.tx, &rows).await?;
        match &self.once {
            Some(once) if entry_.keeps_answer => {
                once::keep_answer_in(&self.tx, &self.permit, once, &entry_.answer).await?;
            }
            Some(once) => once::release_in(&self.tx, &self.permit, once).await?,
            None => {}
        }
        self.db.primary().commit(self.tx).await?;
        let records = rows.iter().filter_map(|row| row.record_id);
        self.permit.caller().mark_journalled(records);
        Ok(())
    }

    /// Makes durable what changes how values are stored and nothing of what they say: records stay as
    /// they were, so there is nothing to state of them. Only for the platform's own re-sealing, whose
    /// run as a whole has an entry.
    pub(super) async fn commit_unrecorded(self) -> Result<(), Failure> {
        self.db.primary().commit_quietly(self.tx).await
    }
}

impl Session for WriteSession {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(&self.tx)
    }
    fn scope(&self) -> Scope {
        self.permit.scope()
    }
    fn db(&self) -> &Db {
        &self.db
    }
}

impl Db {
    /// Runs a use case at most once per idempotency key: a key used before gives back the kept
    /// answer. Without a key it is [`Db::work`].
    ///
    /// # Errors
    /// What the use case refuses with; [`Failure::Conflict`] for a key reused with another input.
    pub async fn run<T, F, W>(
        &self,
        permit: &Permit<Write>,
        once: Option<&Once>,
        work: F,
    ) -> Result<T, Refusal>
    where
        T: DeserializeOwned,
        F: Fn(WriteSession) -> W,
        W: Future<Output = Result<T, Refusal>>,
    {
        let Some(once) = once else {
            return self.work(permit, work).await;
        };
        let work = &work;
        self.work(permit, |mut session| async move {
            if let Some(answer) = once::claim_in(&session, once).await? {
                return serde_json::from_value(answer)
                    .map_err(|error| Failure::internal(error).into());
            }
            session.once = Some(once.clone());
            work(session).await
        })
        .await
    }

    /// Runs a use case in a unit of work of its own, and again from the start when it loses
    /// against a concurrent one.
    ///
    /// # Errors
    /// What the use case refuses with.
    pub async fn work<T, F, W>(&self, permit: &Permit<Write>, work: F) -> Result<T, Refusal>
    where
        F: Fn(WriteSession) -> W,
        W: Future<Output = Result<T, Refusal>>,
    {
        let mut back_off = FIRST_BACK_OFF;
        for _ in 1..ATTEMPTS {
            let session = self.write(permit.clone()).await?;
            match work(session).await {
                Err(Refusal::Failed(Failure::Contended(cause))) => {
                    tracing::debug!(%cause, "a unit of work lost a race and is tried again");
                    tokio::time::sleep(back_off).await;
                    back_off *= 2;
                }
                answer => return noted(permit, answer),
            }
        }
        self.attempt(permit, work).await
    }

    /// Runs a use case in a unit of work of its own, once.
    ///
    /// # Errors
    /// What the use case refuses with.
    pub async fn attempt<T, F, W>(&self, permit: &Permit<Write>, work: F) -> Result<T, Refusal>
    where
        F: FnOnce(WriteSession) -> W,
        W: Future<Output = Result<T, Refusal>>,
    {
        noted(permit, work(self.write(permit.clone()).await?).await)
    }
}

/// A unit of work about what is not within reach leaves nothing else behind.
fn noted<T>(permit: &Permit<Write>, answer: Result<T, Refusal>) -> Result<T, Refusal> {
    if let Err(Refusal::Failed(Failure::NotFound)) = &answer {
        permit.caller().note(permit.action(), Noted::NotFound);
    }
    answer
}

fn entry<A: Access>(db: &Db, permit: &Permit<A>, outcome: &str) -> EntryRow {
    let actor = journal::Actor {
        principal: permit.principal(),
        action: permit.action(),
        request_id: &permit.caller().request().id,
    };
    EntryRow::of(&actor, db.ids().next(), db.clock().now(), outcome)
}
