//! `registerWorkers`: results per item, with everybody registered loaded at once.

use async_graphql::{Context, Error};

use super::super::super::policy;
use super::super::super::service::{self, ItemError, ItemOutcome, RegisterWorker};
use super::super::inputs::RegisterWorkersInput;
use super::super::loaders::WorkerLoader;
use super::super::mutations::{outcome, refused};
use super::super::objects::WorkerNode;
use super::payloads::{RegisterWorkerResult, RegisterWorkersPayload};
use crate::kernel::error::Locale;
use crate::kernel::ids::WorkerId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

pub(super) async fn register_workers(
    ctx: &Context<'_>,
    input: RegisterWorkersInput,
) -> Result<RegisterWorkersPayload, Error> {
    let key = input.idempotency_key.as_deref();
    let people = input.workers.iter().map(|person| person.read(ctx));
    let people: Vec<RegisterWorker> = people.collect::<Result<_, _>>()?;
    let done = mutate(ctx, &policy::REGISTER_WORKERS, key, &input, |tx| {
        service::register_workers(tx, people.clone())
    })
    .await?;
    Ok(match done {
        Ok(outcomes) => RegisterWorkersPayload {
            results: results(ctx, outcomes).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => RegisterWorkersPayload {
            results: Vec::new(),
            user_errors,
        },
    })
}

async fn results(
    ctx: &Context<'_>,
    outcomes: Vec<ItemOutcome>,
) -> Result<Vec<RegisterWorkerResult>, Error> {
    let locale = ctx.caller().request().locale;
    let items: Vec<(Option<WorkerId>, Vec<UserErrorObject>)> = (0_i32..)
        .zip(&outcomes)
        .map(|(index, outcome)| told(index, outcome, locale))
        .collect();
    let ids: Vec<WorkerId> = items.iter().filter_map(|(id, _)| *id).collect();
    let people = ctx.show::<WorkerLoader, _>(ids).await?;
    let caller = ctx.caller();
    Ok((0_i32..)
        .zip(items)
        .map(|(index, (id, user_errors))| RegisterWorkerResult {
            index,
            worker: id
                .and_then(|id| people.get(&id).cloned())
                .map(|worker| WorkerNode::seen_by(caller, worker)),
            user_errors,
        })
        .collect())
}

fn told(
    index: i32,
    item: &ItemOutcome,
    locale: Locale,
) -> (Option<WorkerId>, Vec<UserErrorObject>) {
    match item {
        ItemOutcome::Ended(registration) => {
            let (worker, rejection) = outcome(registration);
            let errors = rejection.map(|r| {
                let UserErrorObject {
                    field,
                    code,
                    message,
                } = refused(&r, locale);
                UserErrorObject {
                    field: below(index, &field[1..]),
                    code,
                    message,
                }
            });
            (worker, errors.into_iter().collect())
        }
        ItemOutcome::Refused(errors) => {
            let errors = errors.iter().map(|error| {
                let ItemError { field, code, text } = error;
                UserErrorObject {
                    field: below(index, field),
                    code: code.clone(),
                    message: text.in_locale(locale).to_owned(),
                }
            });
            (None, errors.collect())
        }
    }
}

/// The path of a field of one item.
fn below(index: i32, field: &[String]) -> Vec<String> {
    let item = ["input", "workers", &index.to_string()].map(str::to_owned);
    item.into_iter().chain(field.iter().cloned()).collect()
}
