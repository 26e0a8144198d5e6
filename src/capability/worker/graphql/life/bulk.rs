//! `registerWorkers`: results per item, with everybody registered loaded at once.

use async_graphql::{Context, Error};

use super::super::super::policy;
use super::super::super::service::{self, ItemError, ItemOutcome, RegisterWorker};
use super::super::inputs::RegisterWorkersInput;
use super::super::loaders::WorkerLoader;
use super::super::mutations::outcome;
use super::super::objects::WorkerNode;
use super::payloads::{RegisterWorkerResult, RegisterWorkersPayload};
use crate::kernel::error::{Locale, Rejection as _};
use crate::kernel::ids::WorkerId;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// The list of the input.
const WORKERS: &str = "workers";

pub(super) async fn register_workers(
    ctx: &Context<'_>,
    input: RegisterWorkersInput,
) -> Result<RegisterWorkersPayload, Error> {
    let key = input.idempotency_key.as_deref();
    let people = input.workers.iter();
    let people: Vec<Result<RegisterWorker, Misread>> =
        people.map(|person| person.read(ctx)?.read()).collect();
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
                let field = ["residentId".to_owned()];
                UserErrorObject::of_item((WORKERS, index), field, (r.code(), &r.text()), locale)
            });
            (worker, errors.into_iter().collect())
        }
        ItemOutcome::Refused(errors) => {
            let errors = errors.iter().map(|error| {
                let ItemError { field, code, text } = error;
                UserErrorObject::of_item((WORKERS, index), field.clone(), (code, text), locale)
            });
            (None, errors.collect())
        }
    }
}
