//! The signed head of the chain of one day, as it was written out.

use sea_orm::entity::prelude::*;

/// One row of `journal_anchor`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_anchor")]
pub struct Model {
    /// Beijing day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Position of the head.
    pub position: i64,
    /// Hash of the head.
    pub hash: Vec<u8>,
    /// The signed statement, a compact JWS.
    pub statement: String,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
