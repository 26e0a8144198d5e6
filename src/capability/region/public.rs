//! What other capabilities may know about divisions.
//!
//! Divisions are no secret, so these take any session whatever it was opened for.

use std::collections::HashMap;

use chrono::NaiveDate;

pub use super::model::{KnownDivisions, Region, RegionId};
use super::{model, repo};
use crate::kernel::error::Failure;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::Session;

/// Whether the table has the code, in force or not: records outlive the divisions they name.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn exists(session: &impl Session, code: RegionCode) -> Result<bool, Failure> {
    Ok(find(session, code).await?.is_some())
}

/// One division.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find(session: &impl Session, code: RegionCode) -> Result<Option<Region>, Failure> {
    repo::find(session, code).await
}

/// The divisions among `codes` that the table has, by one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(
    session: &impl Session,
    codes: &[RegionCode],
) -> Result<HashMap<RegionCode, Region>, Failure> {
    repo::find_many(session, codes).await
}

/// A division that has ended, with what took its place and is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// What ended.
    pub from: RegionCode,
    /// What took its place, the last of several.
    pub to: RegionCode,
    /// Its last day.
    pub ended: NaiveDate,
}

/// The divisions that ended before today and have a successor, the narrowest first: a village's own
/// successor comes before that of its county.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn succeeded(session: &impl Session) -> Result<Vec<Succession>, Failure> {
    let ended = repo::ended_with_successor(session).await?;
    let next: HashMap<RegionCode, RegionCode> = ended
        .iter()
        .filter_map(|region| Some((region.code, region.successor?)))
        .collect();
    let last = |code: RegionCode| {
        // As many steps as there are divisions: what leads in a circle leads nowhere.
        let mut to = next.get(&code).copied()?;
        for _ in 0..next.len() {
            match next.get(&to) {
                Some(further) => to = *further,
                None => return Some(to),
            }
        }
        None
    };
    let targets: Vec<RegionCode> = ended
        .iter()
        .filter_map(|region| last(region.code))
        .collect();
    let targets = repo::find_many(session, &targets).await?;
    let mut found: Vec<Succession> = ended
        .iter()
        .filter_map(|region| {
            let to = last(region.code)?;
            let in_force = targets.get(&to)?.in_force_on(session.today());
            // A residence is at least as narrow as a county.
            (in_force && to.county().is_some()).then_some(Succession {
                from: region.code,
                to,
                ended: region.valid_to?,
            })
        })
        // What grew out of itself would be followed for ever.
        .filter(|succession| !succession.from.contains(succession.to))
        .collect();
    found.sort_by_key(|succession| {
        let (first, last) = succession.from.range();
        (last.as_i64() - first.as_i64(), first.as_i64())
    });
    Ok(found)
}

/// Every county of the table in the order of codes, abolished ones included, with the prefectures
/// that have no counties and stand in for one; by one statement.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn counties(session: &impl Session) -> Result<Vec<Region>, Failure> {
    Ok(model::county_equivalents(
        repo::prefectures_and_counties(session).await?,
    ))
}

/// What a resident id's first six digits are checked against, as the table stands now; by one
/// statement, so load it once per request or batch.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn known_counties(session: &impl Session) -> Result<KnownDivisions, Failure> {
    Ok(KnownDivisions::new(
        &counties(session).await?,
        session.today(),
    ))
}
