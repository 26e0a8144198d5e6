//! Batches of people and households, each within the scope of its own session.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{
    Correction, Household, Pairing, RecordedCategory, RecordedFact, Residence, Worker,
};
use super::super::public::{WorkerCursor, WorkerFilter, WorkerOrder};
use super::super::{policy, service};
use crate::kernel::error::Failure;
use crate::kernel::ids::{CorrectionId, HouseholdId, WorkerId};
use crate::kernel::page::Page;
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::{ScopedLoader, Shown};
use crate::platform::journal::RecordRef;

/// People by id.
pub struct WorkerLoader(ReadSession);

impl ScopedLoader for WorkerLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for WorkerLoader {
    type Value = Worker;
    type Error = Arc<Failure>;
    async fn load(&self, keys: &[WorkerId]) -> Result<HashMap<WorkerId, Worker>, Arc<Failure>> {
        let found = service::find_many(&self.0, keys).await?;
        Ok(found
            .into_iter()
            .map(|worker| (worker.id, worker))
            .collect())
    }
}

/// One region and the page of its people that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PeopleOf {
    /// Where they are registered.
    pub region: RegionCode,
    /// What siblings of one field share.
    pub list: PeopleList,
}

/// A list of people and a page of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PeopleList {
    pub(super) filter: WorkerFilter,
    pub(super) order: WorkerOrder,
    pub(super) first: u64,
    pub(super) after: Option<WorkerCursor>,
}

/// Pages of the people registered in regions.
pub struct RegionPeopleLoader(ReadSession);

impl ScopedLoader for RegionPeopleLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<PeopleOf> for RegionPeopleLoader {
    type Value = Page<Worker>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[PeopleOf],
    ) -> Result<HashMap<PeopleOf, Page<Worker>>, Arc<Failure>> {
        let mut lists: HashMap<&PeopleList, Vec<RegionCode>> = HashMap::new();
        for key in keys {
            lists.entry(&key.list).or_default().push(key.region);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (list, regions) in lists {
            let page = list.page();
            let people =
                service::list_in_regions(&self.0, &regions, &list.filter, list.order, &page);
            found.extend(people.await?.into_iter().map(|(region, people)| {
                let list = list.clone();
                (PeopleOf { region, list }, people)
            }));
        }
        Ok(found)
    }
}

/// Households by id.
pub struct HouseholdLoader(ReadSession);

impl ScopedLoader for HouseholdLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_POVERTY_DETAILS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<HouseholdId> for HouseholdLoader {
    type Value = Household;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[HouseholdId],
    ) -> Result<HashMap<HouseholdId, Household>, Arc<Failure>> {
        let found = service::households(&self.0, keys).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Shown for Worker {
    fn records(&self) -> Vec<RecordRef> {
        vec![self.id.into()]
    }
}

impl Shown for Household {
    fn records(&self) -> Vec<RecordRef> {
        vec![self.id.into()]
    }
}

/// A proposal says whom it is about.
impl Shown for Correction {
    fn records(&self) -> Vec<RecordRef> {
        vec![self.id.into(), self.worker.into()]
    }
}

/// Category histories by household.
pub struct CategoryLoader(ReadSession);

impl ScopedLoader for CategoryLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_POVERTY_DETAILS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<HouseholdId> for CategoryLoader {
    type Value = Vec<RecordedCategory>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[HouseholdId],
    ) -> Result<HashMap<HouseholdId, Vec<RecordedCategory>>, Arc<Failure>> {
        Ok(service::category_histories(&self.0, keys).await?)
    }
}

/// People by household.
pub struct MemberLoader(ReadSession);

impl ScopedLoader for MemberLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<HouseholdId> for MemberLoader {
    type Value = Vec<Worker>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[HouseholdId],
    ) -> Result<HashMap<HouseholdId, Vec<Worker>>, Arc<Failure>> {
        Ok(service::members_of(&self.0, keys).await?)
    }
}

/// Residence histories by person.
pub struct ResidenceLoader(ReadSession);

impl ScopedLoader for ResidenceLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_POVERTY_DETAILS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for ResidenceLoader {
    type Value = Vec<Residence>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[WorkerId],
    ) -> Result<HashMap<WorkerId, Vec<Residence>>, Arc<Failure>> {
        Ok(service::residences_of(&self.0, keys).await?)
    }
}

/// Labour facts by person.
pub struct LabourFactLoader(ReadSession);

impl ScopedLoader for LabourFactLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_POVERTY_DETAILS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for LabourFactLoader {
    type Value = Vec<RecordedFact>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[WorkerId],
    ) -> Result<HashMap<WorkerId, Vec<RecordedFact>>, Arc<Failure>> {
        Ok(service::facts_of(&self.0, keys).await?)
    }
}

/// Present helpers by person.
pub struct HelperLoader(ReadSession);

impl ScopedLoader for HelperLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_HELPER;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for HelperLoader {
    type Value = Pairing;
    type Error = Arc<Failure>;
    async fn load(&self, keys: &[WorkerId]) -> Result<HashMap<WorkerId, Pairing>, Arc<Failure>> {
        Ok(service::helpers_of(&self.0, keys).await?)
    }
}

/// Proposed corrections by id.
pub struct CorrectionLoader(ReadSession);

impl ScopedLoader for CorrectionLoader {
    const ACTION: &'static Action<Read> = &policy::READ_CORRECTIONS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<CorrectionId> for CorrectionLoader {
    type Value = Correction;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[CorrectionId],
    ) -> Result<HashMap<CorrectionId, Correction>, Arc<Failure>> {
        let found = service::corrections(&self.0, keys).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}
