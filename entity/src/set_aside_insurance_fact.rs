//! A row of `insurance_fact` that came under a resident id which its person turned out not to have:
//! as it was, set aside by the correction of that id, and never changed.

use sea_orm::entity::prelude::*;

/// One row of `set_aside_insurance_fact`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "set_aside_insurance_fact")]
pub struct Model {
    /// Identity that it had, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person it was matched with.
    pub worker_id: Uuid,
    /// The employer; absent for a flexible payer.
    pub employer_id: Option<Uuid>,
    /// Which of the five insurances.
    pub kind: String,
    /// What is stated.
    pub fact: String,
    /// First day it holds.
    pub since: Date,
    /// The agency's submission that brought it.
    pub submission_id: Uuid,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// The approved correction that set it aside.
    pub correction_id: Uuid,
    /// When it was set aside, UTC.
    pub set_aside_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
