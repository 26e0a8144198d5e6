//! The entries the sequencer has not placed yet. A trigger fills it with every journal entry; the
//! sequencer empties it.

use sea_orm::entity::prelude::*;

/// One row of `journal_pending`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_pending")]
pub struct Model {
    /// The journal entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: i64,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
