//! What happened and what changed, written in the transaction of the change. Never updated or
//! deleted: triggers refuse it.

use sea_orm::entity::prelude::*;

/// One row of `journal_entry`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entry")]
pub struct Model {
    /// Ever increasing in order of insertion; the sequencer, not this number, gives the order of
    /// the chain.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Shared by all entries of one transaction.
    pub commit_id: Uuid,
    /// When it happened.
    pub at: DateTimeUtc,
    /// Issuer of the token.
    pub issuer: String,
    /// Subject of the token, or the name of a system principal.
    pub subject: String,
    /// Role it acted in.
    pub role: String,
    /// Name of the action.
    pub action: String,
    /// Kind of the record concerned.
    pub record_kind: Option<String>,
    /// Id of the record concerned.
    pub record_id: Option<Uuid>,
    /// The record's version after the change.
    pub record_version: Option<i64>,
    /// JSON array of the names of the fields that changed (with a version) or were revealed
    /// (without one); never their values.
    pub changes: Option<String>,
    /// Stated purpose of a disclosure.
    pub purpose: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// How many like refusals this one entry stands for; 1 for anything else.
    pub repeats: i32,
    /// The request the client sees.
    pub request_id: String,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
