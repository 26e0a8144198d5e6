//! Root fields that change insurance data.

use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use secrecy::ExposeSecret as _;

use super::super::service::requery::{self, Taken};
use super::super::service::{self, ContributionLine, Delivered, FactLine};
use super::super::{error::LineRejection, policy};
use super::DeliveryLineOutcome;
use super::inputs::{SubmitContributionsInput, SubmitInsuranceFactsInput, TakeRequeryListInput};
use crate::capability::worker::public::Identity;
use crate::kernel::error::Locale;
use crate::kernel::ids;
use crate::kernel::page::PageRequest;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `submitContributions` answers. Nothing in it depends on who is registered: rows about
/// people who are not are dropped without a word.
#[derive(Default, SimpleObject)]
pub struct SubmitContributionsPayload {
    /// Id of the delivery; null when it was not taken.
    pub submission_id: Option<ID>,
    /// Items that are well formed.
    pub received: i32,
    /// Items with an error.
    pub refused: i32,
    /// One result per item, in the order of the input.
    pub results: Vec<DeliveryLineResult>,
    /// Why the whole delivery was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `submitInsuranceFacts` answers. Nothing in it depends on who is registered: statements
/// about people who are not are dropped without a word.
#[derive(Default, SimpleObject)]
pub struct SubmitInsuranceFactsPayload {
    /// Id of the delivery; null when it was not taken.
    pub submission_id: Option<ID>,
    /// Items that are well formed.
    pub received: i32,
    /// Items with an error.
    pub refused: i32,
    /// One result per item, in the order of the input.
    pub results: Vec<DeliveryLineResult>,
    /// Why the whole delivery was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What became of the form of one item of a delivery.
#[derive(SimpleObject)]
pub struct DeliveryLineResult {
    /// Place of the item in the input, from 0.
    pub index: i32,
    /// Received or refused.
    pub outcome: DeliveryLineOutcome,
    /// Why it was refused; null when it was received.
    pub error: Option<UserErrorObject>,
}

/// What `takeRequeryList` answers.
#[derive(Default, SimpleObject)]
pub struct TakeRequeryListPayload {
    /// The people taken, the longest registered first; empty when nobody is waiting.
    pub people: Vec<RequeryPersonObject>,
    /// Whether others are waiting.
    pub has_more: bool,
    /// Why nobody was taken; empty when the list was read.
    pub user_errors: Vec<UserErrorObject>,
}

/// Somebody registered, or given their right resident id, after the agency's rows about them were
/// dropped: all of their rows should be sent again.
#[derive(SimpleObject)]
#[graphql(name = "RequeryPerson")]
pub struct RequeryPersonObject {
    /// Resident id in full, 18 characters. Handing it out is in the trail.
    pub resident_id: String,
    /// Name as registered.
    pub name: String,
}

impl From<Identity> for RequeryPersonObject {
    fn from(person: Identity) -> Self {
        let Identity {
            id: _,
            name,
            resident_id,
        } = person;
        Self {
            resident_id: resident_id.expose_secret().to_owned(),
            name,
        }
    }
}

/// Insurance's part of the mutation root.
#[derive(Default)]
pub struct InsuranceMutations;

#[Object]
impl InsuranceMutations {
    /// Takes insurance months, up to 1,000 at once: social insurance sends pension, unemployment
    /// and work injury, medical security sends medical and maternity, tax sends any. The same rows
    /// again change nothing, whoever sends them. A month of a person and employer confirms a job
    /// that has been reported. Of an agency limited to a region only what is about people or
    /// employers of that region is kept; the answer does not tell.
    async fn submit_contributions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery.")] input: SubmitContributionsInput,
    ) -> Option<Result<SubmitContributionsPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let lines: Vec<ContributionLine> = input.items.iter().map(Into::into).collect();
            let done = mutate(ctx, &policy::SUBMIT_CONTRIBUTIONS, key, &input, |tx| {
                service::submit_contributions(tx, lines.clone())
            })
            .await?;
            Ok(match done {
                Ok(delivered) => {
                    let shown = Shown::of(delivered, ctx.caller().request().locale);
                    SubmitContributionsPayload {
                        submission_id: Some(shown.submission_id),
                        received: shown.received,
                        refused: shown.refused,
                        results: shown.results,
                        user_errors: Vec::new(),
                    }
                }
                Err(user_errors) => SubmitContributionsPayload {
                    user_errors,
                    ..SubmitContributionsPayload::default()
                },
            })
        };
        Some(run.await)
    }

    /// Takes enrolment and stop dates, arrears and pensions in payment, up to 1,000 at once, from
    /// the same agencies as months. The same statements again change nothing. Of an agency limited
    /// to a region only what is about people or employers of that region is kept.
    async fn submit_insurance_facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery.")] input: SubmitInsuranceFactsInput,
    ) -> Option<Result<SubmitInsuranceFactsPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let lines: Vec<Result<FactLine, Misread>> = input
                .items
                .iter()
                .map(|item| item.read(ctx).map(Into::into))
                .collect();
            let done = mutate(ctx, &policy::SUBMIT_FACTS, key, &input, |tx| {
                service::submit_facts(tx, lines.clone())
            })
            .await?;
            Ok(match done {
                Ok(delivered) => {
                    let shown = Shown::of(delivered, ctx.caller().request().locale);
                    SubmitInsuranceFactsPayload {
                        submission_id: Some(shown.submission_id),
                        received: shown.received,
                        refused: shown.refused,
                        results: shown.results,
                        user_errors: Vec::new(),
                    }
                }
                Err(user_errors) => SubmitInsuranceFactsPayload {
                    user_errors,
                    ..SubmitInsuranceFactsPayload::default()
                },
            })
        };
        Some(run.await)
    }

    /// Takes people from the agency's re-query list: those registered after it first delivered
    /// months or dates, of whose insurances nothing is known, and those whose resident id was corrected. Their
    /// resident ids are handed out in full, so that their rows can be sent again; each is an entry
    /// of the trail, and each person is handed out once, after a correction once more. An agency limited to a region gets the people registered there.
    async fn take_requery_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How much of it.")] input: TakeRequeryListInput,
    ) -> Option<Result<TakeRequeryListPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            // Whatever does not fit is too many.
            let first = input.first.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
            let request =
                PageRequest::<()>::parse(first, None).map_err(|failure| ctx.refuse(&failure))?;
            let handed_out_now = AtomicBool::new(false);
            let done = mutate(ctx, &policy::TAKE_REQUERY, key, &input, |tx| async {
                let taken = requery::take(tx, request.first).await?;
                // Not before: of two at once with one key, the other may be the one that stands.
                handed_out_now.store(true, Ordering::Relaxed);
                Ok(taken)
            })
            .await?;
            let Taken { people, has_more } = match done {
                Ok(taken) => taken,
                Err(user_errors) => {
                    return Ok(TakeRequeryListPayload {
                        user_errors,
                        ..TakeRequeryListPayload::default()
                    });
                }
            };
            let session = ctx.reading(&policy::READ_REQUERY)?;
            let show = async {
                if !handed_out_now.load(Ordering::Relaxed) {
                    requery::shown_again(&session, &people).await?;
                }
                requery::taken(&session, &people).await
            };
            let shown = show.await.map_err(|failure| ctx.refuse(&failure))?;
            Ok(TakeRequeryListPayload {
                people: shown.into_iter().map(Into::into).collect(),
                has_more,
                user_errors: Vec::new(),
            })
        };
        Some(run.await)
    }
}

/// A delivery as both payloads show it.
struct Shown {
    submission_id: ID,
    received: i32,
    refused: i32,
    results: Vec<DeliveryLineResult>,
}

impl Shown {
    fn of(delivered: Delivered, locale: Locale) -> Self {
        let Delivered {
            submission_id,
            lines,
        } = delivered;
        let results: Vec<DeliveryLineResult> = (0_i32..)
            .zip(lines)
            .map(|(index, rejection)| result_of(index, rejection.as_ref(), locale))
            .collect();
        let count = |wanted| {
            let found = results.iter().filter(|result| result.outcome == wanted);
            i32::try_from(found.count()).expect("a delivery has at most a thousand lines")
        };
        Self {
            submission_id: ID(ids::encode(submission_id)),
            received: count(DeliveryLineOutcome::Received),
            refused: count(DeliveryLineOutcome::Refused),
            results,
        }
    }
}

fn result_of(index: i32, rejection: Option<&LineRejection>, locale: Locale) -> DeliveryLineResult {
    let error = rejection.map(|rejection| {
        let why = (rejection.code(), &rejection.text());
        UserErrorObject::of_item(("items", index), rejection.field(), why, locale)
    });
    DeliveryLineResult {
        index,
        outcome: match rejection {
            Some(_) => DeliveryLineOutcome::Refused,
            None => DeliveryLineOutcome::Received,
        },
        error,
    }
}
