//! The caller of one request: who, in which language, under which request id.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use uuid::Uuid;

use super::action::{Access, Action, Side};
use super::permit::Permit;
use crate::kernel::error::{Failure, Locale};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Principal;
use crate::platform::journal::{Noted, Refusals};

/// What a request carries besides its caller.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// The id the client sees in `x-request-id` and in every error.
    pub id: String,
    /// The language of messages.
    pub locale: Locale,
}

/// What the table of divisions says about a caller's region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The province that the exchange serves: an issuer may serve several, and an officer of another
    /// one is nobody here. `None` makes no officer that of the whole province.
    pub province: Option<RegionCode>,
    /// Whether the region is a prefecture without counties, which stands in for one: a city directly
    /// over its townships. Its officers hold what a county's hold besides what a prefecture's do.
    pub acts_as_county: bool,
}

/// Who asks. Cheap to clone; lives as long as its request.
#[derive(Clone)]
pub struct Caller(Arc<Inner>);

pub(super) struct Inner {
    pub(super) principal: Option<Principal>,
    pub(super) request: RequestInfo,
    standing: Standing,
    refusals: Refusals,
    wrote: AtomicBool,
    /// Records of which this request has left an entry, or which stood in a list that is one.
    journalled: Mutex<HashSet<Uuid>>,
}

impl Caller {
    /// The caller of an HTTP request; `principal` is `None` when no token came with it.
    #[must_use]
    pub fn new(
        principal: Option<Principal>,
        request: RequestInfo,
        standing: Standing,
        refusals: Refusals,
    ) -> Self {
        Self(Arc::new(Inner {
            principal,
            request,
            standing,
            refusals,
            wrote: AtomicBool::new(false),
            journalled: Mutex::default(),
        }))
    }

    /// A job or command of the exchange itself, acting for `region` when one is given. It holds
    /// only what policies grant to `Grant::System`. Only `jobs` and `cli` make one.
    #[must_use]
    pub fn system(name: &'static str, region: Option<RegionCode>, refusals: Refusals) -> Self {
        let request = RequestInfo {
            id: name.to_owned(),
            locale: Locale::default(),
        };
        let standing = Standing {
            province: region.map(RegionCode::province),
            acts_as_county: false,
        };
        let principal = Principal::system(name, region);
        Self::new(Some(principal), request, standing, refusals)
    }

    /// The proven identity, if a token came with the request.
    #[must_use]
    pub fn principal(&self) -> Option<&Principal> {
        self.0.principal.as_ref()
    }

    /// Request id and language.
    #[must_use]
    pub fn request(&self) -> &RequestInfo {
        &self.0.request
    }

    /// The only source of permits.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`] without a token, [`Failure::Forbidden`] when no grant fits;
    /// the refusal is recorded in the journal, coalesced when it repeats.
    pub fn permit<A: Access>(&self, action: &Action<A>) -> Result<Permit<A>, Failure> {
        if self.principal().is_none() {
            return Err(Failure::Unauthenticated);
        }
        match self.side(action) {
            Some(side) => Ok(Permit::granted(self.clone(), action.name, side)),
            None => {
                self.note(action.name, Noted::Refused);
                Err(Failure::Forbidden {
                    action: action.name,
                })
            }
        }
    }

    /// Notes that an action was refused, or found nothing within reach: one entry, and one more a
    /// minute for what repeats.
    pub(in crate::platform) fn note(&self, action: &'static str, noted: Noted) {
        if let Some(principal) = &self.0.principal {
            let request = &self.0.request.id;
            self.0.refusals.note(principal, action, noted, request);
        }
    }

    /// Whether the caller's role holds an action at all: for choosing what to show, never for
    /// access (that takes a permit).
    #[must_use]
    pub fn holds<A: Access>(&self, action: &Action<A>) -> bool {
        self.side(action).is_some()
    }

    /// The side on which the caller holds an action, or `None` when it does not hold it.
    fn side<A: Access>(&self, action: &Action<A>) -> Option<Side> {
        let identity = self.principal()?.identity();
        action.side_for(identity, self.0.standing.acts_as_county)
    }

    /// The province that the exchange serves.
    pub(super) fn province(&self) -> Option<RegionCode> {
        self.0.standing.province
    }

    /// From now on this request reads from the primary: it must see its own writes, and when they
    /// are refused or were done before, what stood in their way.
    pub(in crate::platform) fn mark_writing(&self) {
        self.0.wrote.store(true, Ordering::Release);
    }

    /// The request has left an entry about each of these records, or about a list of them.
    pub(in crate::platform) fn mark_journalled(&self, records: impl Iterator<Item = Uuid>) {
        self.journalled().extend(records);
    }

    /// Whether this request has left an entry about the record, or about a list with it.
    pub(in crate::platform) fn has_journalled(&self, record: Uuid) -> bool {
        self.journalled().contains(&record)
    }

    fn journalled(&self) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
        self.0.journalled.lock().expect("a set of ids cannot panic")
    }

    /// Whether this request has written, or tried to.
    pub(in crate::platform) fn has_written(&self) -> bool {
        self.0.wrote.load(Ordering::Acquire)
    }
}
