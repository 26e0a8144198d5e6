//! Root fields that move people between households and villages.

mod inputs;

use async_graphql::{Context, Error, Object, SimpleObject};

use self::inputs::{
    MergeHouseholdsInput, MoveHouseholdInput, MoveWorkerInput, SplitHouseholdInput,
};
use super::super::{policy, service};
use super::loaders::HouseholdLoader;
use super::mutations::seen;
use super::objects::{HouseholdNode, WorkerNode};
use crate::kernel::ids::HouseholdId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `moveHousehold` answers.
#[derive(SimpleObject)]
pub struct MoveHouseholdPayload {
    /// The household as it is now, whether or not it moved; null when neither it nor any member
    /// is within the caller's reach.
    pub household: Option<HouseholdNode>,
    /// Why it was not moved; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `moveWorker` answers.
#[derive(SimpleObject)]
pub struct MoveWorkerPayload {
    /// The person as they are now, whether or not they moved; null when the caller does not reach
    /// them.
    pub worker: Option<WorkerNode>,
    /// Why they were not moved; empty when they were.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `splitHousehold` answers.
#[derive(SimpleObject)]
pub struct SplitHouseholdPayload {
    /// The household that was left, as it is now, whether or not it was split; null when neither it
    /// nor any member is within the caller's reach.
    pub household: Option<HouseholdNode>,
    /// The new household; null when there is none.
    pub new_household: Option<HouseholdNode>,
    /// Why it was not split; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `mergeHouseholds` answers.
#[derive(SimpleObject)]
pub struct MergeHouseholdsPayload {
    /// The household of `intoId` as it is now, whether or not they were merged; null when neither
    /// it nor any member is within the caller's reach.
    pub household: Option<HouseholdNode>,
    /// The household of `fromId` as it is now, whether or not they were merged.
    pub from: Option<HouseholdNode>,
    /// Why they were not merged; empty when they were.
    pub user_errors: Vec<UserErrorObject>,
}

/// What happens to households, as a part of the mutation root.
#[derive(Default)]
pub struct HouseholdMutations;

#[Object]
impl HouseholdMutations {
    /// Moves a household with everybody in it, within the county or to another one, by the county
    /// of its present origin or a region around it. The new county owns the records from then on;
    /// the former origin keeps seeing them for 30 days. What was decided before stays.
    async fn move_household(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The move.")] input: MoveHouseholdInput,
    ) -> Option<Result<MoveHouseholdPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let household = command.household;
            let done = mutate(ctx, &policy::MOVE_HOUSEHOLD, key, &input, |tx| {
                service::move_household(tx, command.clone())
            })
            .await?;
            Ok(MoveHouseholdPayload {
                household: seen_household(ctx, household).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Moves one person into another household of the caller's region, or into a new one of their
    /// own anywhere in the province, which inherits the category statements of the old one. Who
    /// marries into another county's household moves to its village first; that county then puts
    /// them into the household. A household that the last member leaves ends. Whoever died moves
    /// with their household only (`PERSON_DECEASED`).
    async fn move_worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The move.")] input: MoveWorkerInput,
    ) -> Option<Result<MoveWorkerPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let worker = command.worker;
            let done = mutate(ctx, &policy::MOVE_WORKER, key, &input, |tx| {
                service::move_worker(tx, command.clone())
            })
            .await?;
            Ok(MoveWorkerPayload {
                worker: seen(ctx, worker).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Splits a household: the members named found a new one, which inherits every standing
    /// category statement with its source and dates.
    async fn split_household(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The split.")] input: SplitHouseholdInput,
    ) -> Option<Result<SplitHouseholdPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let household = command.household;
            let done = mutate(ctx, &policy::SPLIT_HOUSEHOLD, key, &input, |tx| {
                service::split_household(tx, command.clone())
            })
            .await?;
            let (founded, user_errors) = match done {
                Ok(split) => (seen_household(ctx, split.founded).await?, Vec::new()),
                Err(user_errors) => (None, user_errors),
            };
            Ok(SplitHouseholdPayload {
                household: seen_household(ctx, household).await?,
                new_household: founded,
                user_errors,
            })
        };
        Some(run.await)
    }

    /// Merges two households of the caller's region: one ends, its people enter the other. What is
    /// stated of the categories of either holds for all of them, until agriculture says otherwise. A
    /// merged household takes no further members.
    async fn merge_households(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merger.")] input: MergeHouseholdsInput,
    ) -> Option<Result<MergeHouseholdsPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let (from, into) = (command.from, command.into);
            let done = mutate(ctx, &policy::MERGE_HOUSEHOLDS, key, &input, |tx| {
                service::merge_households(tx, command.clone())
            })
            .await?;
            Ok(MergeHouseholdsPayload {
                household: seen_household(ctx, into).await?,
                from: seen_household(ctx, from).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }
}

/// The household anew, as the caller may see it now.
async fn seen_household(
    ctx: &Context<'_>,
    id: HouseholdId,
) -> Result<Option<HouseholdNode>, Error> {
    let found = ctx.show_one::<HouseholdLoader, _>(id).await?;
    Ok(found.map(Into::into))
}
