//! Inputs of the mutations about jobs.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::model::{ContractKind, EmploymentForm, EndReason, FoundBy};
use super::super::service::{
    EndEmployment, RecordEmployment, RenewContract, ResolveEmployer, ReturnEmployment, Target,
    VoidEmployment,
};
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::inputs::record_id;
use crate::platform::gql::{ContextExt as _, Date, Item};

/// A job of one person, named by exactly one of resident id and worker id.
#[derive(InputObject)]
pub struct EmploymentItemInput {
    /// Resident id of the person, 18 characters or an old one of 15.
    pub resident_id: Option<String>,
    /// The person's record, for whoever sees it.
    pub worker_id: Option<ID>,
    /// How the person works.
    pub form: EmploymentForm,
    /// Unified social credit code of the unit that signs and insures; an employer gives its own
    /// here or as the host. Absent for own business and flexible work.
    pub employer_credit_code: Option<String>,
    /// Name of the unit that signs, 1 to 200 characters. With the credit code of a unit that
    /// nobody has registered it enters that unit into the registry, for whoever may register it: a
    /// county or the province any unit, a township those that its county has registered by their
    /// code, an employer itself; otherwise, and alone, it is kept as written.
    pub employer_name: Option<String>,
    /// Labour dispatch: credit code of the unit that hosts, which must be registered.
    pub host_credit_code: Option<String>,
    /// Kind of contract.
    pub contract_kind: Option<ContractKind>,
    /// First day of the contract, from 1930 and the person's birth to five years from today.
    pub contract_start: Option<Date>,
    /// Last day of the contract, neither before its first nor before the first day of work, at most
    /// fifty years from today; absent when open-ended.
    pub contract_end: Option<Date>,
    /// Occupation, 1 to 200 characters.
    pub job_title: Option<String>,
    /// Monthly wage in yuan, above nothing.
    pub monthly_wage: Option<Fen>,
    /// Code of the division where the work is done: in the province a county in force (or a prefecture that has none) or a
    /// division within one, in another province any well-formed one.
    pub workplace: RegionCode,
    /// First day of work, from 1930 and the person's birth to today.
    pub started_on: Date,
    /// How the job was found.
    pub found_by: Option<FoundBy>,
}

impl EmploymentItemInput {
    /// What is to be recorded.
    pub(super) fn read(&self) -> Result<RecordEmployment, Misread> {
        let Self {
            resident_id,
            worker_id,
            form,
            employer_credit_code,
            employer_name,
            host_credit_code,
            contract_kind,
            contract_start,
            contract_end,
            job_title,
            monthly_wage,
            workplace,
            started_on,
            found_by,
        } = self;
        Ok(RecordEmployment {
            resident_id: resident_id.clone(),
            worker: worker_id
                .as_ref()
                .map(|id| record_id("workerId", id))
                .transpose()?,
            form: *form,
            employer_credit_code: employer_credit_code.clone(),
            employer_name: employer_name.clone(),
            host_credit_code: host_credit_code.clone(),
            contract_kind: *contract_kind,
            contract_start: contract_start.map(|day| day.0),
            contract_end: contract_end.map(|day| day.0),
            job_title: job_title.clone(),
            monthly_wage: *monthly_wage,
            workplace: *workplace,
            started_on: started_on.0,
            found_by: *found_by,
        })
    }
}

/// A job to be recorded.
#[derive(InputObject)]
pub struct RecordEmploymentInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job.
    #[graphql(flatten)]
    pub job: EmploymentItemInput,
}

/// Jobs to be recorded together.
#[derive(InputObject)]
pub struct RecordEmploymentsInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The jobs, 1 to 1,000; all are taken in one transaction, each with a result of its own.
    pub items: Vec<Item<EmploymentItemInput>>,
}

/// The confirmation of a job.
#[derive(InputObject)]
pub struct ConfirmEmploymentInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that the decision was made from.
    pub version: i64,
}

/// A first look at a reported job.
#[derive(InputObject)]
pub struct CheckEmploymentInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that was looked at.
    pub version: i64,
}

/// Which registered employer it is that a job's record only writes.
#[derive(InputObject)]
pub struct ResolveEmployerInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that the decision was made from.
    pub version: i64,
    /// Unified social credit code of the employer, which must be registered.
    pub credit_code: String,
}

/// The end of a job.
#[derive(InputObject)]
pub struct EndEmploymentInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that the decision was made from.
    pub version: i64,
    /// The day from which on it no longer counts; not before its first day, not in the future.
    pub ended_on: Date,
    /// Why it ended.
    pub reason: EndReason,
}

/// A record that was a mistake.
#[derive(InputObject)]
pub struct VoidEmploymentInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that the decision was made from.
    pub version: i64,
    /// What was wrong, 1 to 200 characters and no number of a person.
    pub reason: String,
}

/// A decision of the county that is sent back to it.
#[derive(InputObject)]
pub struct ReturnEmploymentInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job that the county has confirmed.
    pub employment_id: ID,
    /// The version that was looked at.
    pub version: i64,
    /// What the county is to look at again, 1 to 200 characters and no number of a person; the
    /// county reads it, and the trail keeps it.
    pub reason: String,
}

/// A further term of a contract.
#[derive(InputObject)]
pub struct RenewContractInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The job.
    pub employment_id: ID,
    /// The version that the decision was made from.
    pub version: i64,
    /// First day of the term, after that of the latest term, at most five years from today.
    pub contract_start: Date,
    /// Last day of the term, not before its first, at most fifty years from today; absent when
    /// open-ended.
    pub contract_end: Option<Date>,
}

fn target(ctx: &Context<'_>, id: &ID, version: i64) -> Result<Target, Error> {
    Ok(Target {
        id: ctx.id(id)?,
        version,
    })
}

impl ConfirmEmploymentInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<Target, Error> {
        target(ctx, &self.employment_id, self.version)
    }
}

impl CheckEmploymentInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<Target, Error> {
        target(ctx, &self.employment_id, self.version)
    }
}

impl ResolveEmployerInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<ResolveEmployer, Error> {
        Ok(ResolveEmployer {
            target: target(ctx, &self.employment_id, self.version)?,
            credit_code: self.credit_code.clone(),
        })
    }
}

impl EndEmploymentInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<EndEmployment, Error> {
        Ok(EndEmployment {
            target: target(ctx, &self.employment_id, self.version)?,
            ended_on: self.ended_on.0,
            reason: self.reason,
        })
    }
}

impl VoidEmploymentInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<VoidEmployment, Error> {
        Ok(VoidEmployment {
            target: target(ctx, &self.employment_id, self.version)?,
            reason: self.reason.clone(),
        })
    }
}

impl ReturnEmploymentInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<ReturnEmployment, Error> {
        Ok(ReturnEmployment {
            target: target(ctx, &self.employment_id, self.version)?,
            reason: self.reason.clone(),
        })
    }
}

impl RenewContractInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<RenewContract, Error> {
        Ok(RenewContract {
            target: target(ctx, &self.employment_id, self.version)?,
            contract_start: self.contract_start.0,
            contract_end: self.contract_end.map(|day| day.0),
        })
    }
}
