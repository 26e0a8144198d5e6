//! Decisions about insurance from months and statements; pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::model::{
    Amounts, Contribution, EntryKind, InsuranceFactKind, InsuranceKind, InsuredMonth, InsuredNow,
    Position, Statement,
};
use crate::kernel::ids::EmployerId;
use crate::kernel::money::Fen;
use crate::kernel::year_month::YearMonth;

/// Months that an agency may lag behind before its silence speaks against the person: months are
/// delivered in the month after, and one delivery may fail.
pub const TOLERATED_LAG: i32 = 2;

/// Whether somebody is insured on a day. In this order:
///
/// 1. This month is paid: yes, also when insurance stopped within it.
/// 2. It stopped (for pensions: or a pension is in payment), and neither a later month nor a later
///    enrolment is known, nor another employer that goes on paying ([`position`]): no.
/// 3. The last month, or the enrolment that stands, lies in this or the previous month: yes.
/// 4. It lies two months back: yes with an enrolment that stands, else unknown, since agencies lag.
/// 5. Months are known, but the last is older: no. An old enrolment without any month is unknown:
///    it proves neither.
/// 6. Nothing is known: unknown.
///
/// Arrears do not end an enrolment and so do not count here. Lists and figures take the same rule
/// as a condition (`worker::public::insured_now`); a test holds the two together.
#[must_use]
pub fn insured_now(kind: InsuranceKind, position: &Position, as_of: NaiveDate) -> InsuredNow {
    let Some(this_month) = YearMonth::of(as_of) else {
        return InsuredNow::Unknown;
    };
    let last = position.last_period;
    if last.is_some_and(|month| month >= this_month) {
        return InsuredNow::Yes;
    }
    let reached = |day: &NaiveDate| *day <= as_of;
    let pension = position
        .pension_since
        .filter(|_| kind == InsuranceKind::Pension);
    let ended = position
        .stopped_on
        .filter(reached)
        .max(pension.filter(reached));
    let enrolled = position
        .enrolled_on
        .filter(reached)
        .filter(|day| Some(*day) > ended);
    let paid_later = |end: NaiveDate| last > YearMonth::of(end);
    if ended.is_some_and(|end| enrolled.is_none() && !paid_later(end)) {
        return InsuredNow::No;
    }
    let freshest = last.max(enrolled.and_then(YearMonth::of));
    match freshest.map(|month| month.months_between(this_month)) {
        None => InsuredNow::Unknown,
        Some(lag) if lag < TOLERATED_LAG => InsuredNow::Yes,
        Some(TOLERATED_LAG) if enrolled.is_some() => InsuredNow::Yes,
        Some(TOLERATED_LAG) => InsuredNow::Unknown,
        Some(_) if last.is_some() => InsuredNow::No,
        Some(_) => InsuredNow::Unknown,
    }
}

/// The months that count, by kind and month. Rows of one kind, month and employer are one account:
/// the month counts while more was paid than given back. One employer's refund does not undo a
/// month that another paid. A back payment counts from its posting month on, not before.
///
/// A month is paid once. What several agencies tell of it, or one tells again with another posting
/// month, is one payment as long as the shares are the same, and a refund takes it back however often
/// it was told. What is posted after that, or has other shares, is another payment.
#[must_use]
pub fn insured_months(rows: &[Contribution]) -> Vec<InsuredMonth> {
    type Key = (InsuranceKind, YearMonth, Option<EmployerId>);
    let mut accounts: BTreeMap<Key, Vec<&Contribution>> = BTreeMap::new();
    for row in rows {
        let key = (row.kind, row.period, row.employer);
        accounts.entry(key).or_default().push(row);
    }
    accounts
        .into_iter()
        .filter_map(|((kind, period, employer), mut rows)| {
            // Of one posting month, payments come before what takes them back.
            rows.sort_by_key(|row| (row.posting, !is_payment(row), Reverse(row.amounts.paid())));
            let mut account = Account::default();
            rows.into_iter().for_each(|row| account.book(row));
            Some(InsuredMonth {
                kind,
                period,
                posting: account.since?,
                employer,
            })
        })
        .collect()
}

const fn is_payment(row: &Contribution) -> bool {
    match row.entry {
        EntryKind::Normal | EntryKind::Arrears => true,
        EntryKind::Refund | EntryKind::Correction => false,
    }
}

/// What one employer paid for one month of one insurance.
#[derive(Default)]
struct Account {
    /// What was booked since it last stood at nothing: payment or not, and the shares.
    booked: BTreeSet<(bool, Fen, Fen)>,
    net: i64,
    /// The posting month since which more was paid than given back, without a break.
    since: Option<YearMonth>,
}

impl Account {
    /// Takes the next row in the order of posting.
    fn book(&mut self, row: &Contribution) {
        let Amounts {
            base: _,
            employer,
            personal,
        } = row.amounts;
        if !self.booked.insert((is_payment(row), employer, personal)) {
            return;
        }
        self.net = self.net.saturating_add(row.amounts.paid());
        if self.net > 0 {
            self.since = self.since.or(Some(row.posting));
        } else {
            *self = Self::default();
        }
    }
}

/// The last month of one insurance that counts, for each employer; `None` pays alone.
pub type LastMonths = BTreeMap<Option<EmployerId>, YearMonth>;

/// The last month that counts of each insurance and employer.
#[must_use]
pub fn last_months(rows: &[Contribution]) -> BTreeMap<InsuranceKind, LastMonths> {
    let mut last: BTreeMap<InsuranceKind, LastMonths> = BTreeMap::new();
    for month in insured_months(rows) {
        let of_kind = last.entry(month.kind).or_default();
        let known = of_kind.entry(month.employer).or_insert(month.period);
        *known = month.period.max(*known);
    }
    last
}

/// Where somebody stands in one insurance, from the last months that count and every statement about
/// that insurance. An employer's enrolment stands until that employer's stop
/// on the same or a later day: leaving one employer does not end the insurance with another. Nor does
/// a stop, where another employer has paid for its month or a later one and has not stopped itself.
#[must_use]
pub fn position(last: &LastMonths, statements: &[Statement]) -> Position {
    let latest = |wanted: InsuranceFactKind, of: Option<Option<EmployerId>>| {
        statements
            .iter()
            .filter(|s| s.fact == wanted && of.is_none_or(|employer| s.employer == employer))
            .map(|s| s.since)
            .max()
    };
    let stopped = |employer| latest(InsuranceFactKind::Stopped, Some(employer));
    let standing = statements
        .iter()
        .filter(|s| s.fact == InsuranceFactKind::Enrolled)
        .filter(|s| stopped(s.employer) < Some(s.since))
        .map(|s| s.since)
        .max();
    let overtaken = |stop: &Statement| {
        last.iter().any(|(employer, month)| {
            let goes_on = stopped(*employer).and_then(YearMonth::of) < Some(*month);
            goes_on && *employer != stop.employer && YearMonth::of(stop.since) <= Some(*month)
        })
    };
    let stops = statements
        .iter()
        .filter(|s| s.fact == InsuranceFactKind::Stopped && !overtaken(s));
    let (enrolled_on, stopped_on) = match standing {
        Some(day) => (Some(day), None),
        None => (
            latest(InsuranceFactKind::Enrolled, None),
            stops.map(|s| s.since).max(),
        ),
    };
    Position {
        last_period: last.values().max().copied(),
        enrolled_on,
        stopped_on,
        pension_since: statements
            .iter()
            .filter(|s| s.fact == InsuranceFactKind::PensionInPayment)
            .map(|s| s.since)
            .min(),
        arrears_since: latest(InsuranceFactKind::Arrears, None),
    }
}

/// Whether a month of this insurance with an employer is evidence of a job there. Work injury alone
/// is not: it is bought for day labour and interns too.
#[must_use]
pub const fn is_employment_evidence(kind: InsuranceKind) -> bool {
    match kind {
        InsuranceKind::Pension
        | InsuranceKind::Unemployment
        | InsuranceKind::Medical
        | InsuranceKind::Maternity => true,
        InsuranceKind::WorkInjury => false,
    }
}

/// The months that can say that somebody works somewhere now: this one and as many before it as an
/// agency may lag.
#[must_use]
pub fn recent_months(as_of: NaiveDate) -> Vec<YearMonth> {
    let this_month = YearMonth::of(as_of);
    (0..=TOLERATED_LAG)
        .filter_map(|back| this_month?.plus(-back))
        .collect()
}

/// Where one person works now by the months of insurance: the employers with a recent month that
/// counts, of an insurance that is evidence of a job, which the employer has not stopped in that
/// month or later. An old month, one that was given back, and one before a stop tell of a job that
/// may be over.
#[must_use]
pub fn employed_in(
    rows: &[Contribution],
    statements: &[Statement],
    as_of: NaiveDate,
) -> Vec<(EmployerId, YearMonth)> {
    let recent = recent_months(as_of);
    let latest = |fact: InsuranceFactKind, kind: InsuranceKind, employer: EmployerId| {
        statements
            .iter()
            .filter(|s| s.fact == fact && s.kind == kind && s.employer == Some(employer))
            .map(|s| s.since)
            .filter(|since| *since <= as_of)
            .max()
    };
    let goes_on = |kind, employer, period: YearMonth| {
        let stopped = latest(InsuranceFactKind::Stopped, kind, employer);
        stopped.is_none_or(|stop| {
            latest(InsuranceFactKind::Enrolled, kind, employer) > Some(stop)
                || YearMonth::of(stop) < Some(period)
        })
    };
    insured_months(rows)
        .into_iter()
        .filter(|month| is_employment_evidence(month.kind) && recent.contains(&month.period))
        .filter_map(|month| {
            let employer = month.employer?;
            goes_on(month.kind, employer, month.period).then_some((employer, month.period))
        })
        .collect()
}

#[cfg(test)]
mod tests;
