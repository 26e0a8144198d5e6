//! The days of a job and of its contract: which can be meant, and in which order they come.

use chrono::NaiveDate;

use super::super::error::{EmploymentRejection as R, Rejected};
use super::super::model::Job;
use super::super::rules;
use crate::kernel::days::{is_beyond, is_too_early};

/// Years from today within which a term of a contract begins: it is agreed some time before.
pub(super) const BEGINS_WITHIN: u32 = 5;
/// Years from today within which a term ends: a working life.
pub(super) const ENDS_WITHIN: u32 = 50;

/// The days of a job and of its contract's first term.
#[derive(Clone, Copy)]
pub(super) struct Days {
    pub(super) started_on: NaiveDate,
    pub(super) contract_start: Option<NaiveDate>,
    pub(super) contract_end: Option<NaiveDate>,
}

impl Days {
    pub(super) const fn of(job: &Job) -> Self {
        Self {
            started_on: job.started_on,
            contract_start: job.contract_start,
            contract_end: job.contract_end,
        }
    }

    /// Refuses a first day of work in the future, or before anybody in the registry worked, and a
    /// contract that does not fit it.
    pub(super) fn check(self, today: NaiveDate) -> Result<(), Rejected> {
        let Self {
            started_on,
            contract_start,
            contract_end,
        } = self;
        if started_on > today {
            return Err(Rejected::at("startedOn", R::DateInFuture));
        }
        if is_too_early(started_on) {
            return Err(Rejected::at("startedOn", R::DateTooEarly));
        }
        check_term(contract_start, contract_end, today)?;
        if contract_end.is_some_and(|end| end < started_on) {
            return Err(Rejected::at("contractEnd", R::ContractEndsBeforeJob));
        }
        Ok(())
    }

    /// Refuses what would begin before the person was born.
    pub(super) fn check_born(self, born: NaiveDate) -> Result<(), Rejected> {
        if self.started_on < born {
            return Err(Rejected::at("startedOn", R::DateBeforeBirth));
        }
        if self.contract_start.is_some_and(|start| start < born) {
            return Err(Rejected::at("contractStart", R::DateBeforeBirth));
        }
        Ok(())
    }
}

/// The first day on which somebody born in a year can have been born.
pub(super) fn earliest_birth(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN)
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
