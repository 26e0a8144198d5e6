//! An employer, known by its unified social credit code.

use sea_orm::entity::prelude::*;

/// One row of `employer`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employer")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unified social credit code (GB 32100), 18 characters; unique.
    pub credit_code: String,
    /// Name as registered.
    pub name: String,
    /// Legal kind of the unit.
    pub kind: String,
    /// Seat, as precisely as it is known.
    pub region_code: i64,
    /// County of the seat.
    pub county_code: i64,
    /// Prefecture of the seat.
    pub prefecture_code: i64,
    /// Keyed hash of the legal representative's resident id.
    pub legal_representative_index: Option<Vec<u8>>,
    /// Derived from the dated statements of market regulation; unknown without any.
    pub status: String,
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
