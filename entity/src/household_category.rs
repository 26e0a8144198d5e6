//! The dated history of a household's poverty category. Agriculture is its master; a county's own
//! entry is provisional.

use sea_orm::entity::prelude::*;

/// One row of `household_category`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_category")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The household that holds the category.
    pub household_id: Uuid,
    /// Lifted out of poverty, or one of the three kinds of monitored household.
    pub category: String,
    /// First day the category holds.
    pub since: Date,
    /// Last day the category holds; absent while it does.
    pub until: Option<Date>,
    /// Who stated it: agriculture or the county.
    pub source: String,
    /// True until agriculture has confirmed or replaced it.
    pub provisional: bool,
    /// The agency's submission that brought it; absent for a county's entry.
    pub submission_id: Option<Uuid>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// When a later statement took its place; absent for the one in force.
    pub superseded_at: Option<DateTimeUtc>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
