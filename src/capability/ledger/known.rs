//! What a row says of people and households that the registry knows already.
//!
//! A ledger has no date, so that an old file could undo what was recorded since: nothing on a
//! record is overwritten by one. What differs is said instead, value by value, for the county to
//! decide about.

use super::columns::Column;
use super::defect::{Defect, Finding};
use super::row::Person;
use crate::capability::worker::public::{Categories, WorkStatus, Worker};
use crate::kernel::closed::Closed as _;
use crate::kernel::region_code::RegionCode;
use crate::kernel::text::same_name;

/// Where somebody is registered.
pub(super) struct Residence<'a> {
    pub(super) village: RegionCode,
    pub(super) number: Option<&'a str>,
    pub(super) categories: Categories,
}

/// Where the row places the person otherwise than the registry does.
pub(super) fn placed_differently(person: &Person, residence: &Residence<'_>) -> Vec<Finding> {
    let Residence {
        village,
        number,
        categories,
    } = residence;
    let mut findings = Vec::new();
    if let Some(given) = &person.household_number
        && Some(given.as_str()) != *number
    {
        findings.push(differs(Column::HouseholdNumber, given));
    }
    // A county's or township's code says nothing else than a village in it.
    if !person.origin.contains(*village) {
        findings.push(differs(
            Column::OriginRegionCode,
            &person.origin.to_string(),
        ));
    }
    if !categories.iter().any(|held| held == person.category) {
        findings.push(differs(Column::Category, person.category.as_str()));
    }
    findings
}

/// What else the row says otherwise than the record of the person. A job is no part of it: another
/// job is recorded beside those on record.
pub(super) fn described_differently(person: &Person, record: &Worker) -> Vec<Finding> {
    let mut findings = Vec::new();
    let same_address = |given: &str| {
        let known = record.origin_address.as_deref();
        known.is_some_and(|known| same_name(known, given))
    };
    if let Some(given) = &person.origin_address
        && !same_address(given)
    {
        findings.push(differs(Column::OriginAddress, given));
    }
    let flag = |value: bool| if value { "是" } else { "否" };
    if let Some(given) = person.education
        && record.education != Some(given)
    {
        findings.push(differs(Column::Education, given.as_str()));
    }
    if let Some(given) = person.able
        && record.able != Some(given)
    {
        findings.push(differs(Column::AbleToWork, flag(given)));
    }
    // Whoever works counts as willing, whatever was stated.
    let works = record.work_status == WorkStatus::Working;
    if let Some(given) = person.willing
        && !works
        && record.willing != Some(given)
    {
        findings.push(differs(Column::WillingToWork, flag(given)));
    }
    let out_of_work = match record.work_status {
        WorkStatus::NotWorking | WorkStatus::LeftLabourForce => true,
        WorkStatus::Working | WorkStatus::Deceased | WorkStatus::Unknown => false,
    };
    if person.working == Some(false) && !out_of_work {
        findings.push(differs(Column::Working, flag(false)));
    }
    // Masks tell two numbers of one person apart well enough to say: have a look.
    if let Some(given) = &person.phone
        && record.phone_mask.as_deref() != Some(given.masked().as_str())
    {
        findings.push(differs(Column::Phone, given.expose()));
    }
    findings
}

fn differs(column: Column, value: &str) -> Finding {
    Finding::new(column, Defect::DiffersFromRecord, value)
}
