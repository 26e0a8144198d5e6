//! Daily, the head of the chain is signed with the exchange's key and written out.
//!
//! The file leaves the database's reach: whoever could rewrite the whole chain could not make it
//! agree with an anchor that somebody else already holds.

use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::repo;
use crate::kernel::error::Failure;
use crate::platform::crypto::{Keys, Purpose};
use crate::platform::db::Db;
use crate::platform::durable;

/// What is signed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    day: NaiveDate,
    position: i64,
    hash: String,
}

/// A statement whose signature holds.
pub(super) struct Signed {
    pub(super) day: NaiveDate,
    pub(super) position: i64,
    pub(super) hash: Vec<u8>,
}

/// Signs today's head, stores it and writes `<dir>/<day>.jws`; once a day, whoever calls first.
///
/// # Errors
/// [`Failure`] of the database or the directory. A file that could not be written is written by
/// the next call.
pub async fn write_daily(db: &Db, keys: &Keys, dir: &Path) -> Result<(), Failure> {
    let day = db.clock().today();
    let primary = db.primary();
    let tx = primary.begin().await?;
    let head = repo::head(&tx).await?;
    let statement = keys.signing.sign(
        Purpose::Anchor,
        &Statement {
            day,
            position: head.position,
            hash: STANDARD.encode(&head.hash),
        },
    );
    repo::store_anchor_in(&tx, day, &head, &statement).await?;
    primary.commit_quietly(tx).await?;
    // What another server stored first is what gets written.
    for anchor in repo::anchors(primary.connection()).await? {
        let path = dir.join(format!("{}.jws", anchor.day));
        if holds_an_anchor(keys, &path).await? {
            continue;
        }
        let statement = anchor.statement;
        tokio::task::spawn_blocking(move || put(&path, &statement))
            .await
            .map_err(Failure::internal)?
            .map_err(Failure::internal)?;
    }
    Ok(())
}

/// Whether the file is there and this exchange signed it. A remnant of a write that a crash cut
/// short is no anchor and is written again; an anchor that says something else than the database
/// does is evidence and stays.
async fn holds_an_anchor(keys: &Keys, path: &Path) -> Result<bool, Failure> {
    match tokio::fs::read(path).await {
        Ok(bytes) => Ok(str::from_utf8(&bytes).is_ok_and(|text| read(keys, text).is_some())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::internal(error)),
    }
}

/// Puts a whole file in its place, so that a crash leaves either it or what was there before.
fn put(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".anchor-");
    // Anchors are for others to keep: as readable as any file, where a temporary one is not.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut written = builder.tempfile_in(directory)?;
    written.write_all(text.as_bytes())?;
    written.as_file().sync_all()?;
    written.persist(path).map_err(|error| error.error)?;
    durable::keep_name(path)
}

/// An anchor as it was written out, or what somebody has put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file it stands in.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Every anchor file of a directory, by name; none when the directory does not exist.
///
/// # Errors
/// [`Failure::Internal`] when a file cannot be read.
pub async fn files(dir: &Path) -> Result<Vec<Written>, Failure> {
    if !tokio::fs::try_exists(dir)
        .await
        .map_err(Failure::internal)?
    {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut entries = tokio::fs::read_dir(dir).await.map_err(Failure::internal)?;
    while let Some(entry) = entries.next_entry().await.map_err(Failure::internal)? {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "jws") {
            let name = path.display().to_string();
            let bytes = tokio::fs::read(&path).await;
            let bytes = bytes.map_err(|error| Failure::internal(format!("{name}: {error}")))?;
            // What is no text is no anchor either; it is told by its name, like any other.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            found.push(Written { name, text });
        }
    }
    found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Reads an anchor; `None` when this exchange did not sign it.
pub(super) fn read(keys: &Keys, statement: &str) -> Option<Signed> {
    let Statement {
        day,
        position,
        hash,
    } = keys.verify(Purpose::Anchor, statement.trim()).ok()?;
    Some(Signed {
        day,
        position,
        hash: STANDARD.decode(hash).ok()?,
    })
}
