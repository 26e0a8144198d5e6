//! What is done every so often: for which period it was asked for last, and when it last succeeded,
//! kept for all servers together.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, timestamp_with_time_zone, timestamp_with_time_zone_null};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, drop_tables};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, [schedule()], []).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["schedule"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// One row per scheduled job.
fn schedule() -> TableCreateStatement {
    Table::create()
        .table("schedule")
        .col(text("name").primary_key().take())
        .col(timestamp_with_time_zone("since"))
        .col(timestamp_with_time_zone("asked_for"))
        .col(timestamp_with_time_zone_null("last_success"))
        .col(timestamp_with_time_zone_null("mark"))
        .take()
}
