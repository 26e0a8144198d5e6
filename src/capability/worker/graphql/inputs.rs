//! Inputs of the registry's queries and mutations.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::model::{Education, PovertyCategory, WorkStatus};
use super::super::public::{WorkerFilter, WorkerOrder, WorkerOrderField};
use super::super::service::{RegisterHousehold, RegisterWorker, StatedFlag};
use crate::kernel::region_code::RegionCode;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::inputs::record_id;
use crate::platform::gql::{ContextExt as _, Date, DateTime, Item};

/// Narrows a list of people. Every part given must hold; the caller's own reach always applies.
#[derive(InputObject)]
#[graphql(name = "WorkerFilter")]
pub struct WorkerFilterInput {
    /// Registered in this region, of any level.
    pub origin: Option<RegionCode>,
    /// With a confirmed current job in this region, of any level.
    pub destination: Option<RegionCode>,
    /// In a household with this category today.
    pub category: Option<PovertyCategory>,
    /// With this work status.
    pub work_status: Option<WorkStatus>,
    /// With a confirmed current job at this employer, or hosted by it.
    pub employer: Option<ID>,
    /// Whose `insuredNow` says YES for pension insurance (true), or NO or UNKNOWN (false).
    pub insured: Option<bool>,
    /// Whose name begins with this, 1 to 50 characters.
    pub name_prefix: Option<String>,
    /// Whose record changed at or after this instant; not for employers.
    pub changed_since: Option<DateTime>,
}

impl WorkerFilterInput {
    pub(super) fn read(self, ctx: &Context<'_>) -> Result<WorkerFilter, Error> {
        let Self {
            origin,
            destination,
            category,
            work_status,
            employer,
            insured,
            name_prefix,
            changed_since,
        } = self;
        Ok(WorkerFilter {
            origin,
            destination,
            category,
            work_status,
            employer: employer.map(|id| ctx.id(&id)).transpose()?,
            insured,
            name_prefix,
            changed_since: changed_since.map(|at| at.0),
        })
    }
}

/// How a list of people is ordered.
#[derive(InputObject)]
#[graphql(name = "WorkerOrder")]
pub struct WorkerOrderInput {
    /// By what.
    pub field: WorkerOrderField,
    /// Largest first when true.
    #[graphql(default)]
    pub descending: bool,
}

impl From<WorkerOrderInput> for WorkerOrder {
    fn from(input: WorkerOrderInput) -> Self {
        Self {
            field: input.field,
            descending: input.descending,
        }
    }
}

/// A household to be registered.
#[derive(InputObject)]
pub struct RegisterHouseholdInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// Code of the village of registration, in the caller's region; where it is not known, of the
    /// township or the county, and then no village or township sees the household.
    pub village: RegionCode,
    /// The county's number for the household, at most 200 characters; unique in the county, and
    /// nobody's resident id.
    pub number: Option<String>,
    /// The category that the county states; provisional until agriculture confirms it.
    pub category: PovertyCategory,
    /// First day of the category, not in the future.
    pub category_since: Date,
}

impl From<&RegisterHouseholdInput> for RegisterHousehold {
    fn from(input: &RegisterHouseholdInput) -> Self {
        Self {
            village: input.village,
            number: input.number.clone(),
            category: input.category,
            category_since: input.category_since.0,
        }
    }
}

/// A dated, sourced yes or no about a person.
#[derive(Clone, InputObject)]
pub struct StatedFlagInput {
    /// What is stated.
    pub value: bool,
    /// From which day on, not in the future.
    pub since: Date,
    /// Who states it: an office, a certificate, the person; at most 200 characters. No personal
    /// data.
    pub source: String,
}

impl From<StatedFlagInput> for StatedFlag {
    fn from(input: StatedFlagInput) -> Self {
        Self {
            value: input.value,
            since: input.since.0,
            source: input.source,
        }
    }
}

/// A person to be registered.
#[derive(InputObject)]
pub struct RegisterWorkerInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The person.
    #[graphql(flatten)]
    pub person: NewWorkerInput,
}

/// People to be registered in one request.
#[derive(InputObject)]
pub struct RegisterWorkersInput {
    /// Makes a repetition of a request that was taken harmless; 1 to 128 bytes, unique per caller.
    /// It is kept whatever became of its items: corrected ones are sent with a new key. A request
    /// that is refused as a whole is not kept, and may be sent again with the same key.
    pub idempotency_key: Option<String>,
    /// The people, 1 to 1,000.
    pub workers: Vec<Item<NewWorkerInput>>,
}

/// A person to be registered, as one of many.
#[derive(InputObject)]
pub struct NewWorkerInput {
    /// The household; its village becomes the person's origin.
    pub household_id: ID,
    /// Name as on the resident id card, at most 200 characters.
    pub name: String,
    /// Resident id of 18 characters, or an old one of 15.
    pub resident_id: String,
    /// Phone number.
    pub phone: Option<String>,
    /// Number of the account or social security card for subsidies.
    pub bank_account: Option<String>,
    /// Highest completed education.
    pub education: Option<Education>,
    /// At most 20 skills in the person's words, each at most 200 characters.
    #[graphql(default)]
    pub skills: Vec<String>,
    /// Address within the village, at most 200 characters.
    pub origin_address: Option<String>,
    /// Code of the region where the person stays.
    pub stay: Option<RegionCode>,
    /// Able to work.
    pub able: Option<StatedFlagInput>,
    /// Willing to work.
    pub willing: Option<StatedFlagInput>,
    /// Since when the origin knows that the person has no job, not in the future.
    pub not_working_since: Option<Date>,
}

impl NewWorkerInput {
    /// What is to be registered.
    pub(super) fn read(&self) -> Result<RegisterWorker, Misread> {
        let Self {
            household_id,
            name,
            resident_id,
            phone,
            bank_account,
            education,
            skills,
            origin_address,
            stay,
            able,
            willing,
            not_working_since,
        } = self;
        Ok(RegisterWorker {
            household: record_id("householdId", household_id)?,
            name: name.clone(),
            resident_id: resident_id.clone(),
            phone: phone.clone(),
            bank_account: bank_account.clone(),
            education: *education,
            skills: skills.clone(),
            origin_address: origin_address.clone(),
            stay: *stay,
            able: able.clone().map(Into::into),
            willing: willing.clone().map(Into::into),
            not_working_since: not_working_since.map(|day| day.0),
        })
    }
}
