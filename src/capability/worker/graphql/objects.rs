//! People and households as the schema shows them. Fields that lead to other capabilities'
//! objects are in `api/edges/worker.rs`.

use async_graphql::{ID, SimpleObject};

use super::super::model::{
    CategorySource, CategorySpell, Education, Household, LabourFactKind, Pairing, PovertyCategory,
    RecordedCategory, RecordedFact, Residence, WorkSplit, WorkStatus, Worker,
};
use super::super::policy;
use crate::kernel::ids::{self, HouseholdId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Caller;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{Date, DateTime};

/// A person in the registry: lifted out of poverty, or of a monitored household. Personal values
/// are masked here; `revealPersonalData` is the only way to see one in full.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Worker", complex)]
pub struct WorkerNode {
    #[graphql(skip)]
    pub(crate) key: WorkerId,
    #[graphql(skip)]
    pub(crate) household_key: Option<HouseholdId>,
    /// Whether the caller's role may see who helps the person.
    #[graphql(skip)]
    pub(crate) helper_shown: bool,
    /// Opaque id of the record.
    pub id: ID,
    /// Name as on the resident id card.
    pub name: String,
    /// Resident id with everything between division and last four characters masked, such as
    /// `590101********3516`.
    pub resident_id_mask: String,
    /// Year of birth: all of the birth date that is shown beside the mask.
    pub birth_year: i32,
    /// Masked phone number; null when none is known or the caller's role may not see it.
    pub phone_mask: Option<String>,
    /// Masked bank account; null when none is known or the caller's role may not see it.
    pub bank_account_mask: Option<String>,
    /// Highest completed education; null when not known or not for the caller's role.
    pub education: Option<Education>,
    /// Skills in the person's words; empty when none are known or not for the caller's role.
    pub skills: Vec<String>,
    /// Code of the village of registered residence; for an employer null.
    pub origin_code: Option<RegionCode>,
    /// Address within the village; null when not known or not for the caller's role.
    pub origin_address: Option<String>,
    /// Where the person stays; null when not reported or not for the caller's role.
    pub stay_code: Option<RegionCode>,
    /// Categories of the household that hold today; null for roles that see no poverty details.
    pub categories: Option<Vec<PovertyCategory>>,
    /// Whether the person left a public welfare post (the third tracked group); null for roles
    /// that see no poverty details.
    pub left_public_post: Option<bool>,
    /// Work status, derived from facts.
    pub work_status: WorkStatus,
    /// First day of the work status; null when not known, and for an employer, who knows its own jobs
    /// only.
    pub work_status_since: Option<Date>,
    /// Able to work; null when nobody stated it or for roles that see no poverty details.
    pub able: Option<bool>,
    /// Willing to work. Whoever works is, and stays so afterwards until somebody states otherwise
    /// from a later day on. Null when nothing is known or for roles that see no poverty details.
    pub willing: Option<bool>,
    /// Where the person works, seen from the origin; null for whoever does not work, and for an
    /// employer.
    pub work_split: Option<WorkSplit>,
    /// Grows by one with every change; give it back in an update. Null for an employer, who changes
    /// nothing here.
    pub version: Option<i64>,
    /// When the person was registered.
    pub registered_at: DateTime,
    /// When the record last changed; null for an employer.
    pub updated_at: Option<DateTime>,
}

impl WorkerNode {
    /// The person as this caller's role may see them.
    #[must_use]
    pub fn seen_by(caller: &Caller, worker: Worker) -> Self {
        let poverty = caller.holds(&policy::SEE_POVERTY_DETAILS);
        let contact = caller.holds(&policy::SEE_CONTACT);
        let account = caller.holds(&policy::SEE_ACCOUNT);
        let changes = caller.holds(&policy::SEE_CHANGES);
        Self {
            key: worker.id,
            household_key: poverty.then_some(worker.household),
            helper_shown: caller.holds(&policy::SEE_HELPER),
            id: ID(ids::encode(worker.id)),
            name: worker.name,
            resident_id_mask: worker.resident_id_mask,
            birth_year: worker.birth_year,
            phone_mask: worker.phone_mask.filter(|_| contact),
            bank_account_mask: worker.bank_account_mask.filter(|_| account),
            education: worker.education.filter(|_| contact),
            skills: if contact { worker.skills } else { Vec::new() },
            origin_code: poverty.then_some(worker.origin),
            origin_address: worker.origin_address.filter(|_| poverty && contact),
            stay_code: worker.stay.filter(|_| poverty && contact),
            categories: poverty.then(|| worker.categories.iter().collect()),
            left_public_post: poverty.then(|| worker.categories.is_public_post_leaver()),
            work_status: worker.work_status,
            work_status_since: worker.work_status_since.filter(|_| changes).map(Date),
            able: worker.able.filter(|_| poverty),
            willing: worker.willing.filter(|_| poverty),
            work_split: worker.work_split.filter(|_| poverty),
            version: changes.then_some(worker.version),
            registered_at: DateTime(worker.created_at),
            updated_at: changes.then_some(DateTime(worker.updated_at)),
        }
    }
}

connection!(WorkerNode, WorkerConnection, WorkerEdge, "people");

/// A household: people registered together.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Household", complex)]
pub struct HouseholdNode {
    #[graphql(skip)]
    pub(crate) key: HouseholdId,
    #[graphql(skip)]
    pub(crate) merged_into_key: Option<HouseholdId>,
    /// Opaque id of the record.
    pub id: ID,
    /// The county's number for it; null when it has none.
    pub number: Option<String>,
    /// Code of the village of registration.
    pub village_code: RegionCode,
    /// When it ended, by a merger or the last member's leaving; null while it stands.
    pub dissolved_on: Option<Date>,
    /// Grows by one with every change.
    pub version: i64,
}

impl From<Household> for HouseholdNode {
    fn from(household: Household) -> Self {
        let Household {
            id,
            village,
            number,
            dissolved_on,
            merged_into,
            version,
        } = household;
        Self {
            key: id,
            merged_into_key: merged_into,
            id: ID(ids::encode(id)),
            number,
            village_code: village,
            dissolved_on: dissolved_on.map(Date),
            version,
        }
    }
}

/// One dated statement of a household's category.
#[derive(Clone, SimpleObject)]
#[graphql(name = "CategorySpell")]
pub struct CategorySpellObject {
    /// Which category.
    pub category: PovertyCategory,
    /// First day it holds.
    pub since: Date,
    /// Last day it holds; null while it is open.
    pub until: Option<Date>,
    /// Who stated it. Agriculture's next word about a household supersedes what its county stated.
    pub source: CategorySource,
    /// Whether agriculture has not confirmed it yet.
    pub provisional: bool,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime,
    /// Whether another statement took its place, so that it says nothing any more.
    pub superseded: bool,
}

impl From<RecordedCategory> for CategorySpellObject {
    fn from(recorded: RecordedCategory) -> Self {
        let RecordedCategory {
            spell,
            recorded_at,
            superseded,
        } = recorded;
        let CategorySpell {
            category,
            since,
            until,
            source,
            provisional,
        } = spell;
        Self {
            category,
            since: Date(since),
            until: until.map(Date),
            source,
            provisional,
            recorded_at: DateTime(recorded_at),
            superseded,
        }
    }
}

/// Where a person was registered from when to when.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Residence")]
pub struct ResidenceObject {
    /// Opaque id of the household of this time.
    pub household_id: ID,
    /// Code of the village of registration.
    pub village_code: RegionCode,
    /// First day, as far as the registry knows: that of the registration, or the day before a move
    /// that happened earlier than it.
    pub since: Date,
    /// Last day; null for the present residence.
    pub until: Option<Date>,
    /// Why it began, in the officer's words; null for a registration.
    pub reason: Option<String>,
}

impl From<Residence> for ResidenceObject {
    fn from(residence: Residence) -> Self {
        let Residence {
            household,
            village,
            since,
            until,
            reason,
        } = residence;
        Self {
            household_id: ID(ids::encode(household)),
            village_code: village,
            since: Date(since),
            until: until.map(Date),
            reason,
        }
    }
}

/// A dated statement about a person and work, from which work status, ability and willingness
/// follow. Of several of one kind the one with the latest day speaks.
#[derive(Clone, SimpleObject)]
#[graphql(name = "LabourFact")]
pub struct LabourFactObject {
    /// Opaque id, to take it back.
    pub id: ID,
    /// What it is about.
    pub kind: LabourFactKind,
    /// Whether it holds from `since` on, or not any more.
    pub value: bool,
    /// First day.
    pub since: Date,
    /// Who states it: an office, a certificate, the person.
    pub source: String,
    /// Subject of the token that recorded it, so that a second person takes it back; null for whoever
    /// is neither officer, administrator nor auditor.
    pub recorded_by: Option<String>,
    /// When it was recorded.
    pub recorded_at: DateTime,
    /// When it was taken back as a mistake; null while it stands.
    pub voided_at: Option<DateTime>,
    /// Why it was taken back; null while it stands.
    pub void_reason: Option<String>,
}

impl LabourFactObject {
    /// The statement as this caller's role may see it.
    #[must_use]
    pub fn seen_by(caller: &Caller, recorded: RecordedFact) -> Self {
        let RecordedFact {
            id,
            fact,
            recorded_by,
            recorded_at,
            voided,
        } = recorded;
        let (voided_at, void_reason) = voided.unzip();
        Self {
            id: ID(ids::encode(id)),
            kind: fact.kind,
            value: fact.value,
            since: Date(fact.since),
            source: fact.source,
            recorded_by: caller.holds(&policy::SEE_RECORDER).then_some(recorded_by),
            recorded_at: DateTime(recorded_at),
            voided_at: voided_at.map(DateTime),
            void_reason,
        }
    }
}

/// Paired assistance: who helps a person now.
#[derive(Clone, SimpleObject)]
#[graphql(name = "HelperPairing")]
pub struct HelperPairingObject {
    /// Subject of the helper's token.
    pub helper_subject: String,
    /// First day.
    pub since: Date,
}

impl From<Pairing> for HelperPairingObject {
    fn from(pairing: Pairing) -> Self {
        let Pairing { helper, since } = pairing;
        Self {
            helper_subject: helper,
            since: Date(since),
        }
    }
}
