//! A person an agency should be asked about again, because they were registered, or got another
//! resident id, after its rows about them were dropped.

use sea_orm::entity::prelude::*;

/// One row of `requery`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requery")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub worker_id: Uuid,
    /// The agency to ask.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: String,
    /// Day of the person's registration, or of the last correction of their resident id: what the
    /// agency delivered before is missing.
    pub since: Date,
    /// When the agency was given the person's resident id, UTC; absent while they wait.
    pub taken_at: Option<DateTimeUtc>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
