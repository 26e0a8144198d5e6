//! Corrections of names in the schema.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::super::super::model::CorrectionKind;
use super::super::super::policy;
use super::super::super::service::{
    self, AfterCorrection, DecideCorrection, ProposeNameCorrection,
};
use super::super::mutations::seen as person_seen;
use super::super::objects::WorkerNode;
use super::{CorrectionNode, left_open, seen};
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// A name to be corrected.
#[derive(InputObject)]
pub struct ProposeNameCorrectionInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The person, registered in the caller's region.
    pub worker_id: ID,
    /// The right name, as on the resident id card; at most 200 characters.
    pub name: String,
    /// Why the present one is wrong, at most 200 characters. No personal data.
    pub reason: String,
    /// The version of the person that was read; with an older one nothing is proposed.
    pub version: i64,
}

/// A decision on a proposed correction of a name.
#[derive(InputObject)]
pub struct DecideNameCorrectionInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The proposal.
    pub correction_id: ID,
    /// True puts the proposed name in force, false refuses it.
    pub approve: bool,
    /// Why, at most 200 characters; kept in the trail. No personal data.
    pub reason: String,
    /// The version of the proposal that was read; with an older one nothing is decided.
    pub version: i64,
}

/// What `proposeNameCorrection` answers.
#[derive(SimpleObject)]
pub struct ProposeNameCorrectionPayload {
    /// The proposal; null when there is none.
    pub correction: Option<CorrectionNode>,
    /// The person as they are now, whether or not something was proposed.
    pub worker: Option<WorkerNode>,
    /// Why nothing was proposed; empty when something was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `decideNameCorrection` answers.
#[derive(SimpleObject)]
pub struct DecideNameCorrectionPayload {
    /// The proposal as it is now, whether or not it was decided; null when the caller does not
    /// reach the person.
    pub correction: Option<CorrectionNode>,
    /// Why it was not decided; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The part of the mutation root about corrections of names.
#[derive(Default)]
pub struct NameCorrectionMutations;

#[Object]
impl NameCorrectionMutations {
    /// Proposes to correct the name of a person registered in the caller's county. Nothing changes
    /// until a second person approves. One proposal of a name at a time is open per person.
    async fn propose_name_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ProposeNameCorrectionInput,
    ) -> Option<Result<ProposeNameCorrectionPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = ProposeNameCorrection {
                worker: ctx.id(&input.worker_id)?,
                name: input.name.clone(),
                reason: input.reason.clone(),
                version: input.version,
            };
            let done = mutate(ctx, &policy::PROPOSE_NAME_CORRECTION, key, &input, |tx| {
                service::propose_name_correction(tx, command.clone())
            })
            .await?;
            let (correction, user_errors) = match done {
                Ok(proposed) => (seen(ctx, proposed.correction).await?, Vec::new()),
                Err(user_errors) => (None, user_errors),
            };
            Ok(ProposeNameCorrectionPayload {
                correction,
                worker: person_seen(ctx, command.worker).await?,
                user_errors,
            })
        };
        Some(run.await)
    }

    /// Approves or refuses a proposed correction of a name, as somebody other than the proposer, of
    /// the same county or a region around it.
    async fn decide_name_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecideNameCorrectionInput,
    ) -> Option<Result<DecideNameCorrectionPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = DecideCorrection {
                correction: ctx.id(&input.correction_id)?,
                kind: CorrectionKind::Name,
                approve: input.approve,
                reason: input.reason.clone(),
                version: input.version,
            };
            let correction = command.correction;
            let after = *ctx.data_unchecked::<AfterCorrection>();
            let done = mutate(ctx, &policy::DECIDE_NAME_CORRECTION, key, &input, |tx| {
                service::decide_correction(tx, command.clone(), after)
            })
            .await?;
            Ok(DecideNameCorrectionPayload {
                correction: seen(ctx, correction).await?,
                user_errors: match done {
                    Ok(decision) => left_open(ctx, decision).into_iter().collect(),
                    Err(user_errors) => user_errors,
                },
            })
        };
        Some(run.await)
    }
}
