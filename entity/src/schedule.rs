//! Something done every so often, and how far it has come; one row for all servers together.

use sea_orm::entity::prelude::*;

/// One row of `schedule`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    /// Its name, which is the kind of its jobs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// When a job was asked for the first time, in wall time.
    pub since: DateTimeUtc,
    /// Start of the last period for which a job was asked for, in wall time.
    pub asked_for: DateTimeUtc,
    /// When the last successful run ended, in wall time; absent before the first.
    pub last_success: Option<DateTimeUtc>,
    /// How far its work has come, in domain time, where it goes on from there.
    pub mark: Option<DateTimeUtc>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
