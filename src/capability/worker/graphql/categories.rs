//! Agriculture's deliveries of household categories in the schema.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::super::model::{CategoryItemOutcome, PovertyCategory};
use super::super::policy;
use super::super::service::{self, CategoriesSubmitted, CategoryItem, CategoryItemResult};
use crate::kernel::error::Locale;
use crate::kernel::ids;
use crate::kernel::region_code::RegionCode;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::{ContextExt as _, Date, Item, UserErrorObject, mutate};

/// One statement: a household holds a category from a day on. Name the household either by
/// `householdNumber` and `county`, or by `residentId`.
#[derive(InputObject)]
pub struct CategoryItemInput {
    /// The county's number for the household.
    pub household_number: Option<String>,
    /// Code of the county of that number.
    pub county: Option<RegionCode>,
    /// Resident id of any member, 18 characters or an old one of 15.
    pub resident_id: Option<String>,
    /// The category. Several may hold at once, each by a statement of its own.
    pub category: PovertyCategory,
    /// First day it holds, not in the future.
    pub since: Date,
    /// Last day it held, not in the future; null while it holds.
    pub until: Option<Date>,
}

impl From<&CategoryItemInput> for CategoryItem {
    fn from(input: &CategoryItemInput) -> Self {
        let CategoryItemInput {
            household_number,
            county,
            resident_id,
            category,
            since,
            until,
        } = input;
        Self {
            number: household_number.clone(),
            county: *county,
            resident_id: resident_id.clone(),
            category: *category,
            since: since.0,
            until: until.map(|day| day.0),
        }
    }
}

/// A delivery of categories.
#[derive(InputObject)]
pub struct SubmitCategoriesInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The statements, 1 to 1,000; all are taken in one transaction, each with a result of its own.
    pub items: Vec<Item<CategoryItemInput>>,
}

/// What became of one item of a delivery.
#[derive(SimpleObject)]
#[graphql(name = "CategoryItemResult")]
pub struct CategoryItemResultObject {
    /// Place of the item in the input, from 0.
    pub index: i32,
    /// How it ended.
    pub outcome: CategoryItemOutcome,
    /// Why it was not taken; null when it was.
    pub error: Option<UserErrorObject>,
}

/// What `submitCategories` answers.
#[derive(Default, SimpleObject)]
pub struct SubmitCategoriesPayload {
    /// Id of the delivery; null when it was not taken.
    pub submission_id: Option<ID>,
    /// Items that changed something.
    pub applied: i32,
    /// Items that stood already.
    pub unchanged: i32,
    /// Items about households that are not registered within the agency's reach.
    pub unknown: i32,
    /// Items with an error.
    pub refused: i32,
    /// One result per item, in the order of the input; the four counts add up to their number.
    pub results: Vec<CategoryItemResultObject>,
    /// Why the whole delivery was not taken; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// The categories' part of the mutation root.
#[derive(Default)]
pub struct CategoryMutations;

#[Object]
impl CategoryMutations {
    /// Takes a delivery of household categories from agriculture, their sole master. Its first
    /// word about a household supersedes what the county stated provisionally; a later word about
    /// the same category supersedes an earlier one whose days it shares. History is kept. The same
    /// delivery again changes nothing.
    async fn submit_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delivery.")] input: SubmitCategoriesInput,
    ) -> Option<Result<SubmitCategoriesPayload, Error>> {
        let run = async {
            let key = input.idempotency_key.as_deref();
            let items: Vec<Result<CategoryItem, Misread>> = input
                .items
                .iter()
                .map(|item| item.read(ctx).map(Into::into))
                .collect();
            let done = mutate(ctx, &policy::SUBMIT_CATEGORIES, key, &input, |tx| {
                service::submit_categories(tx, items.clone())
            })
            .await?;
            Ok(match done {
                Ok(submitted) => delivered(submitted, ctx.caller().request().locale),
                Err(user_errors) => SubmitCategoriesPayload {
                    user_errors,
                    ..SubmitCategoriesPayload::default()
                },
            })
        };
        Some(run.await)
    }
}

fn delivered(submitted: CategoriesSubmitted, locale: Locale) -> SubmitCategoriesPayload {
    let counts = submitted.counts();
    let results = (0_i32..).zip(submitted.results).map(|(index, result)| {
        let CategoryItemResult { outcome, rejection } = result;
        let error = rejection.map(|rejection| {
            let why = (rejection.code(), &rejection.text());
            UserErrorObject::of_item(("items", index), rejection.field(), why, locale)
        });
        CategoryItemResultObject {
            index,
            outcome,
            error,
        }
    });
    SubmitCategoriesPayload {
        submission_id: Some(ID(ids::encode(submitted.submission))),
        applied: counts.accepted,
        unchanged: counts.unchanged,
        unknown: counts.dropped,
        refused: counts.refused,
        results: results.collect(),
        user_errors: Vec::new(),
    }
}
