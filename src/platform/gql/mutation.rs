//! The one way a mutation runs: permit, idempotency, unit of work, outcome.

use async_graphql::{Context, Error, InputType, SimpleObject};
use serde::de::DeserializeOwned;

use super::context::ContextExt as _;
use crate::kernel::error::{Locale, Refusal, Text, UserError};
use crate::platform::authz::{Action, Write};
use crate::platform::db::{Once, WriteSession};

/// An expected outcome other than success. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "UserError")]
pub struct UserErrorObject {
    /// Path to the input field that caused it, such as `["input", "residentId"]`; empty when the
    /// outcome is about none in particular.
    pub field: Vec<String>,
    /// Stable code in SCREAMING_CASE.
    pub code: String,
    /// What happened and what to do, in the language of `Accept-Language`.
    pub message: String,
}

impl UserErrorObject {
    /// The outcome in one language.
    #[must_use]
    pub fn of(error: &UserError, locale: Locale) -> Self {
        Self {
            field: error.field.clone(),
            code: error.code.to_owned(),
            message: error.text.in_locale(locale).to_owned(),
        }
    }

    /// Why an item of the list `input.<list>` was not taken; `field` is the path below the item.
    #[must_use]
    pub fn of_item(
        (list, index): (&str, i32),
        field: impl IntoIterator<Item = String>,
        (code, text): (&str, &Text),
        locale: Locale,
    ) -> Self {
        let item = ["input", list, &index.to_string()].map(str::to_owned);
        Self {
            field: item.into_iter().chain(field).collect(),
            code: code.to_owned(),
            message: text.in_locale(locale).to_owned(),
        }
    }
}

/// Runs a use case for the caller of `ctx`: `Ok(Ok(_))` when it was done (now or by an earlier
/// request with the same key), `Ok(Err(_))` with the expected outcomes otherwise.
///
/// # Errors
/// The top-level error of a [`crate::kernel::error::Failure`].
pub async fn mutate<I, T, F, W>(
    ctx: &Context<'_>,
    action: &Action<Write>,
    idempotency_key: Option<&str>,
    input: &I,
    work: F,
) -> Result<Result<T, Vec<UserErrorObject>>, Error>
where
    I: InputType,
    T: DeserializeOwned,
    F: Fn(WriteSession) -> W,
    W: Future<Output = Result<T, Refusal>>,
{
    let permit = ctx
        .caller()
        .permit(action)
        .map_err(|failure| ctx.refuse(&failure))?;
    let db = ctx.db();
    let once = idempotency_key
        .map(|key| {
            let input = input.to_value().to_string();
            let caller = permit.principal().identity();
            Once::try_new(&db.keys().index, caller, action.name, key, &input)
        })
        .transpose()
        .map_err(|failure| ctx.refuse(&failure))?;
    answered(ctx, db.run(&permit, once.as_ref(), work).await)
}

/// Runs a use case whose answer must never be kept, and which therefore takes no idempotency key.
/// It writes nothing but journal entries, so that there is nothing to try again.
///
/// # Errors
/// As [`mutate`].
pub async fn mutate_unkept<T, F, W>(
    ctx: &Context<'_>,
    action: &Action<Write>,
    work: F,
) -> Result<Result<T, Vec<UserErrorObject>>, Error>
where
    F: FnOnce(WriteSession) -> W,
    W: Future<Output = Result<T, Refusal>>,
{
    let run = async {
        let permit = ctx.caller().permit(action)?;
        ctx.db().attempt(&permit, work).await
    };
    answered(ctx, run.await)
}

fn answered<T>(
    ctx: &Context<'_>,
    answer: Result<T, Refusal>,
) -> Result<Result<T, Vec<UserErrorObject>>, Error> {
    match answer {
        Ok(done) => Ok(Ok(done)),
        Err(Refusal::Expected(errors)) => {
            let locale = ctx.caller().request().locale;
            let errors = errors.iter().map(|e| UserErrorObject::of(e, locale));
            Ok(Err(errors.collect()))
        }
        Err(Refusal::Failed(failure)) => Err(ctx.refuse(&failure)),
    }
}
