//! What a resolver finds in its context, and how it opens sessions and loaders.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_graphql::dataloader::{DataLoader, Loader, NoCache};
use async_graphql::{Context, Error, ID};

use super::batching::{AtOnce, WithinRequest};
use super::error::graphql_error;
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::{self, RecordId};
use crate::platform::authz::{Action, Caller, Read};
use crate::platform::db::{Db, ReadSession};
use crate::platform::journal::RecordRef;

/// A batch loader that owns a session of its own permit, so that a nested field reaches exactly
/// what a root field of the same action would.
pub trait ScopedLoader: Sized + Send + Sync + 'static {
    /// What the caller must hold to load through it.
    const ACTION: &'static Action<Read>;
    /// A loader on one session.
    fn new(session: ReadSession) -> Self;
}

/// A value that an answer shows.
pub trait Shown {
    /// The records that looking at it opens.
    fn records(&self) -> Vec<RecordRef>;
}

/// The loaders of one request, each made at its first use.
#[derive(Default)]
pub struct Loaders(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

/// Resolver access to caller, sessions and loaders.
pub trait ContextExt {
    /// Who asks.
    fn caller(&self) -> &Caller;
    /// The database; a permit is still needed to open a session.
    fn db(&self) -> &Db;
    /// A read session for an action, or the error that the caller gets.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` or `FORBIDDEN`.
    fn reading(&self, action: &Action<Read>) -> Result<ReadSession, Error>;
    /// The error that the caller gets for a failure.
    fn refuse(&self, failure: &Failure) -> Error;
    /// The loader of a type, made at its first use in this request.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` or `FORBIDDEN`.
    fn loader<L: ScopedLoader>(&self) -> Result<Arc<DataLoader<L, NoCache>>, Error>;

    /// Loads one key through the loader of a type.
    ///
    /// # Errors
    /// As [`ContextExt::loader`], and what the loader fails with.
    fn load<L, K>(&self, key: K) -> impl Future<Output = Result<Option<L::Value>, Error>> + Send
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static;

    /// Loads what an answer shows, such as the payload of a mutation, with an entry for each record
    /// unless the request has left one or a list with it.
    ///
    /// # Errors
    /// As [`ContextExt::load`], and `UNAVAILABLE` when the journal cannot take the entries.
    fn show<L, K>(
        &self,
        keys: impl IntoIterator<Item = K> + Send,
    ) -> impl Future<Output = Result<HashMap<K, L::Value>, Error>> + Send
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        L::Value: Shown,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static;

    /// As [`ContextExt::show`], of one record.
    ///
    /// # Errors
    /// As [`ContextExt::show`].
    fn show_one<L, K>(
        &self,
        key: K,
    ) -> impl Future<Output = Result<Option<L::Value>, Error>> + Send
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        L::Value: Shown,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static;

    /// Reads an opaque id of one type.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id of another type or none at all.
    fn id<I: RecordId>(&self, id: &ID) -> Result<I, Error>;
}

impl ContextExt for Context<'_> {
    fn caller(&self) -> &Caller {
        self.data_unchecked::<Caller>()
    }

    fn db(&self) -> &Db {
        self.data_unchecked::<Db>()
    }

    fn reading(&self, action: &Action<Read>) -> Result<ReadSession, Error> {
        match self.caller().permit(action) {
            Ok(permit) => Ok(self.db().read(permit)),
            Err(failure) => Err(self.refuse(&failure)),
        }
    }

    fn refuse(&self, failure: &Failure) -> Error {
        let request = self.caller().request();
        graphql_error(failure, request.locale, &request.id)
    }

    fn loader<L: ScopedLoader>(&self) -> Result<Arc<DataLoader<L, NoCache>>, Error> {
        let loaders = self.data_unchecked::<Loaders>();
        let mut known = loaders.0.lock().expect("making a loader cannot panic");
        if let Some(loader) = known.get(&TypeId::of::<L>()) {
            return Ok(Arc::clone(loader)
                .downcast()
                .expect("the map is keyed by the loader's type"));
        }
        let session = self.reading(L::ACTION)?;
        let loader =
            DataLoader::with_cache(L::new(session), WithinRequest::current(), AtOnce, NoCache);
        let loader = Arc::new(loader);
        known.insert(TypeId::of::<L>(), loader.clone());
        Ok(loader)
    }

    async fn load<L, K>(&self, key: K) -> Result<Option<L::Value>, Error>
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    {
        self.loader::<L>()?
            .load_one(key)
            .await
            .map_err(|failure| self.refuse(&failure))
    }

    async fn show<L, K>(
        &self,
        keys: impl IntoIterator<Item = K> + Send,
    ) -> Result<HashMap<K, L::Value>, Error>
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        L::Value: Shown,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    {
        let keys: Vec<K> = keys.into_iter().collect();
        let found = self
            .loader::<L>()?
            .load_many(keys)
            .await
            .map_err(|failure| self.refuse(&failure))?;
        let records: Vec<RecordRef> = found.values().flat_map(Shown::records).collect();
        self.reading(L::ACTION)?
            .record_shown(records.into_iter())
            .await
            .map_err(|failure| self.refuse(&failure))?;
        Ok(found)
    }

    async fn show_one<L, K>(&self, key: K) -> Result<Option<L::Value>, Error>
    where
        L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
        L::Value: Shown,
        K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    {
        Ok(self.show::<L, K>([key]).await?.into_values().next())
    }

    fn id<I: RecordId>(&self, id: &ID) -> Result<I, Error> {
        ids::decode(id).map_err(|_| {
            self.refuse(&Failure::BadInput(Text::new(
                format!("该标识不是 {} 的标识，请使用本系统返回的 id。", I::TYPE),
                format!(
                    "This is not the id of a {}; use the ids this exchange returns.",
                    I::TYPE
                ),
            )))
        })
    }
}
