//! One step of a finding after it was recorded: an answer, a closing, a reopening. Steps are added
//! and never changed.

use sea_orm::entity::prelude::*;

/// One row of `finding_step`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_step")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The finding.
    pub finding_id: Uuid,
    /// The finding's version after the step.
    pub version: i64,
    /// Answered, closed or reopened.
    pub kind: String,
    /// What came of the finding, for a closing.
    pub outcome: Option<String>,
    /// The answer, the remark or the reason.
    pub body: String,
    /// Subject of whoever took the step.
    pub taken_by: String,
    /// Role of whoever took it.
    pub taken_by_role: String,
    /// Region of the officer who took it.
    pub taken_for: Option<i64>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
