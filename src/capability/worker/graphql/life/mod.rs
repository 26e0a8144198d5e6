//! Root fields about registered people, and those that register many.

mod bulk;
mod inputs;
mod payloads;

use async_graphql::{Context, Error, Object};

pub use self::payloads::{
    AssignHelperPayload, LeavePublicPostPayload, RecordDeathPayload, RegisterWorkerResult,
    RegisterWorkersPayload, RevealPersonalDataPayload, UpdateWorkerPayload, VoidLabourFactPayload,
};

use self::inputs::{
    AssignHelperInput, LeavePublicPostInput, RecordDeathInput, RevealPersonalDataInput,
    UpdateWorkerInput, VoidLabourFactInput,
};
use super::super::error::WorkerRejection;
use super::super::model::DeathReceipt;
use super::super::policy;
use super::super::service::{self, Revealed};
use super::inputs::RegisterWorkersInput;
use super::mutations::seen;
use crate::kernel::error::{Failure, Text, UserError};
use crate::kernel::ids::WorkerId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate, mutate_unkept};

/// What happens to registered people, as a part of the mutation root.
#[derive(Default)]
pub struct WorkerLifeMutations;

#[Object]
impl WorkerLifeMutations {
    /// Registers up to 1,000 people in households of the caller's region. Each has a result of
    /// its own: one who is refused does not keep the others out.
    async fn register_workers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The people.")] input: RegisterWorkersInput,
    ) -> Option<Result<RegisterWorkersPayload, Error>> {
        let run = async { bulk::register_workers(ctx, input).await };
        Some(run.await)
    }

    /// Changes contact data, abilities, whereabouts or stated facts of one person: the origin's
    /// officers everything, the person their own contact data and willingness. For 30 days after
    /// a handover the former origin corrects contact data but the bank account, and statements
    /// about earlier days. Of whoever died neither phone nor stay is given, nor anything stated of
    /// the day of death or later (`PERSON_DECEASED`). What is known already changes nothing: the
    /// record comes back at the version it had.
    async fn update_worker(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: UpdateWorkerInput,
    ) -> Option<Result<UpdateWorkerPayload, Error>> {
        let run = async {
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
        };
        Some(run.await)
    }

    /// Records a death: a county of origin by the record's id; the civil affairs agency by
    /// resident id, which is answered `RECEIVED` whoever it is about. To the county another day than
    /// the one on record is refused (`PERSON_DECEASED`): a wrong one is taken back by
    /// `voidLabourFact`, which takes a second person, before the right one is recorded.
    async fn record_death(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The death.")] input: RecordDeathInput,
    ) -> Option<Result<RecordDeathPayload, Error>> {
        let run = async {
            match (&input.worker_id, &input.resident_id) {
                (Some(id), None) => record_death(ctx, ctx.id(id)?, &input).await,
                (None, Some(resident_id)) => report_death(ctx, resident_id, &input).await,
                (None, None) | (Some(_), Some(_)) => {
                    Err(ctx.refuse(&Failure::BadInput(Text::new(
                        "请在 workerId 与 residentId 中恰好给出一个。",
                        "Give exactly one of workerId and residentId.",
                    ))))
                }
            }
        };
        Some(run.await)
    }

    /// Records that a person of the caller's county left a public welfare post.
    async fn leave_public_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The leaving.")] input: LeavePublicPostInput,
    ) -> Option<Result<LeavePublicPostPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let (id, leaving) = (ctx.id(&input.worker_id)?, input.leaving());
            let done = mutate(ctx, &policy::LEAVE_PUBLIC_POST, key, &input, |tx| {
                service::leave_public_post(tx, id, leaving.clone())
            })
            .await?;
            Ok(LeavePublicPostPayload {
                worker: seen(ctx, id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Takes back a statement about a person of the caller's county that was recorded by mistake,
    /// with all that followed from it; it stays on record. A death is taken back by somebody other
    /// than whoever recorded it.
    async fn void_labour_fact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The mistake.")] input: VoidLabourFactInput,
    ) -> Option<Result<VoidLabourFactPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let id = command.worker;
            let done = mutate(ctx, &policy::VOID_LABOUR_FACT, key, &input, |tx| {
                service::void_labour_fact(tx, command.clone())
            })
            .await?;
            Ok(VoidLabourFactPayload {
                worker: seen(ctx, id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Pairs a person of the caller's region with a helper, who sees the record from now on. A
    /// person has one helper at a time: the one before does not see the record any more. Whoever
    /// died gets none (`PERSON_DECEASED`).
    async fn assign_helper(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pairing.")] input: AssignHelperInput,
    ) -> Option<Result<AssignHelperPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let id = command.worker;
            let done = mutate(ctx, &policy::ASSIGN_HELPER, key, &input, |tx| {
                service::assign_helper(tx, command.clone())
            })
            .await?;
            Ok(AssignHelperPayload {
                worker: seen(ctx, id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Shows personal values of one person in full: to officers in scope (below the county only
    /// the phone), to the person, and to the person's helper only the phone. Every look is
    /// recorded with its purpose before it is answered, and the person can see it.
    async fn reveal_personal_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose values, which and what for.")] input: RevealPersonalDataInput,
    ) -> Option<Result<RevealPersonalDataPayload, Error>> {
        let run = async {
            let wish = input.read(ctx)?;
            let done = mutate_unkept(ctx, &policy::REVEAL, |tx| service::reveal(tx, wish)).await?;
            let (opened, user_errors) = match done {
                Ok(Revealed::Opened(opened)) => (Some(opened.into()), Vec::new()),
                Ok(Revealed::NotAllowed) => {
                    let error =
                        UserError::at(&["input", "fields"], &WorkerRejection::FieldNotAllowed);
                    let locale = ctx.caller().request().locale;
                    (None, vec![UserErrorObject::of(&error, locale)])
                }
                Err(user_errors) => (None, user_errors),
            };
            Ok(RevealPersonalDataPayload {
                personal_data: opened,
                user_errors,
            })
        };
        Some(run.await)
    }
}

async fn record_death(
    ctx: &Context<'_>,
    id: WorkerId,
    input: &RecordDeathInput,
) -> Result<RecordDeathPayload, Error> {
    let key = input.idempotency_key.as_deref();
    let done = mutate(ctx, &policy::RECORD_DEATH, key, input, |tx| {
        service::record_death(tx, id, input.death())
    })
    .await?;
    Ok(RecordDeathPayload {
        receipt: done.is_ok().then_some(DeathReceipt::Recorded),
        worker: seen(ctx, id).await?,
        user_errors: done.err().unwrap_or_default(),
    })
}

async fn report_death(
    ctx: &Context<'_>,
    resident_id: &str,
    input: &RecordDeathInput,
) -> Result<RecordDeathPayload, Error> {
    let key = input.idempotency_key.as_deref();
    let done = mutate(ctx, &policy::REPORT_DEATH, key, input, |tx| {
        service::report_death(tx, resident_id.to_owned(), input.death())
    })
    .await?;
    Ok(RecordDeathPayload {
        receipt: done.is_ok().then_some(DeathReceipt::Received),
        worker: None,
        user_errors: done.err().unwrap_or_default(),
    })
}
