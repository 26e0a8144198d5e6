//! The real-name registry (measure one): one row per person in the whole province, with the
//! columns that lists filter by derived beside the facts they come from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, blob_uniq, boolean_null, date_null, integer,
    pk_uuid, text, text_null, timestamp_with_time_zone, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, one_of_null, prefix_index, refers_to,
    version,
};

/// Levels of education, lowest first.
const EDUCATIONS: [&str; 8] = [
    "ILLITERATE",
    "PRIMARY",
    "JUNIOR_SECONDARY",
    "SENIOR_SECONDARY",
    "SECONDARY_VOCATIONAL",
    "JUNIOR_COLLEGE",
    "BACHELOR",
    "POSTGRADUATE",
];

/// Work status, always derived from facts.
const WORK_STATUSES: [&str; 5] = [
    "WORKING",
    "NOT_WORKING",
    "LEFT_LABOUR_FORCE",
    "DECEASED",
    "UNKNOWN",
];

/// The three parts every count of working people adds up from.
const WORK_SPLITS: [&str; 3] = ["WITHIN_COUNTY", "OTHER_COUNTY", "OUTSIDE_PROVINCE"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [worker()],
            [
                index("worker", &["household_id"]),
                index("worker", &["origin_county", "id"]),
                prefix_index(manager, "worker", "name"),
                index("worker", &["updated_at", "id"]),
                index("worker", &["origin_county", "work_county"]),
                index("worker", &["bank_account_index"]),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["worker"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// A person of the real-name registry, once in the whole province.
fn worker() -> TableCreateStatement {
    Table::create()
        .table("worker")
        .col(pk_uuid("id"))
        .col(uuid("household_id"))
        .col(text("name"))
        .col(blob_uniq("resident_id_index"))
        .col(blob("resident_id_sealed"))
        .col(text("resident_id_mask"))
        .col(integer("birth_year"))
        .col(blob_null("phone_sealed"))
        .col(text_null("phone_mask"))
        .col(blob_null("bank_account_sealed"))
        .col(text_null("bank_account_mask"))
        .col(blob_null("bank_account_index"))
        .col(one_of_null("education", EDUCATIONS))
        .col(text("skills").default("[]"))
        .col(big_integer("origin_village"))
        .col(big_integer("origin_township"))
        .col(big_integer("origin_county"))
        .col(big_integer("origin_prefecture"))
        .col(text_null("origin_address"))
        .col(big_integer_null("stay_region"))
        .col(one_of("work_status", WORK_STATUSES))
        .col(date_null("work_status_since"))
        .col(boolean_null("able"))
        .col(boolean_null("willing"))
        .col(integer("categories"))
        .col(uuid_null("current_employment_id"))
        .col(big_integer_null("work_county"))
        .col(big_integer_null("work_prefecture"))
        .col(one_of_null("work_split", WORK_SPLITS))
        .col(version())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut refers_to("household_id", "household"))
        .take()
}
