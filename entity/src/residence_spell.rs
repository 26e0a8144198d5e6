//! Where and in which household a person was registered, and from when to when: the trace of moves,
//! splits and mergers.

use sea_orm::entity::prelude::*;

/// One row of `residence_spell`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "residence_spell")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub worker_id: Uuid,
    /// The household of this spell.
    pub household_id: Uuid,
    /// Village of registration in this spell.
    pub village_code: i64,
    /// First day.
    pub since: Date,
    /// Last day; absent for the present spell.
    pub until: Option<Date>,
    /// Why the spell began.
    pub reason: Option<String>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
