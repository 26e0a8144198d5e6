//! Insurance rows that came under a resident id which their person turned out not to have. An approved
//! correction of the id moves them here whole: nothing reads them as that person's any more, and the
//! database keeps them as they were.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, date, integer, pk_uuid, text, timestamp_with_time_zone, uuid, uuid_null,
};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, refers_to, refuse_changes};

/// Tables whose rows stay as they were written.
const APPEND_ONLY: [&str; 2] = ["set_aside_contribution", "set_aside_insurance_fact"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [contribution(), insurance_fact()],
            [
                index("set_aside_contribution", &["worker_id"]),
                index("set_aside_insurance_fact", &["worker_id"]),
            ],
        )
        .await?;
        refuse_changes(manager, &APPEND_ONLY).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &APPEND_ONLY).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// A row of `contribution`, and what set it aside.
fn contribution() -> TableCreateStatement {
    let mut table = Table::create()
        .table("set_aside_contribution")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(uuid_null("employer_id"))
        .col(uuid_null("payer_employer_id"))
        .col(text("kind"))
        .col(text("entry"))
        .col(integer("period_month"))
        .col(integer("posting_month"))
        .col(big_integer("base_fen"))
        .col(big_integer("employer_fen"))
        .col(big_integer("personal_fen"))
        .col(uuid_null("corrects_id"))
        .col(uuid("submission_id"))
        .col(blob("row_digest"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("payer_employer_id", "employer"))
        .take();
    set_aside(&mut table)
}

/// A row of `insurance_fact`, and what set it aside.
fn insurance_fact() -> TableCreateStatement {
    let mut table = Table::create()
        .table("set_aside_insurance_fact")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(uuid_null("employer_id"))
        .col(text("kind"))
        .col(text("fact"))
        .col(date("since"))
        .col(uuid("submission_id"))
        .col(timestamp_with_time_zone("recorded_at"))
        .take();
    set_aside(&mut table)
}

/// The columns and references that both tables share.
fn set_aside(table: &mut TableCreateStatement) -> TableCreateStatement {
    table
        .col(uuid("correction_id"))
        .col(timestamp_with_time_zone("set_aside_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .foreign_key(&mut refers_to("submission_id", "submission"))
        .foreign_key(&mut refers_to("correction_id", "correction"))
        .take()
}
