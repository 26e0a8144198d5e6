//! Batches of findings and of their steps, each within the scope of its own session and one
//! statement per batch.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{Finding, FindingStep, Subject};
use super::super::{policy, service};
use crate::kernel::error::Failure;
use crate::kernel::ids::FindingId;
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::{ScopedLoader, Shown};
use crate::platform::journal::RecordRef;

/// Findings by id.
pub struct FindingLoader(ReadSession);

impl ScopedLoader for FindingLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<FindingId> for FindingLoader {
    type Value = Finding;
    type Error = Arc<Failure>;
    async fn load(&self, keys: &[FindingId]) -> Result<HashMap<FindingId, Finding>, Arc<Failure>> {
        let found = service::find_many(&self.0, keys).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// A finding says whom it is about.
impl Shown for Finding {
    fn records(&self) -> Vec<RecordRef> {
        let worker = self.subject.and_then(Subject::worker);
        let concerned = worker.map(RecordRef::from);
        std::iter::once(self.id.into()).chain(concerned).collect()
    }
}

/// What was done about findings, in the order in which it was done.
pub struct StepLoader(ReadSession);

impl ScopedLoader for StepLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<FindingId> for StepLoader {
    type Value = Vec<FindingStep>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[FindingId],
    ) -> Result<HashMap<FindingId, Vec<FindingStep>>, Arc<Failure>> {
        Ok(service::steps_of(&self.0, keys).await?)
    }
}
