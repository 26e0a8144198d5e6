//! A page of those who work for an employer now, or whom it hosts, is read along an index in its order:
//! the largest employers have tens of thousands, and a page has a hundred.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, drop_index, index};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let current = |column| {
            index("employment", &[column, "started_on", "id"])
                .and_where(Expr::col("ended_on").is_null())
                .and_where(Expr::col(column).is_not_null())
                .take()
        };
        let indexes = [current("employer_id"), current("host_employer_id")];
        create(manager, [], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "idx_employment_employer_id_started_on_id",
            "idx_employment_host_employer_id_started_on_id",
        ] {
            drop_index(manager, "employment", name).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
