//! A further term of a job's contract.

use sea_orm::entity::prelude::*;

/// One row of `contract_renewal`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contract_renewal")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The job.
    pub employment_id: Uuid,
    /// First day of the term.
    pub contract_start: Date,
    /// Last day of the term; absent when open-ended.
    pub contract_end: Option<Date>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
