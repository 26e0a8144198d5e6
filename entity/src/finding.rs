//! An auditor's finding and how far it has come; its answers and decisions are steps.

use sea_orm::entity::prelude::*;

/// One row of `finding`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person it is about, if any; also whoever holds the job it is about.
    pub worker_id: Option<Uuid>,
    /// The employer it is about, if any.
    pub employer_id: Option<Uuid>,
    /// The job it is about, if any.
    pub employment_id: Option<Uuid>,
    /// The county that has to answer.
    pub responsible_county: i64,
    /// The rule that is held to be broken.
    pub clause: String,
    /// What was found.
    pub evidence: String,
    /// Open, answered or closed.
    pub state: String,
    /// What came of it; absent until it is closed.
    pub outcome: Option<String>,
    /// Subject of the auditor.
    pub recorded_by: String,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// Rises by one with every step.
    pub version: i64,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
