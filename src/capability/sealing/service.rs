//! Sealing anew, and the entries that say that it was done.

use super::model::{Census, Resealed};
use super::policy;
use crate::kernel::error::{Failure, Refusal};
use crate::platform::authz::{Caller, Permit, Write};
use crate::platform::crypto::KeyId;
use crate::platform::db::{Db, WriteSession};
use crate::platform::journal::AuditEntry;

/// What is sealed under which key; reads every row that has a sealed value.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn census(db: &Db) -> Result<Census, Failure> {
    db.sealed_values().await.map(Census)
}

/// Seals under the active key what is under others, and tells `each` of every so many values that are
/// durable. Safe beside servers that have the active key, and idempotent: cut short, it is begun
/// again, and a run that finds nothing leaves no trace. Any other leaves one entry, before it touches
/// a value, so that one which dies has its entry too.
///
/// # Errors
/// [`Failure`] of the database; what is done by then stays done.
pub async fn reseal(
    db: &Db,
    caller: &Caller,
    each: &mut (dyn FnMut(u64) + Send),
) -> Result<Resealed, Failure> {
    let permit = caller.permit(&policy::RESEAL)?;
    let active = db.keys().ring.active();
    let census = census(db).await?;
    let stale = census.values() - census.under(active).values();
    let mut done = Resealed::default();
    if stale == 0 {
        return Ok(done);
    }
    let entry = AuditEntry::done(&())?.counting(
        "STARTED",
        "SEALED_VALUES",
        &[("key", figure(active.0)?), ("values", figure(stale)?)],
    );
    record(db, &permit, &entry).await?;
    db.reseal(&permit, &mut |batch| {
        done.values += batch.values;
        done.unopened += batch.unopened.len() as u64;
        done.first_unopened = done.first_unopened.or(batch.unopened.first().copied());
        each(batch.values);
    })
    .await?;
    Ok(done)
}

/// Leaves the entry of a key that is taken out of the key file.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn record_retirement(db: &Db, caller: &Caller, key: KeyId) -> Result<(), Failure> {
    let permit = caller.permit(&policy::RETIRE)?;
    let entry = AuditEntry::done(&())?;
    let entry = entry.counting("DONE", "SEALING_KEY", &[("key", figure(key.0)?)]);
    record(db, &permit, &entry).await
}

fn figure(number: impl TryInto<usize>) -> Result<usize, Failure> {
    let beyond = |_| Failure::internal("a figure beyond what this machine counts");
    number.try_into().map_err(beyond)
}

async fn record(db: &Db, permit: &Permit<Write>, entry: &AuditEntry) -> Result<(), Failure> {
    let write = |tx: WriteSession| async move { Ok(tx.commit(entry.clone()).await?) };
    match db.work(permit, write).await {
        Ok(()) => Ok(()),
        Err(Refusal::Failed(failure)) => Err(failure),
        Err(Refusal::Expected(_)) => Err(Failure::internal("an entry is not refused")),
    }
}
