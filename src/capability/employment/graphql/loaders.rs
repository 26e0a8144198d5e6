//! Batches of jobs, each within the scope of its own session and one statement per level of a
//! query and per page asked for.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;

use super::super::model::{Employment, Renewal};
use super::super::service::{self, EmploymentCursor, Whose};
use super::super::{policy, public};
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::{ScopedLoader, Shown};
use crate::platform::journal::RecordRef;

/// Jobs by id.
pub struct EmploymentLoader(ReadSession);

impl ScopedLoader for EmploymentLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<EmploymentId> for EmploymentLoader {
    type Value = Employment;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[EmploymentId],
    ) -> Result<HashMap<EmploymentId, Employment>, Arc<Failure>> {
        let found = service::find_many(&self.0, keys).await?;
        Ok(found.into_iter().map(|job| (job.id, job)).collect())
    }
}

/// A job says where somebody is.
impl Shown for Employment {
    fn records(&self) -> Vec<RecordRef> {
        vec![self.id.into(), self.worker.into()]
    }
}

/// The jobs of people that count now, newest first.
pub struct CurrentJobsLoader(ReadSession);

impl ScopedLoader for CurrentJobsLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<WorkerId> for CurrentJobsLoader {
    type Value = Vec<Employment>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[WorkerId],
    ) -> Result<HashMap<WorkerId, Vec<Employment>>, Arc<Failure>> {
        Ok(public::current_of(&self.0, keys).await?)
    }
}

/// Further terms of contracts.
pub struct RenewalLoader(ReadSession);

impl ScopedLoader for RenewalLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<EmploymentId> for RenewalLoader {
    type Value = Vec<Renewal>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[EmploymentId],
    ) -> Result<HashMap<EmploymentId, Vec<Renewal>>, Arc<Failure>> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for renewal in service::renewals_of(&self.0, keys).await? {
            found.entry(renewal.employment).or_default().push(renewal);
        }
        Ok(found)
    }
}

/// One person or employer and the page of jobs wanted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageKey<K, L = ()> {
    owner: K,
    list: L,
    first: u64,
    after: Option<EmploymentCursor>,
}

impl<K: Copy, L: Copy> PageKey<K, L> {
    /// The page of `list` of one owner.
    #[must_use]
    pub const fn new(owner: K, list: L, request: &PageRequest<EmploymentCursor>) -> Self {
        Self {
            owner,
            list,
            first: request.first,
            after: request.after,
        }
    }

    const fn request(&self) -> PageRequest<EmploymentCursor> {
        PageRequest {
            first: self.first,
            after: self.after,
        }
    }
}

/// Owners by the page wanted of them: siblings of one field want the same page.
fn by_page<K: Copy + Eq + Hash, L: Copy + Eq + Hash>(
    keys: &[PageKey<K, L>],
) -> HashMap<PageKey<(), L>, Vec<K>> {
    let mut groups: HashMap<_, Vec<K>> = HashMap::new();
    for key in keys {
        let page = PageKey {
            owner: (),
            list: key.list,
            first: key.first,
            after: key.after,
        };
        groups.entry(page).or_default().push(key.owner);
    }
    groups
}

fn keyed<K, L: Copy>(
    page: PageKey<(), L>,
    found: HashMap<K, Page<Employment>>,
) -> impl Iterator<Item = (PageKey<K, L>, Page<Employment>)> {
    found.into_iter().map(move |(owner, jobs)| {
        let key = PageKey {
            owner,
            list: page.list,
            first: page.first,
            after: page.after,
        };
        (key, jobs)
    })
}

/// Pages of people's records of jobs.
pub struct JobsLoader(ReadSession);

impl ScopedLoader for JobsLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<PageKey<WorkerId>> for JobsLoader {
    type Value = Page<Employment>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[PageKey<WorkerId>],
    ) -> Result<HashMap<PageKey<WorkerId>, Page<Employment>>, Arc<Failure>> {
        let mut pages = HashMap::new();
        for (page, workers) in by_page(keys) {
            let found = service::of_workers(&self.0, &workers, &page.request()).await?;
            pages.extend(keyed(page, found));
        }
        Ok(pages)
    }
}

/// Pages of the jobs that employers sign or host now.
pub struct StaffLoader(ReadSession);

impl ScopedLoader for StaffLoader {
    const ACTION: &'static Action<Read> = &policy::READ;
    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<PageKey<EmployerId, Whose>> for StaffLoader {
    type Value = Page<Employment>;
    type Error = Arc<Failure>;
    async fn load(
        &self,
        keys: &[PageKey<EmployerId, Whose>],
    ) -> Result<HashMap<PageKey<EmployerId, Whose>, Page<Employment>>, Arc<Failure>> {
        let mut pages = HashMap::new();
        for (page, employers) in by_page(keys) {
            let found = service::staff_of(&self.0, page.list, &employers, &page.request()).await?;
            pages.extend(keyed(page, found));
        }
        Ok(pages)
    }
}
