//! Inputs of the mutations that move people between households and villages.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::super::service::{
    MergeHouseholds, MoveHousehold, MoveTarget, MoveWorker, SplitHousehold,
};
use crate::kernel::error::{Failure, Text};
use crate::kernel::region_code::RegionCode;
use crate::platform::gql::{ContextExt as _, Date};

/// A household that moves with everybody in it.
#[derive(InputObject)]
pub struct MoveHouseholdInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The household, of the caller's region.
    pub household_id: ID,
    /// Code of the new village of registration (of township or county where it is not known), anywhere
    /// in the province; the present one to give the household another number only.
    pub to_village: RegionCode,
    /// The household's number from now on, at most 200 characters; the old one stays when null.
    /// Unique in the county. A household whose number another one of a new county has arrives
    /// there without any.
    pub new_number: Option<String>,
    /// First day in the new village: not in the future, and not before anybody's present
    /// residence began.
    pub moved_on: Date,
    /// Why, at most 200 characters; kept in the residence history and in the trail. No personal
    /// data.
    pub reason: String,
    /// The version of the household that was read; with an older one nothing changes.
    pub version: i64,
}

impl MoveHouseholdInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<MoveHousehold, Error> {
        let Self {
            idempotency_key: _,
            household_id,
            to_village,
            new_number,
            moved_on,
            reason,
            version,
        } = self;
        Ok(MoveHousehold {
            household: ctx.id(household_id)?,
            to_village: *to_village,
            new_number: new_number.clone(),
            moved_on: moved_on.0,
            reason: reason.clone(),
            version: *version,
        })
    }
}

/// A person who moves alone. Give exactly one of `toHouseholdId` and `toVillage`.
#[derive(InputObject)]
pub struct MoveWorkerInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The person, registered in the caller's region.
    pub worker_id: ID,
    /// The household of the caller's region that the person enters.
    pub to_household_id: Option<ID>,
    /// Code of the village, anywhere in the province, where the person gets a new household of
    /// their own.
    pub to_village: Option<RegionCode>,
    /// Number of the new household, at most 200 characters; only with `toVillage`. Unique in the
    /// county.
    pub number: Option<String>,
    /// First day there: not in the future, and not before the present residence began.
    pub moved_on: Date,
    /// Why, at most 200 characters; kept in the residence history and in the trail. No personal
    /// data.
    pub reason: String,
    /// The version of the person that was read; with an older one nothing changes.
    pub version: i64,
}

impl MoveWorkerInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<MoveWorker, Error> {
        let Self {
            idempotency_key: _,
            worker_id,
            to_household_id,
            to_village,
            number,
            moved_on,
            reason,
            version,
        } = self;
        let target = match (to_household_id, to_village, number) {
            (Some(household), None, None) => MoveTarget::Household(ctx.id(household)?),
            (None, Some(village), number) => MoveTarget::Village {
                village: *village,
                number: number.clone(),
            },
            (Some(_), Some(_), _) | (Some(_), None, Some(_)) | (None, None, _) => {
                return Err(ctx.refuse(&Failure::BadInput(Text::new(
                    "请在 toHouseholdId 与 toVillage 中恰好给出一个；number 只能与 toVillage 同用。",
                    "Give exactly one of toHouseholdId and toVillage; number goes with toVillage.",
                ))));
            }
        };
        Ok(MoveWorker {
            worker: ctx.id(worker_id)?,
            target,
            moved_on: moved_on.0,
            reason: reason.clone(),
            version: *version,
        })
    }
}

/// People who leave a household together and found a new one.
#[derive(InputObject)]
pub struct SplitHouseholdInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The household, of the caller's region.
    pub household_id: ID,
    /// Who leaves, one or more of its members; at least one member stays.
    pub member_ids: Vec<ID>,
    /// Code of the new household's village, anywhere in the province; the same village when null.
    pub village: Option<RegionCode>,
    /// Number of the new household, at most 200 characters. Unique in the county.
    pub number: Option<String>,
    /// Why, at most 200 characters; kept in the residence history and in the trail. No personal
    /// data.
    pub reason: String,
    /// First day of the new household: not in the future, and not before the present residence of
    /// anybody who leaves began.
    pub split_on: Date,
    /// The version of the household that was read; with an older one nothing changes.
    pub version: i64,
}

impl SplitHouseholdInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<SplitHousehold, Error> {
        let Self {
            idempotency_key: _,
            household_id,
            member_ids,
            village,
            number,
            reason,
            split_on,
            version,
        } = self;
        Ok(SplitHousehold {
            household: ctx.id(household_id)?,
            members: member_ids
                .iter()
                .map(|id| ctx.id(id))
                .collect::<Result<_, _>>()?,
            village: *village,
            number: number.clone(),
            reason: reason.clone(),
            split_on: split_on.0,
            version: *version,
        })
    }
}

/// Two households that become one.
#[derive(InputObject)]
pub struct MergeHouseholdsInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The household that ends, of the caller's region.
    pub from_id: ID,
    /// The household that everybody is in afterwards, of the caller's region.
    pub into_id: ID,
    /// Why, at most 200 characters; kept in the residence history and in the trail. No personal
    /// data.
    pub reason: String,
    /// First day of the merged household: not in the future, and not before the present residence
    /// of anybody who moves began.
    pub merged_on: Date,
    /// The version of `fromId` that was read; with an older one nothing changes.
    pub from_version: i64,
    /// The version of `intoId` that was read; with an older one nothing changes.
    pub into_version: i64,
}

impl MergeHouseholdsInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<MergeHouseholds, Error> {
        let Self {
            idempotency_key: _,
            from_id,
            into_id,
            reason,
            merged_on,
            from_version,
            into_version,
        } = self;
        Ok(MergeHouseholds {
            from: ctx.id(from_id)?,
            into: ctx.id(into_id)?,
            reason: reason.clone(),
            merged_on: merged_on.0,
            from_version: *from_version,
            into_version: *into_version,
        })
    }
}
