//! A person of the real-name registry, once in the whole province. Resident id, phone and bank
//! account are sealed; status, place of work and categories are derived from facts in the
//! transaction that writes the fact, never set by hand.

use sea_orm::entity::prelude::*;

/// One row of `worker`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worker")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The household the person belongs to now.
    pub household_id: Uuid,
    /// Name as registered.
    pub name: String,
    /// Keyed hash of the resident id, for look-up; unique.
    pub resident_id_index: Vec<u8>,
    /// Resident id, encrypted.
    pub resident_id_sealed: Vec<u8>,
    /// Resident id with the birth date and sequence hidden.
    pub resident_id_mask: String,
    /// Shown beside the mask instead of the birth date.
    pub birth_year: i32,
    /// Phone number, encrypted.
    pub phone_sealed: Option<Vec<u8>>,
    /// Phone number, masked.
    pub phone_mask: Option<String>,
    /// Bank account, encrypted.
    pub bank_account_sealed: Option<Vec<u8>>,
    /// Bank account, masked.
    pub bank_account_mask: Option<String>,
    /// Keyed hash of the bank account, for an auditor's matching; several people may share one.
    pub bank_account_index: Option<Vec<u8>>,
    /// Highest level of education.
    pub education: Option<String>,
    /// JSON array of skill names.
    pub skills: String,
    /// Village of household registration.
    pub origin_village: i64,
    /// Township of household registration.
    pub origin_township: i64,
    /// County of household registration.
    pub origin_county: i64,
    /// Prefecture of household registration.
    pub origin_prefecture: i64,
    /// Address below the village.
    pub origin_address: Option<String>,
    /// Where the person stays now, when that is known.
    pub stay_region: Option<i64>,
    /// Derived: working, not working, left the labour force, deceased or unknown.
    pub work_status: String,
    /// Derived: first day of the present status.
    pub work_status_since: Option<Date>,
    /// Derived: able to work; absent means nobody has said.
    pub able: Option<bool>,
    /// Derived: willing to work; absent means nobody has said. Whoever works counts as willing.
    pub willing: Option<bool>,
    /// Derived bit set of the categories held today: 1, 2, 4, 8 in the order of the categories, 16
    /// for a public-welfare-post leaver.
    pub categories: i32,
    /// Derived: the confirmed job held today.
    pub current_employment_id: Option<Uuid>,
    /// Derived: county of that job, when it lies in the province.
    pub work_county: Option<i64>,
    /// Derived: prefecture of that job, when it lies in the province.
    pub work_prefecture: Option<i64>,
    /// Derived: within the origin county, in another county of the province, or outside the
    /// province.
    pub work_split: Option<String>,
    /// Rises by one with every change.
    pub version: i64,
    /// When the row was first written, UTC.
    pub created_at: DateTimeUtc,
    /// When the row was last changed, UTC.
    pub updated_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
