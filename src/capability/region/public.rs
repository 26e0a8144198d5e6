//! What other capabilities may know about divisions.
//!
//! Divisions are no secret, so these take any session whatever it was opened for.

use std::collections::{HashMap, HashSet};

pub use super::model::{KnownDivisions, Places, Region, RegionId};
pub use super::successors::{Succession, follow};
use super::{model, repo, successors};
use crate::kernel::error::Failure;
use crate::kernel::region_code::{RegionCode, RegionLevel};
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

/// The divisions among `codes` that the table has, to place people, jobs and employers in them: by
/// one statement, and one more where a prefecture is among them.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn places(session: &impl Session, codes: &[RegionCode]) -> Result<Places, Failure> {
    let regions = repo::find_many(session, codes).await?;
    let mut undivided: HashSet<RegionCode> = regions
        .keys()
        .filter(|code| code.level() == RegionLevel::Prefecture)
        .copied()
        .collect();
    if !undivided.is_empty() {
        let prefectures: Vec<RegionCode> = undivided.iter().copied().collect();
        for divided in repo::divided(session, &prefectures).await? {
            undivided.remove(&divided);
        }
    }
    Ok(Places::new(regions, undivided))
}

/// What has taken the place of a division that has ended, or of one around it, the narrowest first;
/// `None` for what is in force or has no successor that is.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn successor(
    session: &impl Session,
    code: RegionCode,
) -> Result<Option<RegionCode>, Failure> {
    let succeeded = successors::succeeded(session).await?;
    let succession = succeeded.into_iter().find(|one| one.from.contains(code));
    Ok(succession.map(|one| one.to))
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
