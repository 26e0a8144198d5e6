//! Root fields that change findings.

use async_graphql::{Context, Error, Object, SimpleObject};

use super::super::policy;
use super::super::service::{self, FindingDone};
use super::inputs::{
    AnswerFindingInput, CloseFindingInput, RecordFindingInput, ReopenFindingInput,
};
use super::loaders::FindingLoader;
use super::objects::FindingNode;
use crate::kernel::ids::FindingId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `recordFinding` answers.
#[derive(SimpleObject)]
pub struct RecordFindingPayload {
    /// The finding; null when none was recorded.
    pub finding: Option<FindingNode>,
    /// Why nothing was recorded; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `answerFinding` answers.
#[derive(SimpleObject)]
pub struct AnswerFindingPayload {
    /// The finding as it is now, whether or not it was answered.
    pub finding: Option<FindingNode>,
    /// Why it was not answered; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `closeFinding` answers.
#[derive(SimpleObject)]
pub struct CloseFindingPayload {
    /// The finding as it is now, whether or not it was closed.
    pub finding: Option<FindingNode>,
    /// Why it was not closed; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `reopenFinding` answers.
#[derive(SimpleObject)]
pub struct ReopenFindingPayload {
    /// The finding as it is now, whether or not it was reopened.
    pub finding: Option<FindingNode>,
    /// Why it was not reopened; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The findings' part of the mutation root.
#[derive(Default)]
pub struct FindingMutations;

#[Object]
impl FindingMutations {
    /// Records an auditor's finding, which the responsible county then has to answer.
    async fn record_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The finding.")] input: RecordFindingInput,
    ) -> Option<Result<RecordFindingPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::RECORD, key, &input, |tx| {
                service::record(tx, command.clone())
            })
            .await?;
            let (finding, user_errors) = match done {
                Ok(FindingDone { finding_id }) => (seen(ctx, finding_id).await?, Vec::new()),
                Err(user_errors) => (None, user_errors),
            };
            Ok(RecordFindingPayload {
                finding,
                user_errors,
            })
        };
        Some(run.await)
    }

    /// Answers an open finding for the responsible county. The auditor then decides or asks again.
    async fn answer_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: AnswerFindingInput,
    ) -> Option<Result<AnswerFindingPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::ANSWER, key, &input, |tx| {
                service::answer(tx, command.clone())
            })
            .await?;
            Ok(AnswerFindingPayload {
                finding: seen(ctx, command.id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Decides what comes of an answered finding, or withdraws one that nobody has answered.
    async fn close_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: CloseFindingInput,
    ) -> Option<Result<CloseFindingPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let outcome = input.outcome;
            let done = mutate(ctx, &policy::CLOSE, key, &input, |tx| {
                service::close(tx, command.clone(), outcome)
            })
            .await?;
            Ok(CloseFindingPayload {
                finding: seen(ctx, command.id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }

    /// Asks the responsible county for another answer; earlier ones stay among the steps.
    async fn reopen_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is missing.")] input: ReopenFindingInput,
    ) -> Option<Result<ReopenFindingPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = input.read(ctx)?;
            let done = mutate(ctx, &policy::REOPEN, key, &input, |tx| {
                service::reopen(tx, command.clone())
            })
            .await?;
            Ok(ReopenFindingPayload {
                finding: seen(ctx, command.id).await?,
                user_errors: done.err().unwrap_or_default(),
            })
        };
        Some(run.await)
    }
}

/// The finding anew, as the caller may see it now.
async fn seen(ctx: &Context<'_>, id: FindingId) -> Result<Option<FindingNode>, Error> {
    let found = ctx.show_one::<FindingLoader, _>(id).await?;
    Ok(found.map(Into::into))
}
