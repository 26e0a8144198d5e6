//! What the platform keeps for itself: the quota of the one declared exception to the existence rule,
//! idempotency keys, and the queue of background jobs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, date, integer, pk_uuid, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, composite_key, create, drop_tables, index, one_of, unique,
};

/// States of a job.
const JOB_STATES: [&str; 4] = ["READY", "LEASED", "DONE", "DEAD"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [disclosure_quota(), idempotency(), job()],
            [
                index("idempotency", &["created_at"]),
                unique("job", &["kind", "dedupe_key"])
                    .and_where(Expr::col("state").is_in(["READY", "LEASED"]))
                    .take(),
                index("job", &["run_at"])
                    .and_where(Expr::col("state").eq("READY"))
                    .take(),
                index("job", &["lease_until"])
                    .and_where(Expr::col("state").eq("LEASED"))
                    .take(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["job", "idempotency", "disclosure_quota"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// How often a subject was told today that a person is registered elsewhere: the one declared
/// exception to the existence rule, and its quota.
fn disclosure_quota() -> TableCreateStatement {
    Table::create()
        .table("disclosure_quota")
        .col(text("issuer"))
        .col(text("subject"))
        .col(date("day"))
        .col(integer("used"))
        .primary_key(&mut composite_key(&["issuer", "subject", "day"]))
        .take()
}

/// An idempotency key, the digest of the input it came with, and the ids the first run answered.
fn idempotency() -> TableCreateStatement {
    Table::create()
        .table("idempotency")
        .col(text("issuer"))
        .col(text("subject"))
        .col(text("mutation"))
        .col(text("key"))
        .col(blob("input_digest"))
        .col(text_null("answer"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(&mut composite_key(&[
            "issuer", "subject", "mutation", "key",
        ]))
        .take()
}

/// A durable background job.
fn job() -> TableCreateStatement {
    Table::create()
        .table("job")
        .col(pk_uuid("id"))
        .col(text("kind"))
        .col(text("payload"))
        .col(text_null("dedupe_key"))
        .col(one_of("state", JOB_STATES))
        .col(timestamp_with_time_zone("run_at"))
        .col(integer("attempts"))
        .col(integer("max_attempts"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(text_null("lease_owner"))
        .col(text_null("last_error"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .take()
}
