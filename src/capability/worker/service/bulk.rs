//! Registering many people at once: one unit of work, a result per person.
//!
//! A person who is refused leaves nothing behind: everything is checked before the first insert,
//! and the insert that finds the id taken writes nothing. So a bad item does not stop good ones,
//! without a savepoint for each.

use serde::{Deserialize, Serialize};

use super::register::{RegisterWorker, Registration, register_worker_in};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal, Text, UserError};
use crate::kernel::page::check_batch;
use crate::kernel::unreadable::Misread;
use crate::platform::db::WriteSession;
use crate::platform::journal::AuditEntry;

/// Why an item was refused, in the form in which it is kept for a repeated request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemError {
    /// Path below the item.
    pub field: Vec<String>,
    /// Stable code.
    pub code: String,
    /// The message in both languages.
    pub text: Text,
}

impl From<Misread> for ItemError {
    fn from(Misread { field, reason }: Misread) -> Self {
        Self {
            field,
            code: reason.as_str().to_owned(),
            text: reason.text(),
        }
    }
}

impl From<UserError> for ItemError {
    fn from(error: UserError) -> Self {
        let UserError { field, code, text } = error;
        Self {
            // The path of a single registration begins with its `input`.
            field: field.into_iter().skip(1).collect(),
            code: code.to_owned(),
            text,
        }
    }
}

/// What became of one item.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ItemOutcome {
    /// The registration ended in one of its ways.
    Ended(Registration),
    /// The item's own values refuse it.
    Refused(Vec<ItemError>),
}

/// Registers up to [`MAX_BATCH`](crate::kernel::page::MAX_BATCH) people; one result each, in order.
///
/// # Errors
/// [`Failure::Limit`] for more, [`Failure::BadInput`] for none.
pub async fn register_workers(
    mut tx: WriteSession,
    people: Vec<Result<RegisterWorker, Misread>>,
) -> Result<Vec<ItemOutcome>, Refusal> {
    check_batch(people.len())?;
    let mut outcomes = Vec::with_capacity(people.len());
    for person in people {
        outcomes.push(match person {
            Ok(person) => register_one(&mut tx, person).await?,
            Err(misread) => ItemOutcome::Refused(vec![misread.into()]),
        });
    }
    let mut entry = AuditEntry::done(&outcomes)?;
    for outcome in &outcomes {
        if let ItemOutcome::Ended(registration) = outcome
            && let Some((code, record)) = registration.refusal()
        {
            entry = entry.noting(code, record.map(Into::into));
        }
    }
    tx.commit(entry).await?;
    Ok(outcomes)
}

async fn register_one(
    tx: &mut WriteSession,
    person: RegisterWorker,
) -> Result<ItemOutcome, Failure> {
    match register_worker_in(tx, person).await {
        Ok(registration) => Ok(ItemOutcome::Ended(registration)),
        Err(Refusal::Expected(errors)) => Ok(ItemOutcome::Refused(
            errors.into_iter().map(Into::into).collect(),
        )),
        Err(Refusal::Failed(missing @ Failure::NotFound)) => {
            Ok(ItemOutcome::Refused(vec![ItemError {
                field: vec!["householdId".to_owned()],
                code: missing.code().as_str().to_owned(),
                text: missing.text(),
            }]))
        }
        Err(Refusal::Failed(failure)) => Err(failure),
    }
}
