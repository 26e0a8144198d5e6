//! The table of administrative divisions. Everything that has a place refers to it by code,
//! without a foreign key: divisions are imported, abolished and merged on their own calendar.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, date, date_null, text, text_null};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of};

/// The five levels of administrative divisions (GB/T 2260 and its statistical extension).
const LEVELS: [&str; 5] = ["PROVINCE", "PREFECTURE", "COUNTY", "TOWNSHIP", "VILLAGE"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, [region()], [index("region", &["parent_code"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["region"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// An administrative division: 12-digit code, one of five levels, valid for a time.
fn region() -> TableCreateStatement {
    Table::create()
        .table("region")
        .col(big_integer("code").primary_key())
        .col(one_of("level", LEVELS))
        .col(big_integer_null("parent_code"))
        .col(text("name_zh"))
        .col(text_null("name_en"))
        .col(date("valid_from"))
        .col(date_null("valid_to"))
        .col(big_integer_null("successor_code"))
        .take()
}
