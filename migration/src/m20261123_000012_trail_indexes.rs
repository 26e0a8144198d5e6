//! What the trail's filters walk along. Each index costs on every entry, so there are no more than
//! these: an action in the order of entry, time, and outcomes that are rare. The common outcomes
//! need none: the newest fifty of them are near the end of the journal.

use sea_orm_migration::prelude::*;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, index};

/// Outcomes that most entries have. The trail's statements repeat this list word for word, because
/// only then does the partial index apply.
const COMMON: [&str; 3] = ["DONE", "SHOWN", "LISTED"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [],
            [
                index("journal_entry", &["action", "id"]),
                index("journal_entry", &["at", "id"]),
                index("journal_entry", &["outcome", "id"])
                    .and_where(Expr::col("outcome").is_not_in(COMMON))
                    .take(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in ["action", "at", "outcome"] {
            let index = Index::drop()
                .name(format!("idx_journal_entry_{columns}_id"))
                .table("journal_entry")
                .to_owned();
            manager.drop_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
