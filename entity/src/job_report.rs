//! A report of a job of somebody who is not registered: encrypted as a whole and erased after its
//! term.

use sea_orm::entity::prelude::*;

/// One row of `job_report`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_report")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Keyed hash of the resident id, to find the report when the person is registered.
    pub resident_id_index: Vec<u8>,
    /// The whole report, encrypted.
    pub sealed: Vec<u8>,
    /// Role of the reporter.
    pub reported_by_role: String,
    /// Subject of the reporter.
    pub reported_by_subject: String,
    /// Keyed hash of the whole report, the person and the reporter; absent on older ones.
    pub digest: Option<Vec<u8>>,
    /// When it was received, the last time where it was sent again, UTC.
    pub received_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
