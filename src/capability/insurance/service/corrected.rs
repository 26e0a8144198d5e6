//! What follows for insurance when somebody's resident id is corrected.
//!
//! Months and statements are matched by resident id. Those that came under the former id are about
//! whoever holds it, not about this person: they are set aside, jobs that count on them alone are
//! only reported again, and every agency that has delivered is asked for what it knows under the
//! right id.

use std::collections::HashSet;

use super::super::repo::requery::{self, Asked};
use super::super::repo::set_aside;
use super::requery::Heard;
use crate::capability::employment::public as employment;
use crate::capability::worker::public::Corrected;
use crate::kernel::error::Failure;
use crate::platform::authn::Agency;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::Change;

/// The fields of a person whose rows are set aside, as the journal names them.
const SET_ASIDE: &[&str] = &["contributions", "insuranceFacts"];

/// Takes what came under the former id from a person whose id is corrected in this unit of work.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn set_aside_in(tx: &mut WriteSession, corrected: Corrected) -> Result<(), Failure> {
    let Corrected {
        worker,
        version,
        correction,
    } = corrected;
    if set_aside::move_in(tx, worker, correction).await? > 0 {
        tx.changed(Change::new(worker, version, SET_ASIDE));
    }
    employment::withdraw_insurance_in(tx, worker).await?;
    let since = tx.today();
    let Heard { months, facts } = Heard::of(tx).await?;
    let agencies: HashSet<Agency> = months.into_keys().chain(facts.into_keys()).collect();
    let asked: Vec<Asked> = agencies
        .into_iter()
        .map(|agency| Asked {
            worker,
            agency,
            since,
        })
        .collect();
    requery::ask_again_in(tx, &asked).await
}
