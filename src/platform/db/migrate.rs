//! Brings the schema up to date, and says whether it is.

use std::sync::atomic::Ordering;

use migration::{Migrator, MigratorTrait as _};

use super::Db;
use super::error::failure;
use crate::kernel::error::Failure;

impl Db {
    /// Applies every pending migration.
    ///
    /// # Errors
    /// [`Failure`] of the database; a failing migration leaves none of itself behind.
    pub async fn migrate(&self) -> Result<(), Failure> {
        Migrator::up(self.primary().connection(), None)
            .await
            .map_err(failure)
    }

    /// Names of the migrations that are not applied yet, in order. Only looks, so that a role
    /// that may not change the schema can ask, and SQLite's writer is not waited for.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Failure> {
        let pending = Migrator::get_pending_migrations_read_only(self.latest())
            .await
            .map_err(failure)?;
        Ok(pending.iter().map(|m| m.name().to_owned()).collect())
    }

    /// Whether requests can be answered: the database answers and is migrated.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] with the reason.
    pub async fn ready(&self) -> Result<(), Failure> {
        self.ping().await?;
        if self.0.migrated.load(Ordering::Relaxed) {
            return Ok(());
        }
        let pending = self.pending_migrations().await?;
        if pending.is_empty() {
            self.0.migrated.store(true, Ordering::Relaxed);
            Ok(())
        } else {
            Err(Failure::Unavailable(format!(
                "{} migrations are pending: run `exchange migrate`",
                pending.len()
            )))
        }
    }
}
