//! Paired helpers (measure two: one accountable helper per person at a time) and the findings of
//! auditors with the answer of the responsible county.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, date, date_null, pk_uuid, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, refers_to, unique, version,
};

/// States of a finding.
const FINDING_STATES: [&str; 3] = ["OPEN", "ANSWERED", "CLOSED"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [helper_assignment(), finding()],
            [
                unique("helper_assignment", &["worker_id"])
                    .and_where(Expr::col("until").is_null())
                    .take(),
                index("helper_assignment", &["helper_subject"]),
                index("finding", &["responsible_county", "id"]),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["finding", "helper_assignment"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// Paired assistance: the one accountable helper of a person, with its history.
fn helper_assignment() -> TableCreateStatement {
    Table::create()
        .table("helper_assignment")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(text("helper_subject"))
        .col(date("since"))
        .col(date_null("until"))
        .col(text("assigned_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}

/// An auditor's finding, the responsible county's answer, and its state.
fn finding() -> TableCreateStatement {
    Table::create()
        .table("finding")
        .col(pk_uuid("id"))
        .col(uuid_null("worker_id"))
        .col(uuid_null("employer_id"))
        .col(big_integer("responsible_county"))
        .col(text("clause"))
        .col(text("evidence"))
        .col(one_of("state", FINDING_STATES))
        .col(text("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(text_null("answer"))
        .col(text_null("answered_by"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(version())
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .take()
}
