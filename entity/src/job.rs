//! A durable background job. Any number of servers share the table by leases.

use sea_orm::entity::prelude::*;

/// One row of `job`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Which handler runs it.
    pub kind: String,
    /// The handler's input as JSON, without personal data.
    pub payload: String,
    /// At most one ready or leased job of a kind carries the same key.
    pub dedupe_key: Option<String>,
    /// Ready, leased, done or dead.
    pub state: String,
    /// Not before this moment.
    pub run_at: DateTimeUtc,
    /// Runs begun so far.
    pub attempts: i32,
    /// Runs after which the job is dead.
    pub max_attempts: i32,
    /// End of the present lease.
    pub lease_until: Option<DateTimeUtc>,
    /// The worker that holds the lease.
    pub lease_owner: Option<String>,
    /// Why the last run failed, without personal data.
    pub last_error: Option<String>,
    /// When the row was first written, UTC.
    pub created_at: DateTimeUtc,
    /// When it was done or declared dead, UTC.
    pub finished_at: Option<DateTimeUtc>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
