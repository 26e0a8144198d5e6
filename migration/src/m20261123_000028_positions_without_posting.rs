//! Where a person stands in one insurance does not hang on when its months were posted: the column that
//! said so was written and never read.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer_null;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "insurance_position", ["last_posting"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = integer_null("last_posting");
        add_columns(manager, "insurance_position", [column]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
