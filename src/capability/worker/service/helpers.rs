//! Paired assistance: one accountable helper per person at a time, history kept.

use chrono::NaiveDate;

use super::super::error::WorkerRejection;
use super::super::model::Pairing;
use super::super::repo::helpers;
use super::super::repo::workers::Changes;
use super::derive::revise_in;
use super::parse;
use super::reach::person_in;
use super::residence::living;
use super::update::{WorkerDone, finish};
use crate::kernel::error::{Refusal, UserError};
use crate::kernel::ids::WorkerId;
use crate::platform::authn::subject_name;
use crate::platform::db::{Session as _, WriteSession};

/// A helper for one person.
#[derive(Clone, Debug)]
pub struct AssignHelper {
    /// Whom to help.
    pub worker: WorkerId,
    /// Subject of the helper's token.
    pub helper: String,
    /// First day; the helper before ends the day before.
    pub since: NaiveDate,
}

/// Pairs a person of the caller's origin with a helper, who sees the record from now on; the
/// helper before does not any more.
///
/// # Errors
/// `PERSON_DECEASED`, `DATE_IN_FUTURE`, `BAD_TEXT`, `BEFORE_PRESENT_HELPER`; `ORIGIN_DECIDES` for
/// a person whom the caller only reads; [`NotFound`](crate::kernel::error::Failure::NotFound) for any other out of scope.
pub async fn assign_helper(
    mut tx: WriteSession,
    command: AssignHelper,
) -> Result<WorkerDone, Refusal> {
    let AssignHelper {
        worker,
        helper,
        since,
    } = command;
    let worker = person_in(&tx, "workerId", worker).await?;
    living("workerId", &worker)?;
    let helper = parse::identifier(&helper, "helperSubject")?;
    // As it will stand in the helper's own requests.
    let helper = subject_name(&tx.keys().index, tx.today(), &helper);
    let since = parse::past_day(&tx, since, "since")?;
    if let Some(present) = helpers::present_in(&tx, worker.id).await? {
        if present.helper == helper {
            return finish(tx, worker.id, false).await;
        }
        let last_day = since.pred_opt().filter(|day| *day >= present.since);
        let last_day = last_day.ok_or_else(|| {
            UserError::at(&["input", "since"], &WorkerRejection::BeforePresentHelper)
        })?;
        helpers::end_in(&tx, worker.id, last_day).await?;
    }
    helpers::add_in(&tx, worker.id, Pairing { helper, since }).await?;
    let written = revise_in(&mut tx, &worker, Changes::default(), vec!["helper"]).await?;
    finish(tx, worker.id, written).await
}
