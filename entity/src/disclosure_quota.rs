//! How often a subject was told today that a person is registered elsewhere: the one declared
//! exception to the existence rule, and its quota.

use sea_orm::entity::prelude::*;

/// One row of `disclosure_quota`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disclosure_quota")]
pub struct Model {
    /// Issuer of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// Subject of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Beijing day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Disclosures made on that day.
    pub used: i32,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
