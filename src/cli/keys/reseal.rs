//! What `exchange keys` does in the database: sealing anew, and retiring keys that nothing is under.

use super::super::error::CommandError;
use super::super::{Setting, block_on, open, progress};
use crate::capability::sealing::model::{Census, Resealed};
use crate::capability::sealing::service;
use crate::kernel::clock::Clock;
use crate::platform::authz::Caller;
use crate::platform::config::Config;
use crate::platform::crypto::{KeyId, Keys};
use crate::platform::db::{Db, Unopened};
use crate::platform::journal::sequencer;

/// The commands' name in the trail.
const ACTOR: &str = "cli.keys";

/// Seals anew whatever is not under the key that seals; what became of it, in words.
pub(super) fn reseal(setting: &Setting) -> Result<String, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    block_on(async {
        let keys = open::keys(&config)?;
        let db = open::migrated(&config, Clock::system(), keys).await?;
        let said = reseal_in(&db).await;
        db.close().await?;
        said
    })
}

async fn reseal_in(db: &Db) -> Result<String, CommandError> {
    let ring = &db.keys().ring;
    let active = ring.active();
    let before = service::census(db).await?;
    let bar = progress::of_items(before.values() - before.under(active).values());
    bar.set_message("values");
    let caller = Caller::system(ACTOR, None, db.refusals().clone());
    let done = service::reseal(db, &caller, &mut |values| bar.inc(values)).await?;
    bar.finish_and_clear();
    sequencer::place_pending(db).await?;
    if let Some(first) = done.first_unopened {
        return Err(CommandError::refused(unopened(&done, &first)));
    }
    let after = service::census(db).await?;
    let left = after.under_others(ring);
    if left.values() > 0 {
        return Err(CommandError::refused(format!(
            "{} values are sealed with key {} now, and others were sealed meanwhile with another \
             key ({}): a server runs with another key file. Give this one to every server, \
             restart them, and run this again.",
            done.values,
            active.0,
            by_column(&left)
        )));
    }
    Ok(match done.values {
        0 => format!(
            "Nothing to do: {} values, all sealed with key {}.",
            after.values(),
            active.0
        ),
        values => format!("{values} values are sealed with key {} now.", active.0),
    })
}

fn unopened(done: &Resealed, first: &Unopened) -> String {
    let Unopened {
        table,
        column,
        row,
        why,
    } = first;
    format!(
        "{} values are sealed anew; {} do not open and stay as they are, the first of them \
         {table}.{column} of {row}: {why}",
        done.values, done.unopened
    )
}

/// Takes a key out of the key file when nothing is under it; what became of it, in words.
pub(super) fn retire(setting: &Setting, key: KeyId) -> Result<String, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    block_on(async {
        let keys = open::keys(&config)?;
        if keys.ring.active() == key {
            return Err(CommandError::refused(format!(
                "key {} is the one that seals; rotate before it can be retired",
                key.0
            )));
        }
        if !keys.ring.holds(key) {
            return Err(CommandError::refused(format!(
                "there is no key {} in {}",
                key.0,
                config.keys.file.display()
            )));
        }
        if key > keys.ring.active() {
            return Err(CommandError::refused(format!(
                "key {} was added for the next rotation and is not used yet",
                key.0
            )));
        }
        let db = open::migrated(&config, Clock::system(), keys).await?;
        let said = retire_in(&config, &db, key).await;
        db.close().await?;
        said
    })
}

async fn retire_in(config: &Config, db: &Db, key: KeyId) -> Result<String, CommandError> {
    let census = service::census(db).await?;
    let under = census.under(key);
    if under.values() > 0 {
        return Err(CommandError::refused(format!(
            "key {} cannot be retired: {}; run `exchange keys reseal` before",
            key.0,
            by_column(&under)
        )));
    }
    // The entry comes first: rather one too many than a key that went without.
    let caller = Caller::system(ACTOR, None, db.refusals().clone());
    service::record_retirement(db, &caller, key).await?;
    sequencer::place_pending(db).await?;
    let file = &config.keys.file;
    Keys::retire(file, key)?;
    Ok(format!(
        "{}: key {} is gone; none of {} values was sealed with it. Give the file to every server and restart them. Backups of the \
         database from before need a copy of the file with the key.",
        file.display(),
        key.0,
        census.values()
    ))
}

/// `worker.phone_sealed has 12 values under key 1, …`
fn by_column(census: &Census) -> String {
    let columns = census.0.iter().map(|count| {
        let key = count.key.map_or(0, |key| key.0);
        let (table, column, values) = (count.table, count.column, count.values);
        format!("{table}.{column} has {values} values under key {key}")
    });
    columns.collect::<Vec<_>>().join(", ")
}
