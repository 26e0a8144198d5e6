//! Batches of people and households, each within the scope of its own session.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{CategorySpell, Correction, Household, RecordedFact, Residence, Worker};
use super::super::{policy, service};
use crate::kernel::error::Failure;
use crate::kernel::ids::{CorrectionId, HouseholdId, WorkerId};
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::ScopedLoader;

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

/// Category histories by household.
pub struct CategoryLoader(ReadSession);

impl ScopedLoader for CategoryLoader {
    const ACTION: &'static Action<Read> = &policy::SEE_POVERTY_DETAILS;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<HouseholdId> for CategoryLoader {
    type Value = Vec<CategorySpell>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[HouseholdId],
    ) -> Result<HashMap<HouseholdId, Vec<CategorySpell>>, Arc<Failure>> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for (household, spell) in service::categories_of(&self.0, keys).await? {
            found.entry(household).or_default().push(spell);
        }
        Ok(found)
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
