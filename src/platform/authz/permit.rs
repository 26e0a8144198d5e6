//! The permit: proof that a check took place, and the scope it leaves.

use std::marker::PhantomData;

use super::action::{Access, Side};
use super::caller::Caller;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Agency, Identity, Principal, WorkerBinding};

/// The people and employers a permit reaches. `platform::db::scope` turns it into SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody in the province.
    Province,
    /// People tied to a region below the province, on one side or both.
    Region(RegionCode, Side),
    /// An agency's own data sets; with `region` below the province, people registered there.
    Agency(Agency, Option<RegionCode>),
    /// The staff of one employer.
    Employer(CreditCode),
    /// People assigned to a helper's subject.
    Assigned(String),
    /// One person.
    Own(WorkerBinding),
}

/// Proof that `A` was granted to a caller. Only [`Caller::permit`] makes one.
#[derive(Clone)]
pub struct Permit<A> {
    caller: Caller,
    action: &'static str,
    side: Side,
    access: PhantomData<A>,
}

impl<A: Access> Permit<A> {
    pub(super) const fn granted(caller: Caller, action: &'static str, side: Side) -> Self {
        Self {
            caller,
            action,
            side,
            access: PhantomData,
        }
    }

    /// Who holds it.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The holder's identity.
    ///
    /// # Panics
    /// Never: a permit is only granted to a principal.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        self.caller
            .principal()
            .expect("a permit is only granted to a principal")
    }

    /// The action it was granted for, as it stands in the trail.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        self.action
    }

    /// The people it reaches.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.principal().identity() {
            Identity::Admin | Identity::Auditor => Scope::Province,
            Identity::Officer { region } => self.of_region(*region),
            Identity::System { region, .. } => {
                region.map_or(Scope::Province, |region| self.of_region(region))
            }
            Identity::Agency { agency, region } => {
                let below = |region: &RegionCode| self.caller.province() != Some(*region);
                Scope::Agency(*agency, region.filter(below))
            }
            Identity::Employer { credit_code } => Scope::Employer(credit_code.clone()),
            Identity::Helper { .. } => Scope::Assigned(self.principal().subject().to_owned()),
            Identity::Worker(binding) => Scope::Own(*binding),
        }
    }

    /// An officer of the exchange's own province sees the whole of it; the materialised rows stop
    /// below it, so that an officer of another province sees nobody.
    fn of_region(&self, region: RegionCode) -> Scope {
        if self.caller.province() == Some(region) {
            Scope::Province
        } else {
            Scope::Region(region, self.side)
        }
    }

    /// Whether the holder is an agency of another province: one issuer may serve several.
    #[must_use]
    pub fn is_of_another_province(&self) -> bool {
        match self.principal().identity() {
            Identity::Agency { region, .. } => region.is_some_and(|region| {
                let own = self.caller.province();
                !own.is_some_and(|own| own.contains(region))
            }),
            Identity::Admin
            | Identity::Auditor
            | Identity::Officer { .. }
            | Identity::Employer { .. }
            | Identity::Helper { .. }
            | Identity::Worker(_)
            | Identity::System { .. } => false,
        }
    }

    /// Lets a creation or a move into `region` through only where the permit reaches it.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for a region outside the caller's own: to them it is not there.
    pub fn admit(&self, region: RegionCode) -> Result<(), Failure> {
        let inside = match self.scope() {
            Scope::Province => true,
            Scope::Region(own, _) | Scope::Agency(_, Some(own)) => own.contains(region),
            Scope::Agency(_, None) => true,
            Scope::Employer(_) | Scope::Assigned(_) | Scope::Own(_) => false,
        };
        if inside {
            Ok(())
        } else {
            Err(Failure::NotFound)
        }
    }
}
