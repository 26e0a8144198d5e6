//! Comparing lists with the records: the root field and its answer.

use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::{Context, Error, Object, SimpleObject};

use super::super::policy;
use super::super::service::{self, MatchRecords, Matched, MatchedValue};
use super::inputs::MatchRecordsInput;
use crate::kernel::error::Locale;
use crate::kernel::ids::WorkerId;
use crate::platform::gql::{ContextExt as _, UserErrorObject, mutate};

/// What `matchRecords` answers. The values are not repeated in it.
#[derive(Default, SimpleObject)]
pub struct MatchRecordsPayload {
    /// Values that belong to somebody of the registry.
    pub matched: i32,
    /// Values that belong to nobody of the registry.
    pub unmatched: i32,
    /// Values with an error.
    pub invalid: i32,
    /// One result per value, in the order of the input; the three counts add up to their number.
    pub results: Vec<RecordMatchObject>,
    /// Why nothing was compared; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What became of one value of a list.
#[derive(SimpleObject)]
#[graphql(name = "RecordMatch", complex)]
pub struct RecordMatchObject {
    /// Whom it belongs to; `None` for a value that was not compared.
    #[graphql(skip)]
    pub(crate) people: Option<Vec<WorkerId>>,
    /// Place of the value in the input, from 0.
    pub index: i32,
    /// Why it was not compared; null when it was.
    pub error: Option<UserErrorObject>,
}

/// Matching's part of the mutation root.
#[derive(Default)]
pub struct MatchingMutations;

#[Object]
impl MatchingMutations {
    /// Compares up to 1,000 resident ids or bank accounts with the records, for a purpose that
    /// stays in the trail, and answers whom they belong to, masked. Everybody found reads it in
    /// the own access log. A list that finds more than 2,000 people is refused.
    async fn match_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list and what it is compared for.")] input: MatchRecordsInput,
    ) -> Option<Result<MatchRecordsPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let command = MatchRecords::from(&input);
            let matched_now = AtomicBool::new(false);
            let done = mutate(ctx, &policy::MATCH, key, &input, |tx| async {
                let matched = service::match_records(tx, command.clone()).await?;
                // Not before: of two at once with one key, the other may be the one that stands.
                matched_now.store(true, Ordering::Relaxed);
                Ok(matched)
            })
            .await?;
            let matched = match done {
                Ok(matched) => matched,
                Err(user_errors) => {
                    return Ok(MatchRecordsPayload {
                        user_errors,
                        ..MatchRecordsPayload::default()
                    });
                }
            };
            if !matched_now.load(Ordering::Relaxed) {
                let session = ctx.reading(&policy::SEE_MATCHED)?;
                let told = service::shown_again(&session, &matched).await;
                told.map_err(|failure| ctx.refuse(&failure))?;
            }
            Ok(shown(matched, ctx.caller().request().locale))
        };
        Some(run.await)
    }
}

fn shown(matched: Matched, locale: Locale) -> MatchRecordsPayload {
    let [found, unmatched, invalid] = matched
        .counts()
        .map(|count| i32::try_from(count).expect("a list has at most a thousand values"));
    let results = (0_i32..).zip(matched.values).map(|(index, value)| {
        let (people, error) = match value {
            MatchedValue::Compared(people) => (Some(people), None),
            MatchedValue::Invalid(rejection) => {
                let error = UserErrorObject {
                    field: ["input", "values", &index.to_string()]
                        .map(str::to_owned)
                        .to_vec(),
                    code: rejection.code().to_owned(),
                    message: rejection.text().in_locale(locale).to_owned(),
                };
                (None, Some(error))
            }
        };
        RecordMatchObject {
            people,
            index,
            error,
        }
    });
    MatchRecordsPayload {
        matched: found,
        unmatched,
        invalid,
        results: results.collect(),
        user_errors: Vec::new(),
    }
}
