//! What lists of people walk along at every level of region, and employers by the start of a name.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, index, prefix_index};

/// The materialised ancestors of the origin beside the county, which has its index already.
const LEVELS: [&str; 3] = ["origin_prefecture", "origin_township", "origin_village"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [],
            LEVELS.map(|level| index("worker", &[level, "id"])),
        )
        .await?;
        create(manager, [], [prefix_index(manager, "employer", "name")]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let levels = LEVELS.map(|level| ("worker", format!("idx_worker_{level}_id")));
        let names = ("employer", "idx_employer_name".to_owned());
        for (table, name) in levels.into_iter().chain([names]) {
            let index = Index::drop().name(name).table(table).to_owned();
            manager.drop_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
