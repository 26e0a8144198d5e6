//! A row of `contribution` that came under a resident id which its person turned out not to have: as
//! it was, set aside by the correction of that id, and never changed.

use sea_orm::entity::prelude::*;

/// One row of `set_aside_contribution`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "set_aside_contribution")]
pub struct Model {
    /// Identity that it had, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person it was matched with.
    pub worker_id: Uuid,
    /// The employer; absent for a flexible payer.
    pub employer_id: Option<Uuid>,
    /// The head office that paid for the employer.
    pub payer_employer_id: Option<Uuid>,
    /// Which of the five insurances.
    pub kind: String,
    /// Normal month, arrears, refund or correction.
    pub entry: String,
    /// Month the contribution is for, YYYYMM.
    pub period_month: i32,
    /// Month it was posted in, YYYYMM; later than the period for back payments.
    pub posting_month: i32,
    /// Contribution base in fen.
    pub base_fen: i64,
    /// Employer's share in fen.
    pub employer_fen: i64,
    /// Personal share in fen.
    pub personal_fen: i64,
    /// The row this one corrects.
    pub corrects_id: Option<Uuid>,
    /// The agency's submission that brought it.
    pub submission_id: Uuid,
    /// SHA-256 over the row's content; the same row may come, and be set aside, again.
    pub row_digest: Vec<u8>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
    /// The approved correction that set it aside.
    pub correction_id: Uuid,
    /// When it was set aside, UTC.
    pub set_aside_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
