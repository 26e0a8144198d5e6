//! Which handler does which kind of durable job: one line per handler.

use crate::platform::queue::Worker;

/// Gives `worker` the handlers of all capabilities.
pub(super) fn register(worker: Worker) -> Worker {
    worker
}
