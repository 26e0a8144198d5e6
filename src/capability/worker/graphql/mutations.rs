//! Root fields that change the registry.

use async_graphql::{Context, Error, Object, SimpleObject};

use super::super::error::WorkerRejection;
use super::super::policy;
use super::super::service::{self, RegisterHousehold, Registration};
use super::inputs::{RegisterHouseholdInput, RegisterWorkerInput};
use super::loaders::{HouseholdLoader, WorkerLoader};
use super::objects::{HouseholdNode, WorkerNode};
use crate::kernel::error::{Locale, UserError};
use crate::kernel::ids::WorkerId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `registerHousehold` answers.
#[derive(SimpleObject)]
pub struct RegisterHouseholdPayload {
    /// The household; null when it was not registered.
    pub household: Option<HouseholdNode>,
    /// Its id, by which members are registered; null when it was not registered.
    pub household_id: Option<async_graphql::ID>,
    /// Why it was not registered; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `registerWorker` answers.
#[derive(SimpleObject)]
pub struct RegisterWorkerPayload {
    /// The person; null when nobody was registered, unless the caller may see who was before.
    pub worker: Option<WorkerNode>,
    /// Why nobody was registered; empty when somebody was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The registry's part of the mutation root.
#[derive(Default)]
pub struct WorkerMutations;

#[Object]
impl WorkerMutations {
    /// Registers a household in the caller's region, with the category its county states.
    async fn register_household(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The household.")] input: RegisterHouseholdInput,
    ) -> Option<Result<RegisterHouseholdPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = RegisterHousehold::from(&input);
            let done = mutate(ctx, &policy::REGISTER_HOUSEHOLD, key, &input, |tx| {
                service::register_household(tx, command.clone())
            })
            .await?;
            Ok(match done {
                Ok(registered) => RegisterHouseholdPayload {
                    household: ctx
                        .show_one::<HouseholdLoader, _>(registered.household)
                        .await?
                        .map(Into::into),
                    household_id: Some(crate::kernel::ids::encode(registered.household).into()),
                    user_errors: Vec::new(),
                },
                Err(user_errors) => RegisterHouseholdPayload {
                    household: None,
                    household_id: None,
                    user_errors,
                },
            })
        };
        Some(run.await)
    }

    /// Registers a person in a household of the caller's region. One person exists once in the
    /// province: whoever is registered elsewhere is refused, naming only the county to contact.
    async fn register_worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: RegisterWorkerInput,
    ) -> Option<Result<RegisterWorkerPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.person.read();
            let command = command.map_err(|misread| ctx.refuse(&misread.into()))?;
            let done = mutate(ctx, &policy::REGISTER, key, &input, |tx| {
                service::register_worker(tx, command.clone())
            })
            .await?;
            let (worker, user_errors) = match done {
                Ok(registration) => {
                    let (worker, rejection) = outcome(&registration);
                    let locale = ctx.caller().request().locale;
                    (
                        worker,
                        rejection.map(|r| refused(&r, locale)).into_iter().collect(),
                    )
                }
                Err(user_errors) => (None, user_errors),
            };
            Ok(RegisterWorkerPayload {
                worker: match worker {
                    Some(id) => seen(ctx, id).await?,
                    None => None,
                },
                user_errors,
            })
        };
        Some(run.await)
    }
}

/// The person of a registration, and what the caller is told when it was refused.
pub(super) fn outcome(registration: &Registration) -> (Option<WorkerId>, Option<WorkerRejection>) {
    match *registration {
        Registration::Registered { worker } => (Some(worker), None),
        Registration::Known { worker } => (Some(worker), Some(WorkerRejection::RegisteredHere)),
        Registration::Elsewhere { county } => {
            (None, Some(WorkerRejection::AlreadyRegistered { county }))
        }
        Registration::NotConfirmed => (None, Some(WorkerRejection::IdentityNotConfirmed)),
        Registration::QuotaUsed => (None, Some(WorkerRejection::DisclosureQuotaUsed)),
    }
}

pub(super) fn refused(rejection: &WorkerRejection, locale: Locale) -> UserErrorObject {
    UserErrorObject::of(&UserError::at(&["input", "residentId"], rejection), locale)
}

/// The person anew, as the caller may see them now.
pub(super) async fn seen(ctx: &Context<'_>, id: WorkerId) -> Result<Option<WorkerNode>, Error> {
    let found = ctx.show_one::<WorkerLoader, _>(id).await?;
    Ok(found.map(|worker| WorkerNode::seen_by(ctx.caller(), worker)))
}
