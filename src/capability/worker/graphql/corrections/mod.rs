//! Corrections of resident ids and names in the schema: a county's work list, proposals and decisions.

mod names;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::super::error::WorkerRejection;
use super::super::model::{Correction, CorrectionKind, CorrectionState};
use super::super::policy;
use super::super::service::{self, AfterCorrection, DecideCorrection, Decision, ProposeCorrection};
use super::loaders::CorrectionLoader;
use super::mutations::seen as person_seen;
use super::objects::WorkerNode;
pub use names::{
    DecideNameCorrectionPayload, NameCorrectionMutations, ProposeNameCorrectionPayload,
};

use crate::kernel::error::UserError;
use crate::kernel::ids::{self, CorrectionId, WorkerId};
use crate::kernel::page::PageRequest;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, DateTime, UserErrorObject, mutate};

/// A proposed correction of a person's resident id or name.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Correction", complex)]
pub struct CorrectionNode {
    #[graphql(skip)]
    pub(crate) worker_key: WorkerId,
    /// Opaque id of the record.
    pub id: ID,
    /// What it puts right, and so by which mutation it is decided.
    pub kind: CorrectionKind,
    /// How far it has come.
    pub state: CorrectionState,
    /// The proposed resident id, masked; the present one is `worker.residentIdMask`. Null for a name.
    pub resident_id_mask: Option<String>,
    /// The proposed name; the present one is `worker.name`. Null for a resident id.
    pub name: Option<String>,
    /// Why the present one is wrong, in the proposer's words.
    pub reason: String,
    /// Subject of the token that proposed it, who cannot decide it.
    pub proposed_by: String,
    /// When it was proposed.
    pub proposed_at: DateTime,
    /// Subject of the token that decided it; null while it is open.
    pub decided_by: Option<String>,
    /// When it was decided; null while it is open.
    pub decided_at: Option<DateTime>,
    /// Grows by one with every change; give it back in a decision.
    pub version: i64,
}

impl From<Correction> for CorrectionNode {
    fn from(correction: Correction) -> Self {
        let Correction {
            id,
            worker,
            kind,
            state,
            proposed,
            reason,
            proposed_by,
            proposed_at,
            decided_by,
            decided_at,
            version,
        } = correction;
        let (resident_id_mask, name) = match kind {
            CorrectionKind::ResidentId => (Some(proposed), None),
            CorrectionKind::Name => (None, Some(proposed)),
        };
        Self {
            worker_key: worker,
            id: ID(ids::encode(id)),
            kind,
            state,
            resident_id_mask,
            name,
            reason,
            proposed_by,
            proposed_at: DateTime(proposed_at),
            decided_by,
            decided_at: decided_at.map(DateTime),
            version,
        }
    }
}

connection!(
    CorrectionNode,
    CorrectionConnection,
    CorrectionEdge,
    "proposed corrections"
);

/// A resident id to be corrected.
#[derive(InputObject)]
pub struct ProposeResidentIdCorrectionInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The person, registered in the caller's region.
    pub worker_id: ID,
    /// The right resident id of 18 characters, or an old one of 15.
    pub resident_id: String,
    /// Why the present one is wrong, at most 200 characters. No personal data.
    pub reason: String,
    /// The version of the person that was read; with an older one nothing is proposed.
    pub version: i64,
}

/// A decision on a proposed correction.
#[derive(InputObject)]
pub struct DecideResidentIdCorrectionInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The proposal.
    pub correction_id: ID,
    /// True puts the proposed id in force, false refuses it.
    pub approve: bool,
    /// Why, at most 200 characters; kept in the trail. No personal data.
    pub reason: String,
    /// The version of the proposal that was read; with an older one nothing is decided.
    pub version: i64,
}

/// What `proposeResidentIdCorrection` answers.
#[derive(SimpleObject)]
pub struct ProposeResidentIdCorrectionPayload {
    /// The proposal; null when there is none.
    pub correction: Option<CorrectionNode>,
    /// The person as they are now, whether or not something was proposed.
    pub worker: Option<WorkerNode>,
    /// Why nothing was proposed; empty when something was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `decideResidentIdCorrection` answers.
#[derive(SimpleObject)]
pub struct DecideResidentIdCorrectionPayload {
    /// The proposal as it is now, whether or not it was decided; null when the caller does not
    /// reach the person.
    pub correction: Option<CorrectionNode>,
    /// Why it was not decided; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The corrections' part of the query root.
#[derive(Default)]
pub struct CorrectionQueries;

#[Object]
impl CorrectionQueries {
    /// Proposed corrections of the resident ids and names of the caller's registered people, the oldest
    /// first: what a county has to decide. A list is recorded as one entry.
    async fn corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state; all when absent.")] state: Option<
            CorrectionState,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<CorrectionConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ_CORRECTIONS)?;
            let request = PageRequest::<CorrectionId>::parse(first, after.as_deref())
                .map_err(|failure| ctx.refuse(&failure))?;
            let page = service::list_corrections(&session, state, &request)
                .await
                .map_err(|failure| ctx.refuse(&failure))?;
            Ok(CorrectionConnection::from_page(
                page,
                |correction| correction.id,
                CorrectionNode::from,
            ))
        };
        Some(read.await)
    }
}

/// The corrections' part of the mutation root.
#[derive(Default)]
pub struct CorrectionMutations;

#[Object]
impl CorrectionMutations {
    /// Proposes to correct the resident id of a person registered in the caller's county. Nothing
    /// changes until a second person approves. One proposal of an id at a time is open per person.
    async fn propose_resident_id_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ProposeResidentIdCorrectionInput,
    ) -> Option<Result<ProposeResidentIdCorrectionPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = ProposeCorrection {
                worker: ctx.id(&input.worker_id)?,
                resident_id: input.resident_id.clone(),
                reason: input.reason.clone(),
                version: input.version,
            };
            let done = mutate(ctx, &policy::PROPOSE_CORRECTION, key, &input, |tx| {
                service::propose_correction(tx, command.clone())
            })
            .await?;
            let (correction, user_errors) = match done {
                Ok(proposed) => (seen(ctx, proposed.correction).await?, Vec::new()),
                Err(user_errors) => (None, user_errors),
            };
            Ok(ProposeResidentIdCorrectionPayload {
                correction,
                worker: person_seen(ctx, command.worker).await?,
                user_errors,
            })
        };
        Some(run.await)
    }

    /// Approves or refuses a proposed correction, as somebody other than the proposer, of the same
    /// county or a region around it. An approved id that somebody else has leaves the proposal
    /// open. Insurance months and statements that came under the former id are set aside: they are
    /// about whoever holds it, as are deaths that an agency reported, which are taken back. Jobs that
    /// insurance confirmed are only reported again, and the agencies are asked for what they know under
    /// the right id.
    async fn decide_resident_id_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecideResidentIdCorrectionInput,
    ) -> Option<Result<DecideResidentIdCorrectionPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = DecideCorrection {
                correction: ctx.id(&input.correction_id)?,
                kind: CorrectionKind::ResidentId,
                approve: input.approve,
                reason: input.reason.clone(),
                version: input.version,
            };
            let correction = command.correction;
            let after = *ctx.data_unchecked::<AfterCorrection>();
            let done = mutate(ctx, &policy::DECIDE_CORRECTION, key, &input, |tx| {
                service::decide_correction(tx, command.clone(), after)
            })
            .await?;
            Ok(DecideResidentIdCorrectionPayload {
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

/// What the caller is told when an approval left the proposal open.
fn left_open(ctx: &Context<'_>, decision: Decision) -> Option<UserErrorObject> {
    let rejection = match decision {
        Decision::Decided => return None,
        Decision::Known => WorkerRejection::RegisteredHere,
        Decision::NotConfirmed => WorkerRejection::IdentityNotConfirmed,
        Decision::QuotaUsed => WorkerRejection::DisclosureQuotaUsed,
    };
    let error = UserError::at(&["input", "correctionId"], &rejection);
    let locale = ctx.caller().request().locale;
    Some(UserErrorObject::of(&error, locale))
}

/// The proposal anew, as the caller may see it now.
async fn seen(ctx: &Context<'_>, id: CorrectionId) -> Result<Option<CorrectionNode>, Error> {
    let found = ctx.show_one::<CorrectionLoader, _>(id).await?;
    Ok(found.map(Into::into))
}
