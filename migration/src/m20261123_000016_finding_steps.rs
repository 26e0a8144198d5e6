//! What was done about a finding is evidence: answers, closings and reopenings are added and never
//! changed.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, allow_changes, refuse_changes};

/// Tables whose rows stay as they were written.
const APPEND_ONLY: [&str; 1] = ["finding_step"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_changes(manager, &APPEND_ONLY).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        allow_changes(manager, &APPEND_ONLY).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
