//! An idempotency key, the digest of the input it came with, and the ids the first run answered.

use sea_orm::entity::prelude::*;

/// One row of `idempotency`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// Issuer of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// Subject of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Name of the mutation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mutation: String,
    /// The caller's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Digest of the input; another input under the same key is a conflict.
    pub input_digest: Vec<u8>,
    /// Stored outcome as JSON; absent while the first run is under way.
    pub answer: Option<String>,
    /// When the row was first written, UTC.
    pub created_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
