//! The last link of the chain, in the table's only row: what the sequencer locks.

use sea_orm::entity::prelude::*;

/// One row of `journal_head`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Position of the last link; 0 for an empty chain.
    pub position: i64,
    /// Hash of the last link; 32 zero bytes for an empty chain.
    pub hash: Vec<u8>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
