//! What is in one order on every engine: names, by code points. The databases of PostgreSQL sort them by
//! collations of their own, which no page of a list may depend on.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, code_point_index, create, drop_index, prefix_index};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "worker", "idx_worker_name").await?;
        drop_index(manager, "employer", "idx_employer_name").await?;
        code_point_index(manager, "worker", "name", &["id"]).await?;
        code_point_index(manager, "employer", "name", &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "worker", "idx_worker_name_id").await?;
        drop_index(manager, "employer", "idx_employer_name").await?;
        let worker = prefix_index(manager, "worker", "name");
        let employer = prefix_index(manager, "employer", "name");
        create(manager, [], [worker, employer]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
