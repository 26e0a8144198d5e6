//! What follows from what is known about a job: pure decisions.

use chrono::NaiveDate;

use super::model::{Employment, EmploymentState, Job};
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;

/// Whether a job counts on a day: confirmed, begun and not ended. The day on which it ended no
/// longer counts, as in the person's derived work status.
#[must_use]
pub fn is_current_on(employment: &Employment, day: NaiveDate) -> bool {
    employment.state == EmploymentState::Confirmed
        && employment.job.started_on <= day
        && employment.ending.is_none_or(|ending| ending.on > day)
}

/// Whether a workplace lies outside the province of somebody registered in `origin`. Such a job
/// belongs to the origin alone: there is no destination in the exchange.
#[must_use]
pub fn is_outside_province(origin: RegionCode, workplace: RegionCode) -> bool {
    origin.province_prefix() != workplace.province_prefix()
}

/// Whether a month of insurance of the same person and employer confirms a reported job: when the
/// job had started by the month's end.
#[must_use]
pub fn is_confirmed_by_month(started_on: NaiveDate, month: YearMonth) -> bool {
    started_on <= month.last_day()
}

/// Whether two records of one person share a day. Overlaps are allowed (two part-time jobs) and
/// shown; they are what a later check looks at.
#[must_use]
pub fn overlap(one: &Employment, other: &Employment) -> bool {
    let starts_before_end =
        |a: &Employment, b: &Employment| b.ending.is_none_or(|ending| a.job.started_on < ending.on);
    one.worker == other.worker && starts_before_end(one, other) && starts_before_end(other, one)
}

/// Whether the days of a contract are in order.
#[must_use]
pub fn is_contract_in_order(start: Option<NaiveDate>, end: Option<NaiveDate>) -> bool {
    match (start, end) {
        (Some(start), Some(end)) => start <= end,
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

/// Whether a further term follows the latest one: it begins later.
#[must_use]
pub fn follows(job: &Job, latest_renewal: Option<NaiveDate>, start: NaiveDate) -> bool {
    latest_renewal
        .or(job.contract_start)
        .is_none_or(|latest| start > latest)
}
