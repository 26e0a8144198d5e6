//! How batches of loaders run: at once, and as part of the request that they are for.

use std::time::Duration;

use async_graphql::runtime::Timer;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use futures::task::{FutureObj, Spawn, SpawnError};
use tokio::runtime::Handle;
use tracing::Instrument as _;

/// Runs a batch on the runtime of its request, within the span of the request: its statements belong
/// to that trace, and what it logs carries that request's id.
pub(super) struct WithinRequest(Handle);

impl WithinRequest {
    /// On the runtime that polls the caller.
    pub(super) fn current() -> Self {
        Self(Handle::current())
    }
}

impl Spawn for WithinRequest {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        // Whoever waits for the batch hears of its end by a channel.
        drop(self.0.spawn(batch.in_current_span()));
        Ok(())
    }
}

/// Waits for no further keys. A worker of the server polls all siblings of a field before it comes to
/// the batch that the first of them spawned, so the batch has their keys; waiting, even for no time
/// at all, is a sleep to the timer's next millisecond, for each level of a query.
pub(super) struct AtOnce;

impl Timer for AtOnce {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }
}
