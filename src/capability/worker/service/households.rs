//! Splitting a household and merging two.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::error::HouseholdRejection;
use super::super::model::{Household, Worker};
use super::super::repo::households::HouseholdChanges;
use super::super::repo::{categories, members};
use super::super::rules::statements::inherited;
use super::HouseholdDone;
use super::derive::rederive_in;
use super::parse;
use super::reach::households_in;
use super::residence::{
    Move, at_version, change_in, found_in, joined_in, living, moving_day, number, refused,
    relocate_in, seat, standing,
};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::WriteSession;
use crate::platform::journal::AuditEntry;

/// People who leave a household together and found a new one.
#[derive(Clone, Debug)]
pub struct SplitHousehold {
    /// The household they leave.
    pub household: HouseholdId,
    /// Who leaves; at least one stays.
    pub members: Vec<WorkerId>,
    /// Where the new household is; the same village when absent.
    pub village: Option<RegionCode>,
    /// The new household's number.
    pub number: Option<String>,
    /// Why, in the officer's words.
    pub reason: String,
    /// The first day of the new household.
    pub split_on: NaiveDate,
    /// The version of the household the caller has read.
    pub version: i64,
}

/// The two households of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdSplit {
    /// The household that was left.
    pub left: HouseholdId,
    /// The new one.
    pub founded: HouseholdId,
}

/// Splits a household of the caller's region. The new one inherits the standing category
/// statements, with source and dates.
///
/// # Errors
/// `STALE_VERSION`, `HOUSEHOLD_DISSOLVED`, `UNKNOWN_MEMBER`, `NOBODY_LEFT`, `PERSON_DECEASED` for
/// somebody who has died and so founds no household, `UNKNOWN_REGION`,
/// `HOUSEHOLD_NUMBER_TAKEN`, `DATE_IN_FUTURE`, `BEFORE_PRESENT_RESIDENCE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// `ORIGIN_DECIDES` for a household that the caller only reads; [`Failure::NotFound`] for any other
/// outside the caller's region.
pub async fn split_household(
    mut tx: WriteSession,
    command: SplitHousehold,
) -> Result<HouseholdSplit, Refusal> {
    let SplitHousehold {
        household,
        members: leaving,
        village,
        number: raw,
        reason,
        split_on,
        version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let [from] = households_in(&tx, [("householdId", household)]).await?;
    at_version("version", from.version, version)?;
    standing("householdId", &from)?;
    let leaving: BTreeSet<WorkerId> = leaving.into_iter().collect();
    let people = members::locked_in(&tx, &[from.id]).await?;
    let all = people.len();
    let people: Vec<_> = people.iter().filter(|p| leaving.contains(&p.id)).collect();
    if leaving.is_empty() || people.len() < leaving.len() {
        return Err(refused("memberIds", &HouseholdRejection::UnknownMember));
    }
    if people.len() == all {
        return Err(refused("memberIds", &HouseholdRejection::NobodyLeft));
    }
    for person in &people {
        living("memberIds", person)?;
    }
    let village = match village {
        Some(village) => seat(&tx, village, "village").await?,
        None => from.village,
    };
    let number = number(raw, "number")?;
    let on = moving_day(&tx, split_on, "splitOn", &people).await?;
    let founded = found_in(&mut tx, &from, (village, number)).await?;
    let to = Move {
        household: founded.id,
        village,
        on,
        reason,
    };
    relocate_in(&mut tx, &people, &to).await?;
    joined_in(&mut tx, &from).await?;
    let answer = HouseholdSplit {
        left: from.id,
        founded: founded.id,
    };
    let entry = AuditEntry::done(&answer)?.for_purpose(to.reason);
    tx.commit(entry).await?;
    Ok(answer)
}

/// Two households that become one.
#[derive(Clone, Debug)]
pub struct MergeHouseholds {
    /// The household that ends.
    pub from: HouseholdId,
    /// The household that everybody is in afterwards.
    pub into: HouseholdId,
    /// Why, in the officer's words.
    pub reason: String,
    /// The first day of the merged household.
    pub merged_on: NaiveDate,
    /// The version of `from` the caller has read.
    pub from_version: i64,
    /// The version of `into` the caller has read.
    pub into_version: i64,
}

/// Merges two households of the caller's region. The one that ends keeps its category history. What
/// stands of it holds for the merged household too, beside what stands there, until agriculture says
/// otherwise: a county takes nobody out of monitoring by merging.
///
/// # Errors
/// `SAME_HOUSEHOLD`, `STALE_VERSION`, `HOUSEHOLD_DISSOLVED`, `DATE_IN_FUTURE`,
/// `BEFORE_PRESENT_RESIDENCE`, `BAD_TEXT`, `PERSONAL_NUMBER`;
/// `ORIGIN_DECIDES` for a household that the caller only reads; [`Failure::NotFound`] for any other
/// outside the caller's region.
pub async fn merge_households(
    mut tx: WriteSession,
    command: MergeHouseholds,
) -> Result<HouseholdDone, Refusal> {
    let MergeHouseholds {
        from,
        into,
        reason,
        merged_on,
        from_version,
        into_version,
    } = command;
    let reason = parse::words(&reason, "reason")?;
    let [from, into] = households_in(&tx, [("fromId", from), ("intoId", into)]).await?;
    if from.id == into.id {
        return Err(refused("intoId", &HouseholdRejection::SameHousehold));
    }
    at_version("fromVersion", from.version, from_version)?;
    at_version("intoVersion", into.version, into_version)?;
    standing("fromId", &from)?;
    standing("intoId", &into)?;
    let people = members::locked_in(&tx, &[from.id]).await?;
    let people: Vec<_> = people.iter().collect();
    let on = moving_day(&tx, merged_on, "mergedOn", &people).await?;
    let to = Move {
        household: into.id,
        village: into.village,
        on,
        reason,
    };
    let inherited = unite_in(&mut tx, (&from, &into), &people, &to).await?;
    let end = HouseholdChanges {
        end: Some((on, Some(into.id))),
        ..HouseholdChanges::default()
    };
    let ended: &[_] = &["members", "dissolvedOn", "mergedInto"];
    change_in(&mut tx, &from, end, ended).await?;
    let fields: &[_] = if inherited {
        &["members", "categories"]
    } else {
        &["members"]
    };
    change_in(&mut tx, &into, HouseholdChanges::default(), fields).await?;
    let answer = HouseholdDone { household: into.id };
    let entry = AuditEntry::done(&answer)?.for_purpose(to.reason);
    tx.commit(entry).await?;
    Ok(answer)
}

/// Brings the people of a household into another, with what stands of its categories; whether that
/// changes anything there.
async fn unite_in(
    tx: &mut WriteSession,
    (from, into): (&Household, &Household),
    people: &[&Worker],
    to: &Move,
) -> Result<bool, Failure> {
    // Before anybody moves, so that everybody's categories follow from all that stands.
    let standing = categories::standing_in(tx, &[from.id, into.id]).await?;
    let (brought, held): (Vec<_>, Vec<_>) = standing
        .into_iter()
        .partition(|(household, _, _)| *household == from.id);
    let keyed = |statements: Vec<categories::Stored>| -> Vec<_> {
        let keyed = statements.into_iter().map(|(_, key, spell)| (key, spell));
        keyed.collect()
    };
    let inheritance = inherited(&keyed(brought), &keyed(held));
    categories::supersede_in(tx, &inheritance.superseded).await?;
    categories::adopt_in(tx, &inheritance.adopted, into.id).await?;
    relocate_in(tx, people, to).await?;
    let inherits = !inheritance.adopted.is_empty();
    if inherits {
        for member in members::locked_in(tx, &[into.id]).await? {
            rederive_in(tx, member.id).await?;
        }
    }
    Ok(inherits)
}
