//! The closed sets of the employer registry.

use crate::kernel::closed::closed;
use crate::kernel::credit_code::CreditCode;

closed! {
    /// Legal kind of an employer.
    EmployerKind {
        /// A company or another enterprise.
        Enterprise = "ENTERPRISE",
        /// An individual or family business.
        SoleTrader = "SOLE_TRADER",
        /// A farmers' cooperative or a rural collective.
        Cooperative = "COOPERATIVE",
        /// An association, foundation, private non-enterprise unit or trade union.
        SocialOrganisation = "SOCIAL_ORGANISATION",
        /// A government organ or a public institution.
        GovernmentBody = "GOVERNMENT_BODY",
        /// An enterprise licensed to dispatch its staff to other units.
        LabourDispatch = "LABOUR_DISPATCH",
    }
}

closed! {
    /// What market regulation can state about an employer.
    EmployerStanding {
        /// Registered and operating.
        Active = "ACTIVE",
        /// On the list of abnormal operations.
        Abnormal = "ABNORMAL",
        /// On the list of serious violations.
        Blacklisted = "BLACKLISTED",
        /// Deregistered or revoked.
        Dissolved = "DISSOLVED",
    }
}

closed! {
    /// An employer's current status, derived from what market regulation has stated.
    EmployerStatus {
        /// Registered and operating.
        Active = "ACTIVE",
        /// On the list of abnormal operations.
        Abnormal = "ABNORMAL",
        /// On the list of serious violations.
        Blacklisted = "BLACKLISTED",
        /// Deregistered or revoked.
        Dissolved = "DISSOLVED",
        /// Market regulation has stated nothing yet.
        Unknown = "UNKNOWN",
    }
}

impl From<EmployerStanding> for EmployerStatus {
    fn from(standing: EmployerStanding) -> Self {
        match standing {
            EmployerStanding::Active => Self::Active,
            EmployerStanding::Abnormal => Self::Abnormal,
            EmployerStanding::Blacklisted => Self::Blacklisted,
            EmployerStanding::Dissolved => Self::Dissolved,
        }
    }
}

closed! {
    /// What an employer can be accredited as.
    AccreditationKind {
        /// Employment assistance workshop: brings work to villages for people lifted out of poverty.
        AssistanceWorkshop = "ASSISTANCE_WORKSHOP",
    }
}

impl EmployerKind {
    /// The kind that a credit code's first characters (registering department and kind of unit,
    /// GB 32100) point to, until somebody who knows the unit states it. Dispatch firms are
    /// enterprises by their code; only a statement makes them [`EmployerKind::LabourDispatch`].
    #[must_use]
    pub fn of_code(code: &CreditCode) -> Self {
        match code.as_str().as_bytes() {
            [b'9', b'2', ..] => Self::SoleTrader,
            // 93 farmers' cooperatives, N rural collectives.
            [b'9', b'3', ..] | [b'N', ..] => Self::Cooperative,
            // 1 staffing commission, A military: organs and public institutions.
            [b'1' | b'A', ..] => Self::GovernmentBody,
            // 5 civil affairs, 3 justice (law firms), 7 religion, 8 trade unions.
            [b'3' | b'5' | b'7' | b'8', ..] => Self::SocialOrganisation,
            _ => Self::Enterprise,
        }
    }
}
