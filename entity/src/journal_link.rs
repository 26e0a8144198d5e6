//! The place of an entry in the one total order, with the hash that chains it to the one before.

use sea_orm::entity::prelude::*;

/// One row of `journal_link`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_link")]
pub struct Model {
    /// 1, 2, 3 … without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// The journal entry; unique.
    pub entry_id: i64,
    /// SHA-256 over the previous hash and the entry, 32 bytes.
    pub hash: Vec<u8>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
