//! An administrative division: 12-digit code, one of five levels, valid for a time. Divisions get
//! merged; the successor then stands in for the code.

use sea_orm::entity::prelude::*;

/// One row of `region`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    /// 12-digit region code as a number; a subtree is a range of codes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: i64,
    /// One of the five levels, province to village.
    pub level: String,
    /// The enclosing region; absent for the province.
    pub parent_code: Option<i64>,
    /// Official Chinese name.
    pub name_zh: String,
    /// English name, when one is known.
    pub name_en: Option<String>,
    /// First day the code is in force.
    pub valid_from: Date,
    /// Last day the code is in force; absent while it is.
    pub valid_to: Option<Date>,
    /// The code that took over when this one was abolished.
    pub successor_code: Option<i64>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
