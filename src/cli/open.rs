//! Opens what commands stand on, and says what to do where it is not there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::error::CommandError;
use crate::kernel::clock::Clock;
use crate::kernel::ids::IdSource;
use crate::platform::config::{Config, DatabaseConfig};
use crate::platform::crypto::Keys;
use crate::platform::db::{Db, Misfit};

/// The configured keys.
///
/// # Errors
/// When there are none, with what to do: a database that has been used needs its own.
pub(super) fn keys(config: &Config) -> Result<Arc<Keys>, CommandError> {
    let file = &config.keys.file;
    if !file.exists() {
        return Err(CommandError::refused(format!(
            "there is no key file {0}: if the database has been used, put its key file back or name \
             where it is under keys.file; only for a new database make one, with `exchange keys new \
             {0}`",
            file.display()
        )));
    }
    Ok(Arc::new(Keys::load(file)?))
}

/// The configured database, which must be there; whether it is migrated is not looked at.
///
/// # Errors
/// When it is missing or does not answer.
pub(super) async fn database(
    config: &DatabaseConfig,
    clock: Clock,
    keys: Arc<Keys>,
) -> Result<Db, CommandError> {
    must_exist(config)?;
    connect(config, clock, keys).await
}

/// The driver would make an empty one.
fn must_exist(config: &DatabaseConfig) -> Result<(), CommandError> {
    if let Some(file) = sqlite_file(config)
        && !file.exists()
    {
        return Err(CommandError::refused(format!(
            "there is no database {}; make it with `exchange migrate`, or name another by \
             DATABASE_URL",
            file.display()
        )));
    }
    Ok(())
}

/// The configured database, made when it is SQLite's and missing.
///
/// # Errors
/// When it does not answer.
pub(super) async fn connect(
    config: &DatabaseConfig,
    clock: Clock,
    keys: Arc<Keys>,
) -> Result<Db, CommandError> {
    let ids = IdSource::new(clock.clone());
    Ok(Db::open(config, clock, ids, keys).await?)
}

/// The configured database, migrated and of these keys.
///
/// # Errors
/// When it is missing, does not answer, has changes pending or was filled with other keys.
pub(super) async fn migrated(
    config: &Config,
    clock: Clock,
    keys: Arc<Keys>,
) -> Result<Db, CommandError> {
    up_to_date(database(&config.database, clock, keys).await?, config).await
}

/// As [`migrated`], for a server whose requests take at most `longest`.
///
/// # Errors
/// As [`migrated`].
pub(super) async fn for_requests(
    config: &Config,
    longest: Duration,
    clock: Clock,
    keys: Arc<Keys>,
) -> Result<Db, CommandError> {
    must_exist(&config.database)?;
    let ids = IdSource::new(clock.clone());
    let db = Db::open_within(&config.database, Some(longest), clock, ids, keys).await?;
    up_to_date(db, config).await
}

async fn up_to_date(db: Db, config: &Config) -> Result<Db, CommandError> {
    let pending = db.pending_migrations().await?.len();
    if pending > 0 {
        return Err(CommandError::refused(format!(
            "the database is not migrated: {pending} changes of its schema are pending; run \
             `exchange migrate`"
        )));
    }
    fits(&db, &config.keys.file).await?;
    Ok(db)
}

/// Refuses a migrated database that was filled with other keys than those of this file: with them
/// nobody would be found, and everybody registered a second time.
///
/// # Errors
/// When they do not fit, with what to do.
pub(super) async fn fits(db: &Db, file: &Path) -> Result<(), CommandError> {
    let Some(misfit) = db.misfit().await? else {
        return Ok(());
    };
    let file = file.display();
    let why = match misfit {
        Misfit::Lacks(key) => format!("holds values sealed with key {}, which {file} lacks", key.0),
        Misfit::Foreign => format!("was filled with other keys than those of {file}"),
    };
    Err(CommandError::refused(format!(
        "the database {why}: put the right key file back, or name it under keys.file. Nothing \
         was changed"
    )))
}

/// The file behind a URL of SQLite; `None` for PostgreSQL and for a database in memory.
pub(super) fn sqlite_file(config: &DatabaseConfig) -> Option<PathBuf> {
    let rest = config.url.expose_secret().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_behind_a_url_is_found() {
        for (url, file) in [
            ("sqlite://data/exchange.db", Some("data/exchange.db")),
            (
                "sqlite:///var/exchange.db?mode=rwc",
                Some("/var/exchange.db"),
            ),
            ("sqlite:exchange.db", Some("exchange.db")),
            ("sqlite::memory:", None),
            ("postgres://localhost/exchange", None),
        ] {
            let config = DatabaseConfig {
                url: url.into(),
                ..DatabaseConfig::default()
            };
            assert_eq!(sqlite_file(&config), file.map(PathBuf::from), "{url}");
        }
    }
}
