//! What a prefecture or the province sends back to the county that decided (supervision: rulings and
//! returns). The decision's row keeps the latest return; every return is in the journal.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, date_null, text_null};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns};

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(
            manager,
            "employment",
            [
                date_null("returned_on"),
                big_integer_null("returned_by"),
                text_null("return_reason"),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["return_reason", "returned_by", "returned_on"];
        drop_columns(manager, "employment", columns).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
