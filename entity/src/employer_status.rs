//! A dated statement about an employer's standing, from market regulation.

use sea_orm::entity::prelude::*;

/// One row of `employer_status`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employer_status")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The employer.
    pub employer_id: Uuid,
    /// Active, abnormal, blacklisted or dissolved.
    pub status: String,
    /// First day it holds.
    pub since: Date,
    /// Who stated it.
    pub source: String,
    /// The agency's submission that brought it.
    pub submission_id: Option<Uuid>,
    /// The version of the employer that the statement made; 0 for the oldest.
    pub version: i64,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
