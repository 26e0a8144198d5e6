//! What the caller reads, seen from within a unit of work.
//!
//! A change may reach fewer records than its caller reads. Whoever is refused one must learn no more
//! by it than by opening the record, so that the scope of the caller's own permit to read decides
//! what the answer is.

use sea_orm::{DatabaseExecutor, DatabaseTransaction};

use super::Db;
use super::session::{Session, WriteSession};
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::platform::authz::{Action, Permit, Read, Scope};
use crate::platform::journal::Noted;

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

impl WriteSession {
    /// What a change answers about a record that it does not reach: `told` to whoever reads the record,
    /// with an entry in the trail, and to everybody else what is answered about one that does not exist,
    /// which leaves its entry wherever a unit of work ends so.
    #[must_use]
    pub fn beyond_reach(&self, reads: bool, told: UserError) -> Refusal {
        if reads {
            let permit = self.permit();
            permit.caller().note(permit.action(), Noted::AnotherDecides);
            told.into()
        } else {
            Failure::NotFound.into()
        }
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
