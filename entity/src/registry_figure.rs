//! A cell of the registry's figures: how many people are alike in everything that is counted. Written
//! by the fold alone; what is not folded yet stands in `registry_figure_change`.

use sea_orm::entity::prelude::*;

/// One row of `registry_figure`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_figure")]
pub struct Model {
    /// County of household registration, or the prefecture that stands in for one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub origin_county: i64,
    /// Prefecture of household registration; it follows from the county.
    pub origin_prefecture: i64,
    /// County of the principal job; 0 for nobody's, or outside the province.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_county: i64,
    /// Prefecture of that job; 0 likewise.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_prefecture: i64,
    /// Work status.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_status: String,
    /// Where the principal job is, seen from the county of registration; empty without one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_split: String,
    /// Able to work: 1 yes, 0 no, -1 nobody has said.
    #[sea_orm(primary_key, auto_increment = false)]
    pub able: i32,
    /// Willing to work: 1 yes, 0 no, -1 nobody has said.
    #[sea_orm(primary_key, auto_increment = false)]
    pub willing: i32,
    /// Bit set of the categories held.
    #[sea_orm(primary_key, auto_increment = false)]
    pub categories: i32,
    /// How many people; never 0 once a fold has ended.
    pub people: i64,
}

/// No relations: nothing is loaded beside a figure.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
