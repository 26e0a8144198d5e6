//! One insurance month of one person as an agency stated it. A correction is a new row; amounts are
//! fen, and a refund's are negative.

use sea_orm::entity::prelude::*;

/// One row of `contribution`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The insured person.
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
    /// SHA-256 over the row's content, made by the application; unique, so that the same row sent
    /// again changes nothing.
    pub row_digest: Vec<u8>,
    /// When the exchange learnt of it, UTC.
    pub recorded_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
