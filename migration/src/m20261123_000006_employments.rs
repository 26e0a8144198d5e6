//! Jobs, the further terms of their contracts, and reports of jobs of people who are not registered
//! (measure three: the record origin and destination share).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, boolean, date, date_null, pk_uuid, text, text_null,
    timestamp_with_time_zone, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, create, drop_tables, index, one_of, one_of_null, refers_to, version,
};

/// Forms of work.
const FORMS: [&str; 3] = ["EMPLOYED", "OWN_BUSINESS", "FLEXIBLE"];

/// Kinds of contract.
const CONTRACT_KINDS: [&str; 5] = [
    "FIXED_TERM",
    "OPEN_ENDED",
    "PROJECT",
    "LABOUR_SERVICE",
    "NONE",
];

/// Ways a job was found.
const FOUND_BY: [&str; 7] = [
    "SELF",
    "RELATIVES",
    "LABOUR_STATION",
    "ORGANISED_TRANSFER",
    "EMPLOYER",
    "ONLINE",
    "OTHER",
];

/// Why a job ended.
const END_REASONS: [&str; 9] = [
    "CONTRACT_ENDED",
    "RESIGNED",
    "DISMISSED",
    "EMPLOYER_CLOSED",
    "RETURNED_HOME",
    "ILLNESS",
    "RETIRED",
    "DECEASED",
    "OTHER",
];

/// States of a job: it counts once it is confirmed.
const EMPLOYMENT_STATES: [&str; 3] = ["REPORTED", "CONFIRMED", "VOIDED"];

/// What can confirm a job.
const CONFIRMATIONS: [&str; 3] = ["ORIGIN", "INSURANCE", "OWN_REPORT"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [employment(), contract_renewal(), job_report()],
            [
                index("employment", &["worker_id", "started_on"]),
                index("employment", &["employer_id", "id"]),
                index("employment", &["host_employer_id"]),
                index("employment", &["id"])
                    .and_where(Expr::col("state").eq("REPORTED"))
                    .take(),
                index("contract_renewal", &["employment_id"]),
                index("job_report", &["resident_id_index"]),
                index("job_report", &["received_at"]),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["job_report", "contract_renewal", "employment"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// One job of one person, from start to end.
fn employment() -> TableCreateStatement {
    Table::create()
        .table("employment")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(one_of("form", FORMS))
        .col(uuid_null("employer_id"))
        .col(text_null("employer_name"))
        .col(text_null("employer_code"))
        .col(uuid_null("host_employer_id"))
        .col(one_of_null("contract_kind", CONTRACT_KINDS))
        .col(date_null("contract_start"))
        .col(date_null("contract_end"))
        .col(text_null("job_title"))
        .col(big_integer_null("monthly_wage_fen"))
        .col(big_integer("workplace_code"))
        .col(big_integer_null("workplace_county"))
        .col(big_integer_null("workplace_prefecture"))
        .col(boolean("outside_province"))
        .col(one_of_null("found_by", FOUND_BY))
        .col(date("started_on"))
        .col(date_null("ended_on"))
        .col(one_of_null("end_reason", END_REASONS))
        .col(one_of("state", EMPLOYMENT_STATES))
        .col(one_of_null("confirmed_by", CONFIRMATIONS))
        .col(text("reported_by_role"))
        .col(text("reported_by_subject"))
        .col(text_null("reported_by_scope"))
        .col(timestamp_with_time_zone("reported_at"))
        .col(date_null("checked_on"))
        .col(big_integer_null("checked_by"))
        .col(date_null("last_confirmed_on"))
        .col(text_null("void_reason"))
        .col(version())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("employer_id", "employer"))
        .foreign_key(&mut refers_to("host_employer_id", "employer"))
        .take()
}

/// A further term of a job's contract.
fn contract_renewal() -> TableCreateStatement {
    Table::create()
        .table("contract_renewal")
        .col(pk_uuid("id"))
        .col(uuid("employment_id"))
        .col(date("contract_start"))
        .col(date_null("contract_end"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("employment_id", "employment"))
        .take()
}

/// A report of a job of somebody who is not registered: encrypted as a whole and erased after its
/// term.
fn job_report() -> TableCreateStatement {
    Table::create()
        .table("job_report")
        .col(pk_uuid("id"))
        .col(blob("resident_id_index"))
        .col(blob("sealed"))
        .col(text("reported_by_role"))
        .col(text("reported_by_subject"))
        .col(timestamp_with_time_zone("received_at"))
        .take()
}
