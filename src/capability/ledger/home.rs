//! The household a row's person goes into: the one that is there, or a new one.

use std::collections::HashMap;

use super::columns::Column;
use super::defect::{Defect, Finding};
use super::known::{Residence, placed_differently};
use super::row::Person;
use crate::capability::worker::public::{self as worker, Categories, Home, RegisterHousehold};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::HouseholdId;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session as _, WriteSession};

/// The county of a region, or the region itself where it is wider.
pub(super) fn county_of(region: RegionCode) -> RegionCode {
    region.county().unwrap_or(region)
}

/// The households of a batch by county and number: its members follow each other in a ledger.
pub(super) type Homes = HashMap<(RegionCode, String), Home>;

/// The household for somebody who is not registered yet, with what it says otherwise than the row.
pub(super) async fn home_for(
    tx: &mut WriteSession,
    homes: &mut Homes,
    person: &Person,
) -> Result<Result<(HouseholdId, Vec<Finding>), Finding>, Failure> {
    let Some(number) = &person.household_number else {
        let made = registered(tx, person, None).await?;
        return Ok(made.map(|id| (id, Vec::new())));
    };
    let county = county_of(person.origin);
    let key = (county, number.clone());
    let home = match homes.get(&key) {
        Some(home) => home.clone(),
        None => match worker::home_numbered_in(tx, county, number).await? {
            Some(home) => home,
            None => match made(tx, person, number).await? {
                Ok(home) => home,
                Err(finding) => return Ok(Err(finding)),
            },
        },
    };
    let residence = Residence {
        village: home.village,
        number: home.number.as_deref(),
        categories: home.categories,
    };
    let findings = placed_differently(person, &residence);
    let id = home.id;
    homes.insert(key, home);
    Ok(Ok((id, findings)))
}

/// A household that is new. A number that belonged to one which has ended is given up: the county
/// decides whether to use it again.
async fn made(
    tx: &mut WriteSession,
    person: &Person,
    number: &str,
) -> Result<Result<Home, Finding>, Failure> {
    let mut kept = Some(number.to_owned());
    let mut done = registered(tx, person, kept.clone()).await?;
    if done.is_err() {
        kept = None;
        done = registered(tx, person, None).await?;
    }
    Ok(done.map(|id| Home {
        id,
        village: person.origin,
        number: kept,
        categories: Categories::default().with(person.category),
    }))
}

async fn registered(
    tx: &mut WriteSession,
    person: &Person,
    number: Option<String>,
) -> Result<Result<HouseholdId, Finding>, Failure> {
    let command = RegisterHousehold {
        village: person.origin,
        number,
        category: person.category,
        category_since: person.category_since.unwrap_or_else(|| tx.today()),
    };
    match worker::register_household_in(tx, command).await {
        Ok(household) => Ok(Ok(household)),
        Err(Refusal::Failed(failure)) => Err(failure),
        // The registry and the ledger read values alike; should they ever differ, this row waits.
        Err(Refusal::Expected(_)) => Ok(Err(Finding::new(
            Column::OriginRegionCode,
            Defect::UnknownRegion,
            &person.origin.to_string(),
        ))),
    }
}
