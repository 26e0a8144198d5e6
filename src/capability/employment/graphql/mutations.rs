//! Root fields that change jobs.

use async_graphql::{Context, Error, Object, SimpleObject};

use super::super::error::{ItemRejected, Rejected};
use super::super::model::RecordStatus;
use super::super::policy;
use super::super::service::{self, RecordEmployment, Recorded};
use super::inputs::{
    CheckEmploymentInput, ConfirmEmploymentInput, EndEmploymentInput, RecordEmploymentInput,
    RecordEmploymentsInput, RenewContractInput, ResolveEmployerInput, ReturnEmploymentInput,
    VoidEmploymentInput,
};
use super::loaders::EmploymentLoader;
use super::objects::EmploymentNode;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Locale, Rejection as _};
use crate::kernel::ids::EmploymentId;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `recordEmployment` answers. About somebody outside the caller's reach it says `RECEIVED`
/// and nothing else, whether the person is registered or not.
#[derive(SimpleObject)]
pub struct RecordEmploymentPayload {
    /// What became of the job.
    pub status: RecordStatus,
    /// The record; null when the caller may not see one.
    pub employment: Option<EmploymentNode>,
    /// Why it was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `recordEmployments` answers.
#[derive(SimpleObject)]
pub struct RecordEmploymentsPayload {
    /// One result per item, in the order of the input; empty when the request was not taken.
    pub results: Vec<RecordEmploymentResult>,
    /// Why the whole request was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What became of one item of a bulk request.
#[derive(SimpleObject)]
pub struct RecordEmploymentResult {
    /// Place of the item in the input, from 0.
    pub index: i32,
    /// What became of it.
    pub status: RecordStatus,
    /// The record; null when the caller may not see one.
    pub employment: Option<EmploymentNode>,
    /// Why it was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What a decision about a job answers.
#[derive(SimpleObject)]
pub struct EmploymentPayload {
    /// Whether it was done, now or by an earlier request with the same key: also where `employment`
    /// is null, because a workplace stops seeing person and job with the end of the job.
    pub done: bool,
    /// The job as it is now, whether or not it was changed; null when the caller does not see it, or
    /// by what was done sees it no more.
    pub employment: Option<EmploymentNode>,
    /// Why nothing was changed; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The jobs' part of the mutation root.
#[derive(Default)]
pub struct EmploymentMutations;

#[Object]
impl EmploymentMutations {
    /// Records a job. County and province of the person's origin open the record at once, or
    /// confirm the report that is there; everybody else reports it, and learns nothing about the
    /// person by it. The same job (person, form, employer, first day) reported again is no second
    /// record: one that nobody has checked yet takes what the report adds, and from its own reporter
    /// what it says anew; what others say otherwise is named in the trail. A report that names
    /// another county is a record of its own, and so is what the origin says of another county than
    /// the job that counts; what it says otherwise of that job itself is named in the trail.
    async fn record_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job.")] input: RecordEmploymentInput,
    ) -> Option<Result<RecordEmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.job.read();
            let command = command.map_err(|misread| ctx.refuse(&misread.into()))?;
            let done = mutate(ctx, &policy::RECORD, key, &input, |tx| {
                service::record(tx, command.clone())
            })
            .await?;
            Ok(match done {
                Ok(recorded) => RecordEmploymentPayload {
                    status: recorded.status,
                    employment: shown(ctx, recorded.employment).await?,
                    user_errors: Vec::new(),
                },
                Err(user_errors) => RecordEmploymentPayload {
                    status: RecordStatus::Refused,
                    employment: None,
                    user_errors,
                },
            })
        };
        Some(run.await)
    }

    /// Records up to 1,000 jobs in one transaction, each with a result of its own.
    async fn record_employments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The jobs.")] input: RecordEmploymentsInput,
    ) -> Option<Result<RecordEmploymentsPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let commands: Vec<Result<RecordEmployment, Misread>> = input
                .items
                .iter()
                .map(|item| item.read(ctx)?.read())
                .collect();
            let done = mutate(ctx, &policy::RECORD_MANY, key, &input, |tx| {
                service::record_many(tx, commands.clone())
            })
            .await?;
            Ok(match done {
                Ok(recorded) => RecordEmploymentsPayload {
                    results: results(ctx, recorded.items).await?,
                    user_errors: Vec::new(),
                },
                Err(user_errors) => RecordEmploymentsPayload {
                    results: Vec::new(),
                    user_errors,
                },
            })
        };
        Some(run.await)
    }

    /// Says that the origin has looked at a reported job: the first check of its township, on which
    /// the county decides.
    async fn check_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The check.")] input: CheckEmploymentInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let target = input.read(ctx)?;
            let done = mutate(ctx, &policy::CHECK, key, &input, |tx| {
                service::check(tx, target)
            })
            .await?;
            decided(ctx, target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Says which registered employer it is that a job's record only writes, by name or by a code
    /// that nobody had registered. From then on the job is among that employer's staff. A job that
    /// counts gets no employer with whom another one of the person counts on the same days
    /// (`ALREADY_CONFIRMED`).
    async fn resolve_employer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The employer.")] input: ResolveEmployerInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::RESOLVE_EMPLOYER, key, &input, |tx| {
                service::resolve_employer(tx, command.clone())
            })
            .await?;
            decided(ctx, command.target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Confirms a reported job, by the county of the person's origin, or that a confirmed one goes
    /// on, by that of either side. From the confirmation on the workplace county is the destination.
    /// What the origin has confirmed counts on its word, also where a month of insurance had come first.
    async fn confirm_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The confirmation.")] input: ConfirmEmploymentInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let target = input.read(ctx)?;
            let done = mutate(ctx, &policy::CONFIRM, key, &input, |tx| {
                service::confirm(tx, target)
            })
            .await?;
            decided(ctx, target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Ends a confirmed job, by either side or by the employer that signed it.
    async fn end_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndEmploymentInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::END, key, &input, |tx| {
                service::end(tx, command)
            })
            .await?;
            decided(ctx, command.target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Declares a record a mistake, by the county of the person's origin, or of either side where
    /// a month of insurance confirmed it. The record stays as history; nothing follows from it any more.
    async fn void_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The mistake.")] input: VoidEmploymentInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::VOID, key, &input, |tx| {
                service::void(tx, command.clone())
            })
            .await?;
            decided(ctx, command.target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Sends the county's confirmation of a job that goes on back to it, by the prefecture or the
    /// province of the person's origin. The job is only reported again: it counts nowhere until the
    /// county has decided anew with `confirmEmployment` or `voidEmployment`.
    async fn return_employment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The return.")] input: ReturnEmploymentInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::RETURN, key, &input, |tx| {
                service::return_to_county(tx, command.clone())
            })
            .await?;
            decided(ctx, command.target.id, done.err()).await
        };
        Some(run.await)
    }

    /// Adds a term to the contract of a job that goes on, by either side or by the employer that
    /// signed it.
    async fn renew_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The term.")] input: RenewContractInput,
    ) -> Option<Result<EmploymentPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::RENEW, key, &input, |tx| {
                service::renew(tx, command)
            })
            .await?;
            decided(ctx, command.target.id, done.err()).await
        };
        Some(run.await)
    }
}

/// The job anew, as the caller may see it now.
async fn shown(
    ctx: &Context<'_>,
    id: Option<EmploymentId>,
) -> Result<Option<EmploymentNode>, Error> {
    let found = match id {
        Some(id) => ctx.show_one::<EmploymentLoader, _>(id).await?,
        None => None,
    };
    Ok(found.map(|job| EmploymentNode::seen_by(ctx.caller(), job)))
}

async fn decided(
    ctx: &Context<'_>,
    id: EmploymentId,
    user_errors: Option<Vec<UserErrorObject>>,
) -> Result<EmploymentPayload, Error> {
    Ok(EmploymentPayload {
        done: user_errors.is_none(),
        employment: shown(ctx, Some(id)).await?,
        user_errors: user_errors.unwrap_or_default(),
    })
}

/// The results of a bulk request, their jobs loaded by one statement.
async fn results(
    ctx: &Context<'_>,
    items: Vec<Recorded>,
) -> Result<Vec<RecordEmploymentResult>, Error> {
    let ids = items.iter().filter_map(|item| item.employment);
    let jobs = ctx.show::<EmploymentLoader, _>(ids).await?;
    let locale = ctx.caller().request().locale;
    Ok((0_i32..)
        .zip(items)
        .map(|(index, item)| {
            let Recorded {
                status,
                employment,
                rejected,
            } = item;
            // Two items may have ended in one job.
            let job = employment.and_then(|id| jobs.get(&id)).cloned();
            RecordEmploymentResult {
                index,
                status,
                employment: job.map(|job| EmploymentNode::seen_by(ctx.caller(), job)),
                user_errors: rejected
                    .map(|rejected| item_error(index, &rejected, locale))
                    .into_iter()
                    .collect(),
            }
        })
        .collect())
}

fn item_error(index: i32, rejected: &ItemRejected, locale: Locale) -> UserErrorObject {
    let (field, code, text) = match rejected {
        ItemRejected::Misread(Misread { field, reason }) => {
            (field.clone(), reason.as_str(), reason.text())
        }
        ItemRejected::Refused(Rejected { field, rejection }) => {
            (vec![field.clone()], rejection.code(), rejection.text())
        }
    };
    UserErrorObject::of_item(("items", index), field, (code, &text), locale)
}
