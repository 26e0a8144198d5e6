//! An auditor's finding, the responsible county's answer, and its state.

use sea_orm::entity::prelude::*;

/// One row of `finding`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person it is about, if any.
    pub worker_id: Option<Uuid>,
    /// The employer it is about, if any.
    pub employer_id: Option<Uuid>,
    /// The county that has to answer.
    pub responsible_county: i64,
    /// The rule that is held to be broken.
    pub clause: String,
    /// What was found.
    pub evidence: String,
    /// Open, answered or closed.
    pub state: String,
    /// Subject of the auditor.
    pub recorded_by: String,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// The county's answer.
    pub answer: Option<String>,
    /// Subject of whoever answered.
    pub answered_by: Option<String>,
    /// When it was answered, UTC; absent before.
    pub answered_at: Option<DateTimeUtc>,
    /// Rises by one with every change.
    pub version: i64,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
