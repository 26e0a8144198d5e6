//! A household of the origin side; a household that was merged or dissolved stays, for its history.

use sea_orm::entity::prelude::*;

/// One row of `household`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// County of registration.
    pub county_code: i64,
    /// Village of registration.
    pub village_code: i64,
    /// The county's own number for the household, unique within the county.
    pub household_no: Option<String>,
    /// Day the household ceased to exist.
    pub dissolved_on: Option<Date>,
    /// The household its members moved to when it was merged.
    pub merged_into: Option<Uuid>,
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
