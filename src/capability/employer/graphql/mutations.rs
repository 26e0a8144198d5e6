//! Root fields that change employers.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::super::model::EmployerLineOutcome;
use super::super::service::{
    self, EmployerDone, LineResult, RegisterEmployer, StatusLine, StatusesSubmitted,
};
use super::super::{policy, public};
use super::inputs::{
    RecordAccreditationInput, RegisterEmployerInput, SubmitEmployerStatusesInput,
    UpdateEmployerInput,
};
use super::loaders::EmployerLoader;
use super::objects::EmployerNode;
use crate::kernel::error::Locale;
use crate::kernel::ids::{self, EmployerId};
use crate::kernel::unreadable::Misread;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `registerEmployer` answers.
#[derive(SimpleObject)]
pub struct RegisterEmployerPayload {
    /// The employer; the one that exists when the credit code was known, null when there is none.
    pub employer: Option<EmployerNode>,
    /// Why nothing was registered; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `updateEmployer` answers.
#[derive(SimpleObject)]
pub struct UpdateEmployerPayload {
    /// The employer as it is now, whether or not it was changed.
    pub employer: Option<EmployerNode>,
    /// Why nothing was changed; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `recordAccreditation` answers.
#[derive(SimpleObject)]
pub struct RecordAccreditationPayload {
    /// The employer as it is now, whether or not the accreditation was recorded.
    pub employer: Option<EmployerNode>,
    /// Why nothing was recorded; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `submitEmployerStatuses` answers.
#[derive(Default, SimpleObject)]
pub struct SubmitEmployerStatusesPayload {
    /// Id of the delivery; null when it was not taken.
    pub submission_id: Option<ID>,
    /// Items that changed something.
    pub accepted: i32,
    /// Items that were known already.
    pub unchanged: i32,
    /// Items about employers that nobody has registered; nothing of them was kept.
    pub dropped: i32,
    /// Items with an error.
    pub refused: i32,
    /// One result per item, in the order of the input; the four counts add up to their number.
    pub results: Vec<EmployerStatusResult>,
    /// Why the whole delivery was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What became of one item of a delivery.
#[derive(SimpleObject)]
pub struct EmployerStatusResult {
    /// Place of the item in the input, from 0.
    pub index: i32,
    /// How it ended.
    pub outcome: EmployerLineOutcome,
    /// Why it was not taken; null when it was.
    pub error: Option<UserErrorObject>,
}

/// The employers' part of the mutation root.
#[derive(Default)]
pub struct EmployerMutations;

#[Object]
impl EmployerMutations {
    /// Registers an employer whose credit code nobody has registered before.
    async fn register_employer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The employer.")] input: RegisterEmployerInput,
    ) -> Option<Result<RegisterEmployerPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = RegisterEmployer::from(&input);
            let done = mutate(ctx, &policy::REGISTER, key, &input, |tx| {
                service::register(tx, command.clone())
            })
            .await?;
            let (id, user_errors) = match done {
                Ok(EmployerDone { employer_id, .. }) => (Some(employer_id), Vec::new()),
                Err(user_errors) => (registered(ctx, &input).await?, user_errors),
            };
            Ok(RegisterEmployerPayload {
                employer: match id {
                    Some(id) => seen(ctx, id).await?,
                    None => None,
                },
                user_errors,
            })
        };
        Some(run.await)
    }

    /// Corrects name, legal kind or seat of an employer seated in the caller's region. A seat moves
    /// between two regions by a level that encloses both. One that is only known to be in a prefecture
    /// or in the province is moved into a county of it by that county, whose employer it is from then on.
    async fn update_employer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: UpdateEmployerInput,
    ) -> Option<Result<UpdateEmployerPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::UPDATE, key, &input, |tx| {
                service::update(tx, command.clone())
            })
            .await?;
            Ok(UpdateEmployerPayload {
                employer: seen(ctx, command.id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Takes market regulation's statements about standings and legal representatives, up to 1,000
    /// at once. The same statements again change nothing.
    async fn submit_employer_statuses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery.")] input: SubmitEmployerStatusesInput,
    ) -> Option<Result<SubmitEmployerStatusesPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let lines: Vec<Result<StatusLine, Misread>> = input
                .items
                .iter()
                .map(|item| item.read(ctx).map(Into::into))
                .collect();
            let done = mutate(ctx, &policy::SUBMIT_STATUSES, key, &input, |tx| {
                service::submit_statuses(tx, lines.clone())
            })
            .await?;
            Ok(match done {
                Ok(submitted) => delivered(submitted, ctx.caller().request().locale),
                Err(user_errors) => SubmitEmployerStatusesPayload {
                    user_errors,
                    ..SubmitEmployerStatusesPayload::default()
                },
            })
        };
        Some(run.await)
    }

    /// Records what an employer seated in the caller's region is accredited as, or ends it.
    async fn record_accreditation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The accreditation.")] input: RecordAccreditationInput,
    ) -> Option<Result<RecordAccreditationPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::RECORD_ACCREDITATION, key, &input, |tx| {
                service::record_accreditation(tx, command.clone())
            })
            .await?;
            Ok(RecordAccreditationPayload {
                employer: seen(ctx, command.employer_id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }
}

/// The employer that has the credit code of an input, if one has.
async fn registered(
    ctx: &Context<'_>,
    input: &RegisterEmployerInput,
) -> Result<Option<EmployerId>, Error> {
    let session = ctx.reading(&policy::LOAD)?;
    let found = public::find_by_credit_code(&session, &input.credit_code).await;
    found
        .map(|employer| employer.map(|employer| employer.id))
        .map_err(|failure| ctx.refuse(&failure))
}

/// The employer anew, as the caller may see it now.
async fn seen(ctx: &Context<'_>, id: EmployerId) -> Result<Option<EmployerNode>, Error> {
    let found = ctx.show_one::<EmployerLoader, _>(id).await?;
    Ok(found.map(Into::into))
}

fn delivered(submitted: StatusesSubmitted, locale: Locale) -> SubmitEmployerStatusesPayload {
    let counts = submitted.counts();
    let results = (0_i32..).zip(submitted.lines).map(|(index, line)| {
        let LineResult { outcome, rejection } = line;
        let error = rejection.map(|rejection| {
            let why = (rejection.code(), &rejection.text());
            UserErrorObject::of_item(("items", index), rejection.field(), why, locale)
        });
        EmployerStatusResult {
            index,
            outcome,
            error,
        }
    });
    SubmitEmployerStatusesPayload {
        submission_id: Some(ID(ids::encode(submitted.submission_id))),
        accepted: counts.accepted,
        unchanged: counts.unchanged,
        dropped: counts.dropped,
        refused: counts.refused,
        results: results.collect(),
        user_errors: Vec::new(),
    }
}
