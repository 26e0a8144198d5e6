//! A dated statement about a person's insurance: enrolled, stopped, in arrears, pension in payment.

use sea_orm::entity::prelude::*;

/// One row of `insurance_fact`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "insurance_fact")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The insured person.
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
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
