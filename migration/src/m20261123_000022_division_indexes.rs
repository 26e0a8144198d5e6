//! Whatever is in a division is found along an index, for the hourly job that follows divisions to
//! their successors: nearly always there is nothing left, and that has to cost nothing.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, drop_index, index};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let villages = index("household", &["village_code"])
            .and_where(Expr::col("dissolved_on").is_null())
            .take();
        let stays = index("worker", &["stay_region"])
            .and_where(Expr::col("stay_region").is_not_null())
            .take();
        let workplaces = index("employment", &["workplace_code"])
            .and_where(Expr::col("ended_on").is_null())
            .take();
        create(manager, [], [villages, stays, workplaces]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "household", "idx_household_village_code").await?;
        drop_index(manager, "worker", "idx_worker_stay_region").await?;
        drop_index(manager, "employment", "idx_employment_workplace_code").await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
