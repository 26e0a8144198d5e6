//! Paired assistance: the one accountable helper of a person, with its history.

use sea_orm::entity::prelude::*;

/// One row of `helper_assignment`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "helper_assignment")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person helped.
    pub worker_id: Uuid,
    /// Subject of the helper's token.
    pub helper_subject: String,
    /// First day.
    pub since: Date,
    /// Last day; absent for the present helper.
    pub until: Option<Date>,
    /// Whether a death ended it, which gives it back when it is taken back.
    pub ended_by_death: bool,
    /// Subject of whoever assigned the helper.
    pub assigned_by: String,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
