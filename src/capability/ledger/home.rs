//! The household a row's person goes into: the one that is there, or a new one.

use std::collections::HashMap;

use super::columns::Column;
use super::defect::{Defect, Finding};
use super::known::{Residence, placed_differently};
use super::row::{Person, ReadRow};
use crate::capability::worker::public::{
    self as worker, Categories, Home, PovertyCategory, RegisterHousehold,
};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::HouseholdId;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::platform::crypto::Context;
use crate::platform::db::scratch::Scratch;
use crate::platform::db::{Session as _, WriteSession};

/// Separates keys of households that a dry run would make from all others in the scratch set.
const REHEARSED: Context = Context::new("ledger.rehearsed_household");

/// Separates the numbers that households are given from all other hashes.
const NUMBERED: Context = Context::new("ledger.household_number");

/// The county of a region, or the region itself where it is wider.
pub(super) fn county_of(region: RegionCode) -> RegionCode {
    region.county_or_itself()
}

/// Puts a number of the exchange's own where a household's is somebody's resident id, which whoever
/// sees the household would read. The same of a county is always given the same one, so that members
/// and later files find each other.
pub(super) fn rename_households(tx: &WriteSession, rows: &mut [ReadRow]) {
    for row in rows {
        let Some(person) = &mut row.person else {
            continue;
        };
        let county = county_of(person.origin);
        let Some(number) = &mut person.household_number else {
            continue;
        };
        if ResidentId::stands_in(number) {
            let finding = Finding::new(Column::HouseholdNumber, Defect::PersonalNumber, number);
            row.findings.push(finding);
            let own = tx
                .keys()
                .index
                .index(NUMBERED, &format!("{county}/{number}"));
            *number = format!("户{}", &own.to_hex()[..12]);
        }
    }
}

/// The households of a batch.
pub(super) struct Homes<'a> {
    /// By county and number: the members of a household follow each other in a ledger.
    known: HashMap<(RegionCode, String), Home>,
    /// Where a dry run keeps which households its earlier batches would have made.
    rehearsed: Option<&'a Scratch>,
    /// The number in the file of the row that is brought in.
    row: u64,
}

impl<'a> Homes<'a> {
    pub(super) fn new(rehearsed: Option<&'a Scratch>) -> Self {
        Self {
            known: HashMap::new(),
            rehearsed,
            row: 0,
        }
    }

    /// Where a dry run keeps what its earlier batches would have made.
    pub(super) const fn rehearsed(&self) -> Option<&'a Scratch> {
        self.rehearsed
    }

    /// Goes on to a row.
    pub(super) const fn at(&mut self, row: u64) {
        self.row = row;
    }
}

/// A household just made, as a later batch finds it, and whether an earlier one would have made it. The batches of a dry run are taken back one by
/// one, so there it stands as the row says that would have made it first. One without its number
/// is found by no later row.
async fn founded(
    tx: &WriteSession,
    homes: &Homes<'_>,
    made: Home,
    person: &Person,
) -> Result<(Home, bool), Failure> {
    let (Some(scratch), Some(number)) = (homes.rehearsed, &made.number) else {
        return Ok((made, false));
    };
    let key = format!("{}/{number}", county_of(person.origin));
    let key = tx.keys().index.index(REHEARSED, &key);
    let mark = format!("{}/{}", made.village, person.category.as_str());
    let Some(first) = scratch.first(&key, homes.row, &mark).await? else {
        return Ok((made, false));
    };
    let (village, category) = first
        .mark
        .split_once('/')
        .and_then(|(village, category)| {
            let village = RegionCode::parse(village).ok()?;
            Some((village, PovertyCategory::parse(category)?))
        })
        .ok_or_else(|| Failure::internal("the scratch set holds no household"))?;
    let home = Home {
        village,
        categories: Categories::default().with(category),
        ..made
    };
    Ok((home, true))
}

/// Where somebody new goes.
pub(super) struct Entered {
    pub(super) household: HouseholdId,
    /// Whether the row has made it.
    pub(super) made: bool,
    /// What it says otherwise than the row, and what the row left open.
    pub(super) notes: Vec<Finding>,
}

impl Entered {
    fn newly(household: HouseholdId, person: &Person) -> Self {
        let assumed = person.since_left_blank;
        let assumed = assumed.then(|| Finding::new(Column::CategorySince, Defect::DayOfImport, ""));
        Self {
            household,
            made: true,
            notes: assumed.into_iter().collect(),
        }
    }
}

/// The household for somebody who is not registered yet.
pub(super) async fn home_for(
    tx: &mut WriteSession,
    homes: &mut Homes<'_>,
    person: &Person,
) -> Result<Result<Entered, Finding>, Failure> {
    let Some(number) = &person.household_number else {
        let made = registered(tx, person, None).await?;
        return Ok(made.map(|id| Entered::newly(id, person)));
    };
    let county = county_of(person.origin);
    let key = (county, number.clone());
    let (home, known) = match homes.known.get(&key) {
        Some(home) => (home.clone(), true),
        None => match worker::home_numbered_in(tx, county, number).await? {
            Some(home) => (home, true),
            None => match made(tx, person, number).await? {
                Ok(home) => founded(tx, homes, home, person).await?,
                Err(finding) => return Ok(Err(finding)),
            },
        },
    };
    let residence = Residence {
        village: home.village,
        number: home.number.as_deref(),
        categories: home.categories,
    };
    let mut entered = if known {
        Entered {
            household: home.id,
            made: false,
            notes: Vec::new(),
        }
    } else {
        Entered::newly(home.id, person)
    };
    entered.notes.extend(placed_differently(person, &residence));
    homes.known.insert(key, home);
    Ok(Ok(entered))
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
