//! Jobs as the schema shows them. Fields that lead to other capabilities' objects are in
//! `api/edges/employment.rs`.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::super::model::{
    ConfirmedBy, ContractKind, Employment, EmploymentForm, EmploymentState, EndReason, FoundBy,
    Renewal, Reporter,
};
use super::super::policy;
use super::super::service::EmploymentCursor;
use super::loaders::RenewalLoader;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{self, EmployerId, EmploymentId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::page::Page;
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Caller;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, Date, DateTime};

/// One job of one person, from start to end. Several may overlap.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Employment", complex)]
pub struct EmploymentNode {
    #[graphql(skip)]
    pub(crate) worker_key: WorkerId,
    #[graphql(skip)]
    pub(crate) employer_key: Option<EmployerId>,
    #[graphql(skip)]
    pub(crate) host_key: Option<EmployerId>,
    /// Opaque id of the record.
    pub id: ID,
    /// How the person works.
    pub form: EmploymentForm,
    /// The employer's name as it was written, when it could not be resolved at once; null
    /// otherwise.
    pub employer_name: Option<String>,
    /// The employer's credit code as it was written, while nobody has registered that employer;
    /// null otherwise.
    pub employer_code: Option<CreditCode>,
    /// Kind of contract; null when not known.
    pub contract_kind: Option<ContractKind>,
    /// First day of the contract's first term; null when not known.
    pub contract_start: Option<Date>,
    /// Last day of the contract's first term; null when open-ended or not known.
    pub contract_end: Option<Date>,
    /// Occupation as reported; null when not known.
    pub job_title: Option<String>,
    /// Monthly wage in yuan; null when not known.
    pub monthly_wage: Option<Fen>,
    /// Code of the division where the work is done, a county or narrower; may differ from the
    /// employer's seat and may lie in another province.
    pub workplace_code: RegionCode,
    /// Whether the workplace lies in another province; the job then belongs to the origin alone.
    pub outside_province: bool,
    /// How it was found; null when not known, and for an employer.
    pub found_by: Option<FoundBy>,
    /// First day of work.
    pub started_on: Date,
    /// The day from which on it no longer counts; null while it lasts.
    pub ended_on: Option<Date>,
    /// Why it ended; null while it lasts or when not known.
    pub end_reason: Option<EndReason>,
    /// How much the record counts.
    pub state: EmploymentState,
    /// Whose word made it count; null for what never did, and for an employer.
    pub confirmed_by: Option<ConfirmedBy>,
    /// Role of whoever reported it first, such as `OFFICER`, or `SYSTEM` for an import; null for
    /// an employer.
    pub reported_by_role: Option<String>,
    /// Code of the region for which an officer, a paired helper or an import reported it; null for
    /// what an employer or the person reported, and for an employer.
    pub reported_for_region_code: Option<RegionCode>,
    /// Unified social credit code of the employer that reported it for itself; null for what
    /// anybody else reported, and for an employer.
    pub reported_for_credit_code: Option<CreditCode>,
    /// When it was reported.
    pub reported_at: DateTime,
    /// The day on which the origin's township or county took a first look at the report; null for
    /// what nobody checked, and for an employer.
    pub checked_on: Option<Date>,
    /// Region of the office that did; null for what nobody checked, and for an employer.
    pub checked_by_code: Option<RegionCode>,
    /// The last day on which somebody confirmed that it goes on; null for what never counted.
    pub last_confirmed_on: Option<Date>,
    /// Why it was recorded by mistake; null for what was not, and for an employer.
    pub void_reason: Option<String>,
    /// The last day on which the prefecture or the province sent the county's confirmation back to
    /// it; a job that is reported since awaits the county's new decision. Null for what was never
    /// sent back, and for an employer.
    pub returned_on: Option<Date>,
    /// Region of the office that sent it back; null for what was never sent back, and for an
    /// employer.
    pub returned_by_code: Option<RegionCode>,
    /// What the county was asked to look at again, 1 to 200 characters; null for what was never
    /// sent back, and for an employer.
    pub return_reason: Option<String>,
    /// Grows by one with every change; give it back in an update.
    pub version: i64,
    /// When the record last changed.
    pub updated_at: DateTime,
    #[graphql(flatten)]
    records: EmploymentRecords,
}

impl EmploymentNode {
    /// The job as this caller's role may see it.
    #[must_use]
    pub fn seen_by(caller: &Caller, employment: Employment) -> Self {
        let handling = caller.holds(&policy::SEE_HANDLING);
        let Employment {
            id,
            worker,
            job,
            outside_province,
            ending,
            state,
            confirmed_by,
            reporter,
            reported_at,
            checked,
            last_confirmed_on,
            void_reason,
            returned,
            version,
            updated_at,
        } = employment;
        let checked = checked.filter(|_| handling);
        let returned = returned.filter(|_| handling);
        let reporter = Some(reporter).filter(|_| handling);
        Self {
            worker_key: worker,
            employer_key: job.employer,
            host_key: job.host,
            id: ID(ids::encode(id)),
            form: job.form,
            employer_name: job.employer_name,
            employer_code: job.employer_code,
            contract_kind: job.contract_kind,
            contract_start: job.contract_start.map(Date),
            contract_end: job.contract_end.map(Date),
            job_title: job.job_title,
            monthly_wage: job.monthly_wage,
            workplace_code: job.workplace,
            outside_province,
            found_by: job.found_by.filter(|_| handling),
            started_on: Date(job.started_on),
            ended_on: ending.map(|ending| Date(ending.on)),
            end_reason: ending.and_then(|ending| ending.reason),
            state,
            confirmed_by: confirmed_by.filter(|_| handling),
            reported_for_region_code: reporter.as_ref().and_then(Reporter::for_region),
            reported_for_credit_code: reporter.as_ref().and_then(Reporter::for_employer),
            reported_by_role: reporter.map(|reporter| reporter.role),
            reported_at: DateTime(reported_at),
            checked_on: checked.map(|check| Date(check.on)),
            checked_by_code: checked.map(|check| check.by),
            last_confirmed_on: last_confirmed_on.map(Date),
            void_reason: void_reason.filter(|_| handling),
            returned_on: returned.as_ref().map(|returned| Date(returned.on)),
            returned_by_code: returned.as_ref().map(|returned| returned.by),
            return_reason: returned.map(|returned| returned.reason),
            version,
            updated_at: DateTime(updated_at),
            records: EmploymentRecords(id),
        }
    }
}

/// What is kept about a job besides its row.
#[derive(Clone, Copy)]
struct EmploymentRecords(EmploymentId);

#[Object]
impl EmploymentRecords {
    /// Further terms of the contract, earliest first.
    async fn renewals(&self, ctx: &Context<'_>) -> Option<Result<Vec<RenewalObject>, Error>> {
        let found = ctx.load::<RenewalLoader, _>(self.0).await;
        Some(found.map(|renewals| {
            let renewals = renewals.unwrap_or_default();
            renewals.into_iter().map(Into::into).collect()
        }))
    }
}

connection!(EmploymentNode, EmploymentConnection, EmploymentEdge, "jobs");

impl EmploymentConnection {
    /// A page of jobs as this caller's role may see them; empty when there is none.
    #[must_use]
    pub fn seen_by(caller: &Caller, page: Option<Page<Employment>>) -> Self {
        let page = page.unwrap_or_else(|| Page::from_overfetched(Vec::new(), 1));
        Self::from_page(page, EmploymentCursor::of, |job| {
            EmploymentNode::seen_by(caller, job)
        })
    }
}

/// A further term of a job's contract.
#[derive(Clone, SimpleObject)]
#[graphql(name = "ContractRenewal")]
pub struct RenewalObject {
    /// First day of the term.
    pub contract_start: Date,
    /// Last day of the term; null when it is open-ended.
    pub contract_end: Option<Date>,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime,
}

impl From<Renewal> for RenewalObject {
    fn from(renewal: Renewal) -> Self {
        let Renewal {
            employment: _,
            contract_start,
            contract_end,
            recorded_at,
        } = renewal;
        Self {
            contract_start: Date(contract_start),
            contract_end: contract_end.map(Date),
            recorded_at: DateTime(recorded_at),
        }
    }
}
