//! Contributions and facts of the five social insurances as agencies state them, and where each
//! person stands. Back payments keep the month they are for and the month they were posted in; a
//! correction is a new row.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob_uniq, date, date_null, integer, integer_null, pk_uuid,
    timestamp_with_time_zone, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, composite_key, create, drop_tables, index, one_of, refers_to, unique,
};

/// The five social insurances.
const INSURANCES: [&str; 5] = [
    "PENSION",
    "UNEMPLOYMENT",
    "MEDICAL",
    "WORK_INJURY",
    "MATERNITY",
];

/// Kinds of contribution row.
const ENTRIES: [&str; 4] = ["NORMAL", "ARREARS", "REFUND", "CORRECTION"];

/// What an agency can state about an insurance beside its months.
const FACTS: [&str; 4] = ["ENROLLED", "STOPPED", "ARREARS", "PENSION_IN_PAYMENT"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [contribution(), insurance_fact(), insurance_position()],
            [
                index("contribution", &["worker_id", "period_month"]),
                index("contribution", &["employer_id", "period_month"]),
                unique(
                    "insurance_fact",
                    &["worker_id", "kind", "fact", "since", "employer_id"],
                ),
                // An absent employer differs from every other one, but is one payer all the same.
                unique("insurance_fact", &["worker_id", "kind", "fact", "since"])
                    .and_where(Expr::col("employer_id").is_null())
                    .take(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["insurance_position", "insurance_fact", "contribution"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// One insurance month of one person as an agency stated it.
fn contribution() -> TableCreateStatement {
    Table::create()
        .table("contribution")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(uuid_null("employer_id"))
        .col(uuid_null("payer_employer_id"))
        .col(one_of("kind", INSURANCES))
        .col(one_of("entry", ENTRIES))
        .col(integer("period_month"))
        .col(integer("posting_month"))
        .col(big_integer("base_fen"))
        .col(big_integer("employer_fen"))
        .col(big_integer("personal_fen"))
        .col(uuid_null("corrects_id"))
        .col(uuid("submission_id"))
        .col(blob_uniq("row_digest"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .foreign_key(&mut refers_to("payer_employer_id", "employer"))
        .foreign_key(&mut refers_to("submission_id", "submission"))
        .take()
}

/// A dated statement about a person's insurance: enrolled, stopped, in arrears, pension in
/// payment.
fn insurance_fact() -> TableCreateStatement {
    Table::create()
        .table("insurance_fact")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(uuid_null("employer_id"))
        .col(one_of("kind", INSURANCES))
        .col(one_of("fact", FACTS))
        .col(date("since"))
        .col(uuid("submission_id"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .foreign_key(&mut refers_to("submission_id", "submission"))
        .take()
}

/// Where a person stands in one insurance: derived from contributions and facts in the transaction
/// that writes them, one row per person and kind.
fn insurance_position() -> TableCreateStatement {
    Table::create()
        .table("insurance_position")
        .col(uuid("worker_id"))
        .col(one_of("kind", INSURANCES))
        .col(integer_null("last_period"))
        .col(integer_null("last_posting"))
        .col(date_null("enrolled_on"))
        .col(date_null("stopped_on"))
        .col(date_null("pension_since"))
        .primary_key(&mut composite_key(&["worker_id", "kind"]))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}
