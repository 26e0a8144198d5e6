//! A change of the registry's figures that is not in its cell yet. Triggers on `worker` write it in the
//! transaction of the change; a fold takes it away.

use sea_orm::entity::prelude::*;

/// One row of `registry_figure_change`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_figure_change")]
pub struct Model {
    /// In no order that means anything.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// County of household registration, or the prefecture that stands in for one.
    pub origin_county: i64,
    /// Prefecture of household registration; it follows from the county.
    pub origin_prefecture: i64,
    /// County of the principal job; 0 for nobody's, or outside the province.
    pub work_county: i64,
    /// Prefecture of that job; 0 likewise.
    pub work_prefecture: i64,
    /// Work status.
    pub work_status: String,
    /// Where the principal job is, seen from the county of registration; empty without one.
    pub work_split: String,
    /// Able to work: 1 yes, 0 no, -1 nobody has said.
    pub able: i32,
    /// Willing to work: 1 yes, 0 no, -1 nobody has said.
    pub willing: i32,
    /// Bit set of the categories held.
    pub categories: i32,
    /// How many people more, or fewer.
    pub people: i64,
}

/// No relations: nothing is loaded beside a figure.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
