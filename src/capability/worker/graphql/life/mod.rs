//! Root fields that change one registered person.

mod inputs;

use async_graphql::{Context, Error, Object, SimpleObject};

use self::inputs::UpdateWorkerInput;
use super::super::{policy, service};
use super::mutations::seen;
use super::objects::WorkerNode;
use crate::platform::gql::{UserErrorObject, mutate};

/// What `updateWorker` answers.
#[derive(SimpleObject)]
pub struct UpdateWorkerPayload {
    /// The person as they are now, whether or not anything changed; null when the caller does not
    /// reach them.
    pub worker: Option<WorkerNode>,
    /// Why nothing changed; empty when it did.
    pub user_errors: Vec<UserErrorObject>,
}

/// What happens to registered people, as a part of the mutation root.
#[derive(Default)]
pub struct WorkerLifeMutations;

#[Object]
impl WorkerLifeMutations {
    /// Changes contact data, abilities, whereabouts or stated facts of one person: the origin's
    /// officers everything, the person their own contact data and willingness.
    async fn update_worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateWorkerInput,
    ) -> Result<UpdateWorkerPayload, Error> {
        let key = input.idempotency_key.as_deref();
        let command = input.read(ctx)?;
        let id = command.worker;
        let done = mutate(ctx, &policy::UPDATE, key, &input, |tx| {
            service::update_worker(tx, command.clone())
        })
        .await?;
        Ok(UpdateWorkerPayload {
            worker: seen(ctx, id).await?,
            user_errors: done.err().unwrap_or_default(),
        })
    }
}
