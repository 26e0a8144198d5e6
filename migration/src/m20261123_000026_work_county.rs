//! The county of work of whoever works in a city directly over its townships, which stands in for a
//! county itself: the column was empty for a job that names the city and no township of it, as if the
//! job were outside the province.

use sea_orm_migration::prelude::*;

use crate::portable::WHOLE_OR_NOT_AT_ALL;

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside the province both are absent.
        let stands_in = Query::update()
            .table("worker")
            .value("work_county", Expr::col("work_prefecture"))
            .and_where(Expr::col("work_county").is_null())
            .and_where(Expr::col("work_prefecture").is_not_null())
            .take();
        manager.execute(stands_in).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // The right value does an older program no harm: it writes the column with the next change.
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
