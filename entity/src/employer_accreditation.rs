//! What was stated about an accreditation that an employer held for a time, such as employment
//! assistance workshop. A later statement about the same kind and first day supersedes the row.

use sea_orm::entity::prelude::*;

/// One row of `employer_accreditation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employer_accreditation")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The employer.
    pub employer_id: Uuid,
    /// What it is accredited as.
    pub kind: String,
    /// Number of the certificate or decision.
    pub reference: String,
    /// First day.
    pub since: Date,
    /// Last day; absent while it lasts.
    pub until: Option<Date>,
    /// The version of the employer that the statement made; 0 for the oldest.
    pub version: i64,
    /// Region of the office that stated it; absent where that was not kept.
    pub recorded_by: Option<i64>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
