//! How a person becomes columns: new, and changed.

use ::entity::worker::ActiveModel;
use sea_orm::ActiveValue::{self, NotSet, Set};

use super::super::model::{Categories, Education};
use super::super::rules::Derived;
use super::sealed::{Account, SealedValue};
use crate::kernel::closed::Closed as _;
use crate::kernel::ids::{HouseholdId, RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};

/// A person to be inserted; everything personal is sealed already.
pub(in super::super) struct NewWorker {
    pub(in super::super) id: WorkerId,
    pub(in super::super) household: HouseholdId,
    pub(in super::super) name: String,
    pub(in super::super) resident_id: SealedValue,
    pub(in super::super) resident_id_index: BlindIndex,
    pub(in super::super) birth_year: i32,
    pub(in super::super) phone: Option<SealedValue>,
    pub(in super::super) bank_account: Option<Account>,
    pub(in super::super) education: Option<Education>,
    pub(in super::super) skills: Vec<String>,
    pub(in super::super) origin: RegionCode,
    pub(in super::super) origin_address: Option<String>,
    pub(in super::super) stay: Option<RegionCode>,
    pub(in super::super) categories: Categories,
    pub(in super::super) derived: Derived,
}

/// The row of a new person.
pub(super) fn to_active(tx: &WriteSession, new: NewWorker) -> ActiveModel {
    let NewWorker {
        id,
        household,
        name,
        resident_id,
        resident_id_index,
        birth_year,
        phone,
        bank_account,
        education,
        skills,
        origin,
        origin_address,
        stay,
        categories,
        derived,
    } = new;
    let (phone_sealed, phone_mask) = parts(phone);
    let (bank_account, bank_account_index) = account_parts(bank_account);
    let (bank_account_sealed, bank_account_mask) = parts(bank_account);
    let now = tx.now();
    ActiveModel {
        id: Set(id.uuid()),
        household_id: Set(household.uuid()),
        name: Set(name),
        resident_id_index: Set(resident_id_index.as_bytes().to_vec()),
        resident_id_sealed: Set(resident_id.sealed.into_bytes()),
        resident_id_mask: Set(resident_id.mask),
        birth_year: Set(birth_year),
        phone_sealed: Set(phone_sealed),
        phone_mask: Set(phone_mask),
        bank_account_sealed: Set(bank_account_sealed),
        bank_account_mask: Set(bank_account_mask),
        bank_account_index: Set(bank_account_index),
        education: Set(education.map(|e| e.as_str().to_owned())),
        skills: Set(serde_json::json!(skills).to_string()),
        origin_address: Set(origin_address),
        stay_region: Set(stay.map(RegionCode::as_i64)),
        categories: Set(categories.bits()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..located(derived_columns(derived), origin)
    }
}

fn parts(value: Option<SealedValue>) -> (Option<Vec<u8>>, Option<String>) {
    value
        .map(|value| (value.sealed.into_bytes(), value.mask))
        .unzip()
}

fn account_parts(account: Option<Account>) -> (Option<SealedValue>, Option<Vec<u8>>) {
    account
        .map(|account| (account.value, account.index.as_bytes().to_vec()))
        .unzip()
}

/// The origin with its materialised ancestors.
fn located(row: ActiveModel, origin: RegionCode) -> ActiveModel {
    use crate::kernel::region_code::RegionLevel::{Prefecture, Township};
    let at = |level| origin.ancestor(level).unwrap_or(origin).as_i64();
    ActiveModel {
        origin_village: Set(origin.as_i64()),
        origin_township: Set(at(Township)),
        origin_county: Set(origin.county_or_itself().as_i64()),
        origin_prefecture: Set(at(Prefecture)),
        ..row
    }
}

fn derived_columns(derived: Derived) -> ActiveModel {
    let workplace = derived.workplace();
    let Derived {
        work_status,
        since,
        able,
        willing,
        left_public_post: _,
        current,
        split,
    } = derived;
    ActiveModel {
        work_status: Set(work_status.as_str().to_owned()),
        work_status_since: Set(since),
        able: Set(able),
        willing: Set(willing),
        current_employment_id: Set(current.map(|job| job.employment.uuid())),
        work_county: Set(workplace.map(|place| place.county_or_itself().as_i64())),
        work_prefecture: Set(workplace
            .and_then(RegionCode::prefecture)
            .map(RegionCode::as_i64)),
        work_split: Set(split.map(|split| split.as_str().to_owned())),
        ..ActiveModel {
            id: NotSet,
            ..Default::default()
        }
    }
}

/// What an update changes; every field that stays is left out.
#[derive(Default)]
pub(in super::super) struct Changes {
    pub(in super::super) name: Option<String>,
    pub(in super::super) household: Option<HouseholdId>,
    pub(in super::super) resident_id: Option<(SealedValue, BlindIndex, i32)>,
    pub(in super::super) phone: Option<Option<SealedValue>>,
    pub(in super::super) bank_account: Option<Option<Account>>,
    pub(in super::super) education: Option<Option<Education>>,
    pub(in super::super) skills: Option<Vec<String>>,
    pub(in super::super) origin: Option<RegionCode>,
    pub(in super::super) origin_address: Option<Option<String>>,
    pub(in super::super) stay: Option<Option<RegionCode>>,
    pub(in super::super) categories: Option<Categories>,
    pub(in super::super) derived: Option<Derived>,
}

/// The columns that an update changes; version and time are not among them.
pub(super) fn changed(changes: Changes) -> ActiveModel {
    let Changes {
        name,
        household,
        resident_id,
        phone,
        bank_account,
        education,
        skills,
        origin,
        origin_address,
        stay,
        categories,
        derived,
    } = changes;
    let mut row = derived.map_or_else(Default::default, derived_columns);
    if let Some(origin) = origin {
        row = located(row, origin);
    }
    if let Some((value, index, birth_year)) = resident_id {
        row.resident_id_sealed = Set(value.sealed.into_bytes());
        row.resident_id_mask = Set(value.mask);
        row.resident_id_index = Set(index.as_bytes().to_vec());
        row.birth_year = Set(birth_year);
    }
    if let Some(phone) = phone {
        let (sealed, mask) = parts(phone);
        row.phone_sealed = Set(sealed);
        row.phone_mask = Set(mask);
    }
    if let Some(account) = bank_account {
        let (account, index) = account_parts(account);
        let (sealed, mask) = parts(account);
        row.bank_account_sealed = Set(sealed);
        row.bank_account_mask = Set(mask);
        row.bank_account_index = Set(index);
    }
    set(&mut row.name, name);
    set(&mut row.household_id, household.map(|id| id.uuid()));
    let education = education.map(|new| new.map(|e| e.as_str().to_owned()));
    set(&mut row.education, education);
    let skills = skills.map(|skills| serde_json::json!(skills).to_string());
    set(&mut row.skills, skills);
    set(&mut row.origin_address, origin_address);
    set(
        &mut row.stay_region,
        stay.map(|new| new.map(RegionCode::as_i64)),
    );
    set(&mut row.categories, categories.map(Categories::bits));
    row
}

/// Sets a column that is to change.
fn set<T: Into<sea_orm::Value>>(column: &mut ActiveValue<T>, new: Option<T>) {
    if let Some(new) = new {
        *column = Set(new);
    }
}
