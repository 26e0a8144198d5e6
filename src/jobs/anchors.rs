//! Signs and writes out the head of the journal once a Beijing day.

use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::platform::db::Db;
use crate::platform::journal::anchor;

/// How often to look whether a new day has begun. Looking survives a machine that sleeps over
/// midnight and a clock that is put right; sleeping until midnight does not. A head that could not
/// be written is tried again after as long.
const LOOK: Duration = Duration::from_secs(60);

/// Runs until `stop`. The first head is written at once: the day may have begun before the start.
pub(super) async fn run(db: Db, directory: PathBuf, stop: CancellationToken) {
    let mut written = None;
    loop {
        let today = db.clock().today();
        if written != Some(today) {
            match anchor::write_daily(&db, db.keys(), &directory).await {
                Ok(()) => written = Some(today),
                Err(error) => {
                    tracing::warn!(%error, "the journal's head is not written out; it will be tried again");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
