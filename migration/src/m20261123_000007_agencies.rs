//! Bulk deliveries of partner agencies, and the people an agency should be asked about again
//! (measure three: data matching).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, date, integer, pk_uuid, text, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, composite_key, create, drop_tables, index, one_of, refers_to,
};

/// Data sets that agencies deliver.
const DATASETS: [&str; 4] = [
    "CATEGORIES",
    "CONTRIBUTIONS",
    "INSURANCE_FACTS",
    "EMPLOYER_STATUSES",
];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [submission(), requery()],
            [index("submission", &["agency", "submitted_at"])],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["requery", "submission"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// One bulk delivery of an agency and what became of its rows.
fn submission() -> TableCreateStatement {
    Table::create()
        .table("submission")
        .col(pk_uuid("id"))
        .col(text("agency"))
        .col(one_of("dataset", DATASETS))
        .col(big_integer_null("region_code"))
        .col(text("submitted_by"))
        .col(timestamp_with_time_zone("submitted_at"))
        .col(integer("received"))
        .col(integer("accepted"))
        .col(integer("unchanged"))
        .col(integer("dropped"))
        .col(integer("refused"))
        .take()
}

/// A person an agency should be asked about again, because they were registered after its rows
/// about them were dropped. The row stays when the agency has taken it, so that nobody is put on
/// the list twice.
fn requery() -> TableCreateStatement {
    Table::create()
        .table("requery")
        .col(uuid("worker_id"))
        .col(text("agency"))
        .col(date("since"))
        .col(timestamp_with_time_zone_null("taken_at"))
        .primary_key(&mut composite_key(&["worker_id", "agency"]))
        .foreign_key(&mut refers_to("worker_id", "worker"))
        .take()
}
