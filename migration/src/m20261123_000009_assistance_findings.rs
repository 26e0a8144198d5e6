//! Paired helpers (measure two: one accountable helper per person at a time) and the findings of
//! auditors with every answer and decision since.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, date, date_null, pk_uuid, text, timestamp_with_time_zone, uuid,
    uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, one_of_null, refers_to, unique,
    version,
};

/// States of a finding.
const FINDING_STATES: [&str; 3] = ["OPEN", "ANSWERED", "CLOSED"];

/// What comes of a finding.
const FINDING_OUTCOMES: [&str; 4] = ["REMEDIED", "UPHELD", "DISMISSED", "WITHDRAWN"];

/// What can be done about a finding once it is recorded.
const FINDING_STEPS: [&str; 3] = ["ANSWERED", "CLOSED", "REOPENED"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [helper_assignment(), finding(), finding_step()],
            [
                unique("helper_assignment", &["worker_id"])
                    .and_where(Expr::col("until").is_null())
                    .take(),
                index("helper_assignment", &["helper_subject"]),
                index("finding", &["responsible_county", "id"]),
                index("finding", &["worker_id"]),
                index("finding", &["employer_id"]),
                index("finding", &["employment_id"]),
                unique("finding_step", &["finding_id", "version"]),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["finding_step", "finding", "helper_assignment"]).await
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

/// An auditor's finding and how far it has come.
fn finding() -> TableCreateStatement {
    Table::create()
        .table("finding")
        .col(pk_uuid("id"))
        .col(uuid_null("worker_id"))
        .col(uuid_null("employer_id"))
        .col(uuid_null("employment_id"))
        .col(big_integer("responsible_county"))
        .col(text("clause"))
        .col(text("evidence"))
        .col(one_of("state", FINDING_STATES))
        .col(one_of_null("outcome", FINDING_OUTCOMES))
        .col(text("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(version())
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .foreign_key(&mut refers_to("employment_id", "employment"))
        .take()
}

/// What was done about a finding: answers, closings and reopenings, each kept as it was.
fn finding_step() -> TableCreateStatement {
    Table::create()
        .table("finding_step")
        .col(pk_uuid("id"))
        .col(uuid("finding_id"))
        .col(big_integer("version"))
        .col(one_of("kind", FINDING_STEPS))
        .col(one_of_null("outcome", FINDING_OUTCOMES))
        .col(text("body"))
        .col(text("taken_by"))
        .col(text("taken_by_role"))
        .col(big_integer_null("taken_for"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("finding_id", "finding"))
        .take()
}
