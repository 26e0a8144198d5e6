//! Which employers a list shows, in which order and from where.

use serde::{Deserialize, Serialize};

use super::{Employer, EmployerKind, EmployerStatus};
use crate::kernel::closed::closed;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::RegionCode;

/// Which employers a list shows; every filter narrows, none is required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmployerFilter {
    /// Seated there or in a part of it.
    pub region: Option<RegionCode>,
    /// Of this kind.
    pub kind: Option<EmployerKind>,
    /// With this current status.
    pub status: Option<EmployerStatus>,
    /// Whose name starts so.
    pub name_prefix: Option<String>,
}

closed! {
    /// What a list of employers is sorted by, always ascending.
    EmployerOrderField {
        /// When the exchange learnt of the employer.
        Registered = "REGISTERED",
        /// The unified social credit code.
        CreditCode = "CREDIT_CODE",
    }
}

/// Where a list of employers continues; it belongs to one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmployerCursor {
    /// Behind this employer in [`EmployerOrderField::Registered`].
    Registered(EmployerId),
    /// Behind this code in [`EmployerOrderField::CreditCode`].
    CreditCode(CreditCode),
}

impl EmployerCursor {
    /// The place of an employer in an order.
    #[must_use]
    pub fn of(employer: &Employer, order: EmployerOrderField) -> Self {
        match order {
            EmployerOrderField::Registered => Self::Registered(employer.id),
            EmployerOrderField::CreditCode => Self::CreditCode(employer.credit_code.clone()),
        }
    }

    /// The order it belongs to.
    #[must_use]
    pub const fn order(&self) -> EmployerOrderField {
        match self {
            Self::Registered(_) => EmployerOrderField::Registered,
            Self::CreditCode(_) => EmployerOrderField::CreditCode,
        }
    }
}
