//! One bulk delivery of an agency and what became of its rows.

use sea_orm::entity::prelude::*;

/// One row of `submission`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The delivering agency, as in its token.
    pub agency: String,
    /// What was delivered.
    pub dataset: String,
    /// The region the delivery is limited to.
    pub region_code: Option<i64>,
    /// Subject of the token.
    pub submitted_by: String,
    /// When it was received, UTC.
    pub submitted_at: DateTimeUtc,
    /// Rows received: the sum of the four counts below.
    pub received: i32,
    /// Rows that changed something.
    pub accepted: i32,
    /// Rows already known.
    pub unchanged: i32,
    /// Rows about people who are not registered; they are not stored.
    pub dropped: i32,
    /// Rows with an error.
    pub refused: i32,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
