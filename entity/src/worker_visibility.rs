//! Who may see whom: one row per enclosing region (village to prefecture) of each ground a region
//! has for seeing a person. The province is not filtered and has no rows.

use sea_orm::entity::prelude::*;

/// One row of `worker_visibility`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "worker_visibility")]
pub struct Model {
    /// The region that sees the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_code: i64,
    /// The person seen.
    #[sea_orm(primary_key, auto_increment = false)]
    pub worker_id: Uuid,
    /// Why: origin, confirmed workplace, stay, or former holder.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ground: String,
    /// Last day of a former holder's right; absent for a standing ground.
    pub until: Option<Date>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
