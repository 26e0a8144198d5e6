//! Inputs of the queries and mutations about employers.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::model::{
    AccreditationKind, EmployerFilter, EmployerKind, EmployerOrderField, EmployerStanding,
    EmployerStatus,
};
use super::super::service::{RecordAccreditation, RegisterEmployer, StatusLine, UpdateEmployer};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::region_code::RegionCode;
use crate::platform::gql::{ContextExt as _, Date, Item};

/// Narrows a list of employers. Every part given must hold; the caller's own reach always applies.
#[derive(InputObject)]
#[graphql(name = "EmployerFilter")]
pub struct EmployerFilterInput {
    /// Seated in this region, of any level.
    pub region: Option<RegionCode>,
    /// Of this legal kind.
    pub kind: Option<EmployerKind>,
    /// With this current status.
    pub status: Option<EmployerStatus>,
    /// Whose name begins with this, 1 to 200 characters; case matters.
    pub name_prefix: Option<String>,
}

impl From<EmployerFilterInput> for EmployerFilter {
    fn from(input: EmployerFilterInput) -> Self {
        let EmployerFilterInput {
            region,
            kind,
            status,
            name_prefix,
        } = input;
        Self {
            region,
            kind,
            status,
            name_prefix,
        }
    }
}

/// How a list of employers is ordered; always ascending.
#[derive(InputObject)]
#[graphql(name = "EmployerOrder")]
pub struct EmployerOrderInput {
    /// By what.
    pub field: EmployerOrderField,
}

/// An employer to be registered.
#[derive(InputObject)]
pub struct RegisterEmployerInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// Unified social credit code; an employer gives its own.
    pub credit_code: CreditCode,
    /// Registered name, 1 to 200 characters.
    pub name: String,
    /// Legal kind.
    pub kind: EmployerKind,
    /// Code of the seat: a county in force or a division within one, in the caller's region. An
    /// employer is seated in the division of its credit code or, where that has ended, in what took
    /// its place, and may name either.
    pub region_code: RegionCode,
}

impl From<&RegisterEmployerInput> for RegisterEmployer {
    fn from(input: &RegisterEmployerInput) -> Self {
        let RegisterEmployerInput {
            idempotency_key: _,
            credit_code,
            name,
            kind,
            region_code,
        } = input;
        Self {
            credit_code: credit_code.clone(),
            name: name.clone(),
            kind: *kind,
            region: *region_code,
        }
    }
}

/// A correction of an employer; what is absent stays.
#[derive(InputObject)]
pub struct UpdateEmployerInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The employer.
    pub id: ID,
    /// The version that the correction was made from.
    pub version: i64,
    /// Registered name, 1 to 200 characters.
    pub name: Option<String>,
    /// Legal kind.
    pub kind: Option<EmployerKind>,
    /// Code of the new seat: a county in force or a division within one, in the caller's region.
    pub region_code: Option<RegionCode>,
}

impl UpdateEmployerInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<UpdateEmployer, Error> {
        let Self {
            idempotency_key: _,
            id,
            version,
            name,
            kind,
            region_code,
        } = self;
        Ok(UpdateEmployer {
            id: ctx.id(id)?,
            version: *version,
            name: name.clone(),
            kind: *kind,
            region: *region_code,
        })
    }
}

/// One statement of market regulation about one employer.
#[derive(InputObject)]
pub struct EmployerStatusItemInput {
    /// Unified social credit code; a wrong one is an error of this item alone.
    pub credit_code: String,
    /// What is stated.
    pub standing: EmployerStanding,
    /// First day it holds, not in the future.
    pub since: Date,
    /// Resident id of the legal representative, 18 characters or an old one of 15; kept as a keyed
    /// hash only and never shown. Absent leaves what is known.
    pub legal_representative_resident_id: Option<String>,
}

impl From<&EmployerStatusItemInput> for StatusLine {
    fn from(input: &EmployerStatusItemInput) -> Self {
        let EmployerStatusItemInput {
            credit_code,
            standing,
            since,
            legal_representative_resident_id,
        } = input;
        Self {
            credit_code: credit_code.clone(),
            standing: *standing,
            since: since.0,
            legal_representative: legal_representative_resident_id.clone(),
        }
    }
}

/// A delivery of market regulation.
#[derive(InputObject)]
pub struct SubmitEmployerStatusesInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The statements, 1 to 1,000; all are taken in one transaction, each with a result of its own.
    pub items: Vec<Item<EmployerStatusItemInput>>,
}

/// An accreditation to be recorded or ended.
#[derive(InputObject)]
pub struct RecordAccreditationInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The employer, seated in the caller's region.
    pub employer_id: ID,
    /// As what.
    pub kind: AccreditationKind,
    /// Number of the certificate or decision, 1 to 100 characters.
    pub reference: String,
    /// First day, not in the future. The same kind and first day again restate certificate number
    /// and last day.
    pub since: Date,
    /// Last day; absent while it lasts.
    pub until: Option<Date>,
}

impl RecordAccreditationInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<RecordAccreditation, Error> {
        let Self {
            idempotency_key: _,
            employer_id,
            kind,
            reference,
            since,
            until,
        } = self;
        Ok(RecordAccreditation {
            employer_id: ctx.id(employer_id)?,
            kind: *kind,
            reference: reference.clone(),
            since: since.0,
            until: until.as_ref().map(|day| day.0),
        })
    }
}
