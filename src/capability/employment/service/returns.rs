//! Sending a county's decision back to it.

use super::super::error::{EmploymentRejection as R, Rejected};
use super::super::model::{ConfirmedBy, Return};
use super::super::repo::employments::Changes;
use super::decide::{Decided, Target, decide, finish_for, going_on};
use super::draft;
use crate::kernel::error::{Failure, Refusal};
use crate::platform::authn::Identity;
use crate::platform::db::{Session as _, WriteSession};

/// A decision to be sent back.
#[derive(Clone, Debug)]
pub struct ReturnEmployment {
    /// Which job.
    pub target: Target,
    /// What the county is to look at again, in the officer's words.
    pub reason: String,
}

/// Sends the confirmation of a job that goes on back to the county of the origin: the job is only
/// reported again, nothing follows from it, and its workplace is no destination any more. The
/// county confirms or voids it. What insurance confirmed is no decision of the county.
///
/// # Errors
/// `BAD_TEXT`, `PERSONAL_NUMBER`, `STALE_VERSION`, `NOT_CONFIRMED`, `ALREADY_ENDED`,
/// `ALREADY_VOIDED`, `NOT_COUNTYS_DECISION`; [`Failure::NotFound`] out of reach.
pub async fn return_to_county(
    mut tx: WriteSession,
    command: ReturnEmployment,
) -> Result<Decided, Refusal> {
    let ReturnEmployment { target, reason } = command;
    let reason = draft::words(&reason)?;
    let job = going_on(&tx, target).await?;
    match job.confirmed_by {
        Some(ConfirmedBy::Origin) => {}
        Some(ConfirmedBy::Insurance) | None => {
            return Err(Rejected::at("employmentId", R::NotCountysDecision).into());
        }
    }
    let Identity::Officer { region } = tx.permit().principal().identity() else {
        return Err(Failure::internal("a decision is returned by an officer only").into());
    };
    let returned = Return {
        on: tx.today(),
        by: *region,
        reason: reason.clone(),
    };
    let changes = Changes {
        returned: Some(returned),
        ..Changes::default()
    };
    decide(&mut tx, &job, changes, RETURNED).await?;
    finish_for(tx, &job, reason).await
}

/// The fields of a job that is sent back, as the journal names them.
const RETURNED: &[&str] = &[
    "state",
    "confirmedBy",
    "lastConfirmedOn",
    "returnedOn",
    "returnedByCode",
    "returnReason",
];
