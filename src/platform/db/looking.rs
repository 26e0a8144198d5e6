//! What the caller reads, seen from within a unit of work.
//!
//! A change may reach fewer records than its caller reads. Whoever is refused one must learn no more
//! by it than by opening the record, so that the scope of the caller's own permit to read decides
//! what the answer is.

use sea_orm::{DatabaseExecutor, DatabaseTransaction};

use super::Db;
use super::session::{Session, WriteSession};
use crate::platform::authz::{Action, Permit, Read, Scope};

/// A unit of work as its caller reads: it sees what the transaction sees, and changes nothing.
pub struct Looking<'a> {
    db: &'a Db,
    tx: &'a DatabaseTransaction,
    permit: Permit<Read>,
}

impl WriteSession {
    /// Reads within this unit of work by the caller's own right to an action; `None` for whoever does
    /// not hold it, and so is shown nothing.
    #[must_use]
    pub fn looking(&self, action: &Action<Read>) -> Option<Looking<'_>> {
        let caller = self.permit().caller();
        // Asking for a permit that is not held would note a refusal of what nobody asked for.
        let permit = caller.holds(action).then(|| caller.permit(action))?.ok()?;
        Some(Looking {
            db: self.db(),
            tx: self.transaction(),
            permit,
        })
    }
}

impl Session for Looking<'_> {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(self.tx)
    }
    fn scope(&self) -> Scope {
        self.permit.scope()
    }
    fn db(&self) -> &Db {
        self.db
    }
}
