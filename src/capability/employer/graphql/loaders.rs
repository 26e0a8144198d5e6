//! Batches of employers and of the facts about them, each within the scope of its own session and
//! one statement per batch.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{AccreditationFact, Employer, StatusFact};
use super::super::{policy, service};
use crate::kernel::error::Failure;
use crate::kernel::ids::EmployerId;
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::{ScopedLoader, Shown};
use crate::platform::journal::RecordRef;

/// Employers by id.
pub struct EmployerLoader(ReadSession);

impl ScopedLoader for EmployerLoader {
    const ACTION: &'static Action<Read> = &policy::LOAD;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<EmployerId> for EmployerLoader {
    type Value = Employer;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[EmployerId],
    ) -> Result<HashMap<EmployerId, Employer>, Arc<Failure>> {
        let found = service::find_many(&self.0, keys).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Shown for Employer {
    fn records(&self) -> Vec<RecordRef> {
        vec![self.id.into()]
    }
}

/// What has been stated about employers.
pub struct StatusLoader(ReadSession);

impl ScopedLoader for StatusLoader {
    const ACTION: &'static Action<Read> = &policy::LOAD;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<EmployerId> for StatusLoader {
    type Value = Vec<StatusFact>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[EmployerId],
    ) -> Result<HashMap<EmployerId, Vec<StatusFact>>, Arc<Failure>> {
        Ok(service::status_facts(&self.0, keys).await?)
    }
}

/// What has been stated about accreditations of employers.
pub struct AccreditationLoader(ReadSession);

impl ScopedLoader for AccreditationLoader {
    const ACTION: &'static Action<Read> = &policy::LOAD;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<EmployerId> for AccreditationLoader {
    type Value = Vec<AccreditationFact>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[EmployerId],
    ) -> Result<HashMap<EmployerId, Vec<AccreditationFact>>, Arc<Failure>> {
        Ok(service::accreditations(&self.0, keys).await?)
    }
}
