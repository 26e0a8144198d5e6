//! Employers with their dated standing (market regulation) and accreditations (assistance workshop).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob_null, date, date_null, pk_uuid, text, text_uniq, timestamp_with_time_zone,
    uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, refers_to, unique, version,
};

/// Legal kinds of employers.
const EMPLOYER_KINDS: [&str; 6] = [
    "ENTERPRISE",
    "SOLE_TRADER",
    "COOPERATIVE",
    "SOCIAL_ORGANISATION",
    "GOVERNMENT_BODY",
    "LABOUR_DISPATCH",
];

/// Standing of an employer as market regulation states it.
const STATUSES: [&str; 4] = ["ACTIVE", "ABNORMAL", "BLACKLISTED", "DISSOLVED"];

/// What an employer can be accredited as.
const ACCREDITATIONS: [&str; 1] = ["ASSISTANCE_WORKSHOP"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [employer(), employer_status(), employer_accreditation()],
            [
                index("employer", &["county_code", "id"]),
                unique(
                    "employer_status",
                    &["employer_id", "status", "since", "source", "recorded_at"],
                ),
                unique("employer_accreditation", &["employer_id", "kind", "since"]),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["employer_accreditation", "employer_status", "employer"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// An employer, known by its unified social credit code.
fn employer() -> TableCreateStatement {
    Table::create()
        .table("employer")
        .col(pk_uuid("id"))
        .col(text_uniq("credit_code"))
        .col(text("name"))
        .col(one_of("kind", EMPLOYER_KINDS))
        .col(big_integer("region_code"))
        .col(big_integer("county_code"))
        .col(big_integer("prefecture_code"))
        .col(blob_null("legal_representative_index"))
        .col(one_of("status", STATUSES.into_iter().chain(["UNKNOWN"])))
        .col(version())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .take()
}

/// A dated statement about an employer's standing, from market regulation.
fn employer_status() -> TableCreateStatement {
    Table::create()
        .table("employer_status")
        .col(pk_uuid("id"))
        .col(uuid("employer_id"))
        .col(one_of("status", STATUSES))
        .col(date("since"))
        .col(text("source"))
        .col(uuid_null("submission_id"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .take()
}

/// An accreditation an employer held for a time, such as employment assistance workshop.
fn employer_accreditation() -> TableCreateStatement {
    Table::create()
        .table("employer_accreditation")
        .col(pk_uuid("id"))
        .col(uuid("employer_id"))
        .col(one_of("kind", ACCREDITATIONS))
        .col(text("reference"))
        .col(date("since"))
        .col(date_null("until"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .take()
}
