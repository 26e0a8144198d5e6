//! Insurance months, dated statements and where somebody stands, as values.

use chrono::NaiveDate;

use crate::kernel::closed::closed;
use crate::kernel::ids::{ContributionId, EmployerId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::year_month::YearMonth;

closed! {
    /// The five social insurances of employees. Residents' insurances are not among them: they
    /// prove no employment.
    InsuranceKind {
        /// 养老保险: employees' basic pension.
        Pension = "PENSION",
        /// 失业保险: unemployment.
        Unemployment = "UNEMPLOYMENT",
        /// 医疗保险: employees' basic medical insurance.
        Medical = "MEDICAL",
        /// 工伤保险: work injury; it alone is no sign of full employment.
        WorkInjury = "WORK_INJURY",
        /// 生育保险: maternity, collected together with medical insurance.
        Maternity = "MATERNITY",
    }
}

closed! {
    /// What a posted row is.
    EntryKind {
        /// A month paid when it was due.
        Normal = "NORMAL",
        /// A month paid later than it was due.
        Arrears = "ARREARS",
        /// Money given back: amounts of zero or below.
        Refund = "REFUND",
        /// The difference between what a row should have said and what it says, of either sign.
        Correction = "CORRECTION",
    }
}

closed! {
    /// What an agency can state about somebody's insurance beside its months.
    InsuranceFactKind {
        /// Enrolled with the employer, or as a flexible payer.
        Enrolled = "ENROLLED",
        /// No longer insured with the employer.
        Stopped = "STOPPED",
        /// Contributions are owed; the enrolment stands.
        Arrears = "ARREARS",
        /// A pension is being paid out; pension insurance only.
        PensionInPayment = "PENSION_IN_PAYMENT",
    }
}

closed! {
    /// Whether somebody is insured on a day. Silence of an agency is no answer.
    InsuredNow {
        /// A month of this or the previous month is paid, or an enrolment stands.
        Yes = "YES",
        /// Stopped without a later month, a pension is in payment, or no month for over two months.
        No = "NO",
        /// The exchange knows too little to say.
        Unknown = "UNKNOWN",
    }
}

/// One insurance month of one person as an agency posted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The record's id.
    pub id: ContributionId,
    /// The insured person.
    pub worker: WorkerId,
    /// The employer; `None` for a flexible payer.
    pub employer: Option<EmployerId>,
    /// The head office that paid for the employer.
    pub payer: Option<EmployerId>,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// Normal, arrears, refund or correction.
    pub entry: EntryKind,
    /// The month it is for.
    pub period: YearMonth,
    /// The month it was posted in, never before `period`.
    pub posting: YearMonth,
    /// Money of the month.
    pub amounts: Amounts,
    /// The row it refunds or corrects.
    pub corrects: Option<ContributionId>,
}

/// Base and shares of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Contribution base: the wage that shares are computed from.
    pub base: Fen,
    /// Employer's share.
    pub employer: Fen,
    /// Personal share.
    pub personal: Fen,
}

impl Amounts {
    /// Both shares; they are bounded when a row is taken, so that sums stay far from the limits.
    #[must_use]
    pub const fn paid(self) -> i64 {
        self.employer
            .as_i64()
            .saturating_add(self.personal.as_i64())
    }
}

/// A dated statement of an agency about one insurance of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The insured person.
    pub worker: WorkerId,
    /// The employer it is about; `None` for a flexible payer or a pension.
    pub employer: Option<EmployerId>,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// What is stated.
    pub fact: InsuranceFactKind,
    /// First day it holds.
    pub since: NaiveDate,
}

/// Where somebody stands in one insurance, derived from months and statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Latest month for which more was paid than given back.
    pub last_period: Option<YearMonth>,
    /// Latest enrolment.
    pub enrolled_on: Option<NaiveDate>,
    /// When it stopped; `None` while an enrolment stands.
    pub stopped_on: Option<NaiveDate>,
    /// First day of a pension in payment.
    pub pension_since: Option<NaiveDate>,
    /// First day of the latest arrears that were stated, paid since or not.
    pub arrears_since: Option<NaiveDate>,
}

/// A month that counts: more was paid for it by one employer than was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InsuredMonth {
    /// Which insurance.
    pub kind: InsuranceKind,
    /// The month.
    pub period: YearMonth,
    /// The posting month from which on it has counted: what a decision on a day before may not
    /// have known.
    pub posting: YearMonth,
    /// Who paid; `None` for a flexible payer.
    pub employer: Option<EmployerId>,
}

/// One person's standing in one insurance on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which insurance.
    pub kind: InsuranceKind,
    /// Whether they are insured.
    pub insured: InsuredNow,
    /// What the answer rests on.
    pub position: Position,
}
