//! A change of a resident id or a name that waits for, or has had, the decision of a second person.

use sea_orm::entity::prelude::*;

/// One row of `correction`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "correction")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person whose value is corrected.
    pub worker_id: Uuid,
    /// Which value is corrected: the resident id or the name.
    pub kind: String,
    /// Proposed, approved or refused.
    pub state: String,
    /// The new resident id, encrypted; absent for a name.
    pub sealed: Option<Vec<u8>>,
    /// Keyed hash of the new resident id; empty for a name.
    pub value_index: Vec<u8>,
    /// The new resident id, masked, or the new name.
    pub mask: String,
    /// Why the old value is wrong.
    pub reason: String,
    /// Subject of the first person.
    pub proposed_by: String,
    /// When it was proposed, UTC.
    pub proposed_at: DateTimeUtc,
    /// Subject of the second person, never the first.
    pub decided_by: Option<String>,
    /// When it was decided, UTC; absent before.
    pub decided_at: Option<DateTimeUtc>,
    /// Rises by one with every change.
    pub version: i64,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
