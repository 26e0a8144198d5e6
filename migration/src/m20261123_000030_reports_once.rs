//! A report about somebody who is not registered is kept once, however often it is sent: a keyed hash of
//! the whole of it tells one from another. Those that were kept before have none and stay as they are.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::blob_null;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns, drop_index, unique};

const REPORT: &str = "job_report";
const DIGEST: &str = "digest";

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, REPORT, [blob_null(DIGEST)]).await?;
        manager.create_index(unique(REPORT, &[DIGEST])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, REPORT, "uq_job_report_digest").await?;
        drop_columns(manager, REPORT, [DIGEST]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
