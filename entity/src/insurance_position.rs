//! Where a person stands in one insurance: derived from contributions and facts in the transaction
//! that writes them, one row per person and kind.

use sea_orm::entity::prelude::*;

/// One row of `insurance_position`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "insurance_position")]
pub struct Model {
    /// The insured person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub worker_id: Uuid,
    /// Which of the five insurances.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Latest month paid for, YYYYMM.
    pub last_period: Option<i32>,
    /// Latest day of enrolment.
    pub enrolled_on: Option<Date>,
    /// Latest day insurance stopped.
    pub stopped_on: Option<Date>,
    /// First day a pension was in payment.
    pub pension_since: Option<Date>,
    /// First day of the latest arrears.
    pub arrears_since: Option<Date>,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
