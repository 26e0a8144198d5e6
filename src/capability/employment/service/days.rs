//! The days of a job and of its contract: which can be meant, and in which order they come.

use chrono::NaiveDate;

use super::super::error::{EmploymentRejection as R, Rejected};
use super::super::rules;
use crate::kernel::days::{is_beyond, is_too_early};

/// Years from today within which a term of a contract begins: it is agreed some time before.
pub(super) const BEGINS_WITHIN: u32 = 5;
/// Years from today within which a term ends: a working life.
pub(super) const ENDS_WITHIN: u32 = 50;

/// Refuses a first day of work in the future, or before anybody in the registry worked.
pub(super) fn check_start(started_on: NaiveDate, today: NaiveDate) -> Result<(), Rejected> {
    if started_on > today {
        return Err(Rejected::at("startedOn", R::DateInFuture));
    }
    if is_too_early(started_on) {
        return Err(Rejected::at("startedOn", R::DateTooEarly));
    }
    Ok(())
}

/// Refuses a term of a contract that nobody has agreed.
pub(super) fn check_term(
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Rejected> {
    for (field, day, within) in [
        ("contractStart", start, BEGINS_WITHIN),
        ("contractEnd", end, ENDS_WITHIN),
    ] {
        if day.is_some_and(is_too_early) {
            return Err(Rejected::at(field, R::DateTooEarly));
        }
        if day.is_some_and(|day| is_beyond(day, today, within)) {
            return Err(Rejected::at(field, R::DateTooLate));
        }
    }
    if rules::is_contract_in_order(start, end) {
        Ok(())
    } else {
        Err(Rejected::at("contractEnd", R::BadPeriod))
    }
}
