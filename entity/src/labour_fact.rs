//! One dated, sourced statement about a person's ability, willingness or labour status. A wrong one
//! is voided, never changed.

use sea_orm::entity::prelude::*;

/// One row of `labour_fact`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "labour_fact")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub worker_id: Uuid,
    /// What is stated.
    pub kind: String,
    /// Whether it holds from `since` on.
    pub value: bool,
    /// First day it holds.
    pub since: Date,
    /// Where the statement comes from.
    pub source: String,
    /// Subject of whoever reported it.
    pub reported_by: String,
    /// The role they acted in; absent for the oldest, unless an agency's.
    pub reported_by_role: Option<String>,
    /// The version of the person that the statement made; 0 for the oldest.
    pub version: i64,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// When it was found to be wrong.
    pub voided_at: Option<DateTimeUtc>,
    /// Why it was voided.
    pub void_reason: Option<String>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
