//! What a person's row is derived from or guarded by: who may see them, where they were registered,
//! what was stated about their ability, willingness and labour status, and corrections of the resident
//! id that need a second person.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, boolean, date, date_null, pk_uuid, text, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, composite_key, create, drop_tables, index, one_of, refers_to, unique,
    version,
};

/// Why a region may see a person.
const GROUNDS: [&str; 4] = ["ORIGIN", "WORKPLACE", "STAY", "FORMER"];

/// What can be stated about a person and work.
const LABOUR_FACTS: [&str; 6] = [
    "ABLE",
    "WILLING",
    "REPORTED_NOT_WORKING",
    "LEFT_LABOUR_FORCE",
    "DECEASED",
    "LEFT_PUBLIC_POST",
];

/// Values that only two people together may correct.
const CORRECTABLE: [&str; 1] = ["RESIDENT_ID"];

/// States of a correction.
const CORRECTION_STATES: [&str; 3] = ["PROPOSED", "APPROVED", "REFUSED"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [
                worker_visibility(),
                residence_spell(),
                labour_fact(),
                correction(),
            ],
            [
                index("worker_visibility", &["worker_id", "region_code"]),
                index("residence_spell", &["worker_id"]),
                index("labour_fact", &["worker_id", "kind", "since"]),
                index("correction", &["worker_id"]),
                unique("correction", &["worker_id", "kind"])
                    .and_where(Expr::col("state").eq("PROPOSED"))
                    .take(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "correction",
                "labour_fact",
                "residence_spell",
                "worker_visibility",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// Who may see whom: one row per enclosing region (village to prefecture) of each ground a region
/// has for seeing a person.
fn worker_visibility() -> TableCreateStatement {
    Table::create()
        .table("worker_visibility")
        .col(big_integer("region_code"))
        .col(uuid("worker_id"))
        .col(one_of("ground", GROUNDS))
        .col(date_null("until"))
        .primary_key(&mut composite_key(&["region_code", "worker_id", "ground"]))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}

/// Where and in which household a person was registered, and from when to when: the trace of
/// moves, splits and mergers.
fn residence_spell() -> TableCreateStatement {
    Table::create()
        .table("residence_spell")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(uuid("household_id"))
        .col(big_integer("village_code"))
        .col(date("since"))
        .col(date_null("until"))
        .col(text_null("reason"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .foreign_key(&mut refers_to("household_id", "household"))
        .take()
}

/// One dated, sourced statement about a person's ability, willingness or labour status.
fn labour_fact() -> TableCreateStatement {
    Table::create()
        .table("labour_fact")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(one_of("kind", LABOUR_FACTS))
        .col(boolean("value"))
        .col(date("since"))
        .col(text("source"))
        .col(text("reported_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("voided_at"))
        .col(text_null("void_reason"))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}

/// A change of a resident id that waits for, or has had, the decision of a second person.
fn correction() -> TableCreateStatement {
    Table::create()
        .table("correction")
        .col(pk_uuid("id"))
        .col(uuid("worker_id"))
        .col(one_of("kind", CORRECTABLE))
        .col(one_of("state", CORRECTION_STATES))
        .col(blob("sealed"))
        .col(blob("value_index"))
        .col(text("mask"))
        .col(text("reason"))
        .col(text("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(text_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(version())
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}
