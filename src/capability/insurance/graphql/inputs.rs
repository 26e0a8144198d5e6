//! Inputs of the mutations about insurance. Values of a month that a line can get wrong are plain
//! strings: agencies' systems know several ways to write them.

use async_graphql::InputObject;

use super::super::model::{EntryKind, InsuranceFactKind, InsuranceKind};
use super::super::service::{ContributionLine, FactLine, PartyLine};
use crate::platform::gql::{Date, Item};

/// One row of a delivery of months.
#[derive(InputObject)]
pub struct ContributionItemInput {
    /// Resident id of the insured person, 18 characters or an old one of 15.
    pub resident_id: String,
    /// Unified social credit code of the employer, the unit that employs and insures; absent for a
    /// flexible payer.
    pub employer_credit_code: Option<String>,
    /// Name of the employer, 1 to 200 characters; needed when nobody has registered it. It is then
    /// entered with this name; a registered one keeps its own.
    pub employer_name: Option<String>,
    /// Unified social credit code of the head office that paid for the employer; absent when the
    /// employer or the person paid.
    pub payer_credit_code: Option<String>,
    /// Name of the head office, as `employerName`.
    pub payer_name: Option<String>,
    /// Which insurance; one that the agency speaks for.
    pub kind: InsuranceKind,
    /// Normal month, arrears, refund or correction.
    pub entry: EntryKind,
    /// Month it is for, `YYYY-MM`, not after this month.
    pub period_month: String,
    /// Month it was posted in, `YYYY-MM`, from `periodMonth` to this month.
    pub posting_month: String,
    /// Contribution base in yuan, such as `"4000.00"`, 0 to ten million.
    pub base: String,
    /// Employer's share in yuan: 0 or above for payments, 0 or below for refunds, the difference
    /// for corrections; at most ten million either way.
    pub employer_amount: String,
    /// Personal share in yuan, as `employerAmount`; the two shares must not add up to zero.
    pub personal_amount: String,
    /// Posting month, `YYYY-MM`, of the payment that this row corrects or refunds: with person,
    /// kind, employer and `periodMonth` it names that payment. Required for a correction, optional
    /// for a refund, absent for a payment. A payment that the exchange never had is no error.
    pub corrects_posting_month: Option<String>,
}

impl From<&ContributionItemInput> for ContributionLine {
    fn from(input: &ContributionItemInput) -> Self {
        let ContributionItemInput {
            resident_id,
            employer_credit_code,
            employer_name,
            payer_credit_code,
            payer_name,
            kind,
            entry,
            period_month,
            posting_month,
            base,
            employer_amount,
            personal_amount,
            corrects_posting_month,
        } = input;
        Self {
            resident_id: resident_id.clone(),
            employer: party(employer_credit_code, employer_name),
            payer: party(payer_credit_code, payer_name),
            kind: *kind,
            entry: *entry,
            period_month: period_month.clone(),
            posting_month: posting_month.clone(),
            base: base.clone(),
            employer_amount: employer_amount.clone(),
            personal_amount: personal_amount.clone(),
            corrects_posting_month: corrects_posting_month.clone(),
        }
    }
}

fn party(credit_code: &Option<String>, name: &Option<String>) -> PartyLine {
    PartyLine {
        credit_code: credit_code.clone(),
        name: name.clone(),
    }
}

/// A delivery of months.
#[derive(InputObject)]
pub struct SubmitContributionsInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The rows, 1 to 1,000; all are taken in one transaction, each with a result of its own.
    pub items: Vec<ContributionItemInput>,
}

/// One dated statement about one insurance of one person.
#[derive(InputObject)]
pub struct InsuranceFactItemInput {
    /// Resident id of the insured person, 18 characters or an old one of 15.
    pub resident_id: String,
    /// Unified social credit code of the employer; absent for a flexible payer or a pension.
    pub employer_credit_code: Option<String>,
    /// Name of the employer, 1 to 200 characters; needed when nobody has registered it. It is then
    /// entered with this name; a registered one keeps its own.
    pub employer_name: Option<String>,
    /// Which insurance; one that the agency speaks for.
    pub kind: InsuranceKind,
    /// What is stated.
    pub fact: InsuranceFactKind,
    /// First day it holds, not in the future.
    pub since: Date,
}

impl From<&InsuranceFactItemInput> for FactLine {
    fn from(input: &InsuranceFactItemInput) -> Self {
        let InsuranceFactItemInput {
            resident_id,
            employer_credit_code,
            employer_name,
            kind,
            fact,
            since,
        } = input;
        Self {
            resident_id: resident_id.clone(),
            employer: party(employer_credit_code, employer_name),
            kind: *kind,
            fact: *fact,
            since: since.0,
        }
    }
}

/// A delivery of enrolment and stop dates, arrears and pensions.
#[derive(InputObject)]
pub struct SubmitInsuranceFactsInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The statements, 1 to 1,000; all are taken in one transaction, each with a result of its own.
    pub items: Vec<Item<InsuranceFactItemInput>>,
}

/// Which part of the re-query list is taken.
#[derive(InputObject)]
pub struct TakeRequeryListInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected. Give one:
    /// people leave the list when they are taken, and only the same key brings a lost answer again.
    pub idempotency_key: Option<String>,
    /// How many people, 1 to 100; 50 when absent.
    pub first: Option<i64>,
}
