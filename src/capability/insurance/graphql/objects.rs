//! Months and standings as the schema shows them. The employers of a month are in `api/edges`.

use async_graphql::{ID, SimpleObject};

use super::super::model::{
    Amounts, Contribution, EntryKind, InsuranceKind, InsuredNow, Position, Standing,
};
use crate::kernel::ids::{self, EmployerId};
use crate::kernel::money::Fen;
use crate::kernel::year_month::YearMonth;
use crate::platform::gql::Date;

/// One insurance month of one person as an agency posted it. Rows are never changed: a correction
/// is a row of its own.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Contribution", complex)]
pub struct ContributionNode {
    #[graphql(skip)]
    pub(crate) employer_key: Option<EmployerId>,
    #[graphql(skip)]
    pub(crate) payer_key: Option<EmployerId>,
    /// Opaque id of the row.
    pub id: ID,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// Normal month, arrears, refund or correction.
    pub entry: EntryKind,
    /// The month it is for.
    pub period_month: YearMonth,
    /// The month it was posted in: later than `periodMonth` for a back payment.
    pub posting_month: YearMonth,
    /// Contribution base, the wage that the shares are computed from; never negative.
    pub base: Fen,
    /// Employer's share; zero or below for a refund, of either sign for a correction.
    pub employer_amount: Fen,
    /// Personal share; zero or below for a refund, of either sign for a correction.
    pub personal_amount: Fen,
    /// Id of the row that this one corrects or refunds; null for payments, and when the exchange
    /// never had that row.
    pub corrects: Option<ID>,
}

impl From<Contribution> for ContributionNode {
    fn from(row: Contribution) -> Self {
        let Contribution {
            id,
            worker: _,
            employer,
            payer,
            kind,
            entry,
            period,
            posting,
            amounts:
                Amounts {
                    base,
                    employer: employer_amount,
                    personal: personal_amount,
                },
            corrects,
        } = row;
        Self {
            employer_key: employer,
            payer_key: payer,
            id: ID(ids::encode(id)),
            kind,
            entry,
            period_month: period,
            posting_month: posting,
            base,
            employer_amount,
            personal_amount,
            corrects: corrects.map(|id| ID(ids::encode(id))),
        }
    }
}

/// Where a person stands in one insurance today.
#[derive(Clone, SimpleObject)]
#[graphql(name = "InsuranceStanding")]
pub struct InsuranceStandingObject {
    /// Which insurance.
    pub kind: InsuranceKind,
    /// Whether the person is insured. Work injury alone is no sign of full employment.
    pub insured: InsuredNow,
    /// Latest month for which more was paid than given back; null when there is none.
    pub last_month: Option<YearMonth>,
    /// Latest enrolment that an agency stated; null when none did.
    pub enrolled_on: Option<Date>,
    /// When insurance stopped; null while an enrolment stands or nothing was stated.
    pub stopped_on: Option<Date>,
    /// First day of a pension in payment; null when none is known.
    pub pension_since: Option<Date>,
    /// First day of the latest arrears that an agency stated; null when none did. The enrolment stands;
    /// whether they have been paid since, the months tell.
    pub arrears_since: Option<Date>,
}

impl From<Standing> for InsuranceStandingObject {
    fn from(standing: Standing) -> Self {
        let Standing {
            kind,
            insured,
            position:
                Position {
                    last_period,
                    enrolled_on,
                    stopped_on,
                    pension_since,
                    arrears_since,
                },
        } = standing;
        Self {
            kind,
            insured,
            last_month: last_period,
            enrolled_on: enrolled_on.map(Date),
            stopped_on: stopped_on.map(Date),
            pension_since: pension_since.map(Date),
            arrears_since: arrears_since.map(Date),
        }
    }
}
