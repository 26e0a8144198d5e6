//! Households and the dated history of their poverty category (measure one of the policy:
//! monitoring by real name). Agriculture is master of the category.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, date, date_null, pk_uuid, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, refers_to, unique, version,
};

/// The categories of the policy: lifted out of poverty, and the three kinds of monitored household.
const CATEGORIES: [&str; 4] = [
    "LIFTED_OUT_OF_POVERTY",
    "MONITORED_UNSTABLE",
    "MONITORED_MARGINAL",
    "MONITORED_SUDDEN_HARDSHIP",
];

/// Agriculture is master of the category; a county may only state it provisionally.
const SOURCES: [&str; 2] = ["AGRICULTURE", "COUNTY"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [household(), household_category()],
            [
                // A household that has ended gives its number back.
                unique("household", &["county_code", "household_no"])
                    .and_where(Expr::col("dissolved_on").is_null())
                    .take(),
                // What had a number before, and the households of a division.
                index("household", &["county_code", "household_no"]),
                index("household_category", &["household_id"]),
                unique(
                    "household_category",
                    &["household_id", "category", "since", "source"],
                )
                .and_where(Expr::col("superseded_at").is_null())
                .take(),
                // What ended, for the job that takes it from people.
                index("household_category", &["until"])
                    .and_where(Expr::col("until").is_not_null())
                    .take(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["household_category", "household"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// A household of the origin side; a household that was merged or dissolved stays, for its
/// history.
fn household() -> TableCreateStatement {
    Table::create()
        .table("household")
        .col(pk_uuid("id"))
        .col(big_integer("county_code"))
        .col(big_integer("village_code"))
        .col(text_null("household_no"))
        .col(date_null("dissolved_on"))
        .col(uuid_null("merged_into"))
        .col(version())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take()
}

/// The dated history of a household's poverty category.
fn household_category() -> TableCreateStatement {
    Table::create()
        .table("household_category")
        .col(pk_uuid("id"))
        .col(uuid("household_id"))
        .col(one_of("category", CATEGORIES))
        .col(date("since"))
        .col(date_null("until"))
        .col(one_of("source", SOURCES))
        .col(boolean("provisional"))
        .col(uuid_null("submission_id"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut refers_to("household_id", "household"))
        .take()
}
