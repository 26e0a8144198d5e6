//! The one journal: what happened and what changed, put in order and chained by hash by the
//! sequencer, with its head signed daily. Entries, links and anchors can only be added.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_integer_uniq, big_pk_auto, blob, date, integer, text,
    text_null, timestamp_with_time_zone, uuid, uuid_null,
};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, append_only, create, drop_append_only, drop_queue_inserts, drop_tables,
    index, queue_inserts,
};

/// Tables whose rows are evidence: what is written stays as it was.
const APPEND_ONLY: [&str; 3] = ["journal_entry", "journal_link", "journal_anchor"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            [
                journal_entry(),
                journal_pending(),
                journal_link(),
                journal_head(),
                journal_anchor(),
            ],
            [
                index("journal_entry", &["record_kind", "record_id", "id"]),
                index("journal_entry", &["subject", "id"]),
            ],
        )
        .await?;
        append_only(manager, &APPEND_ONLY).await?;
        queue_inserts(manager, "journal_entry", "journal_pending", "entry_id").await?;
        manager.execute(empty_chain()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "journal_anchor",
                "journal_head",
                "journal_link",
                "journal_pending",
                "journal_entry",
            ],
        )
        .await?;
        drop_queue_inserts(manager, "journal_entry", "journal_pending").await?;
        drop_append_only(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// What happened and what changed, written in the transaction of the change.
fn journal_entry() -> TableCreateStatement {
    Table::create()
        .table("journal_entry")
        .col(big_pk_auto("id"))
        .col(uuid("commit_id"))
        .col(timestamp_with_time_zone("at"))
        .col(text("issuer"))
        .col(text("subject"))
        .col(text("role"))
        .col(text("action"))
        .col(text_null("record_kind"))
        .col(uuid_null("record_id"))
        .col(big_integer_null("record_version"))
        .col(text_null("changes"))
        .col(text_null("purpose"))
        .col(text("outcome"))
        .col(integer("repeats").default(1))
        .col(text("request_id"))
        .take()
}

/// The entries the sequencer has not placed yet.
fn journal_pending() -> TableCreateStatement {
    Table::create()
        .table("journal_pending")
        .col(big_integer("entry_id").primary_key())
        .take()
}

/// The place of an entry in the one total order, with the hash that chains it to the one before.
fn journal_link() -> TableCreateStatement {
    Table::create()
        .table("journal_link")
        .col(big_integer("position").primary_key())
        .col(big_integer_uniq("entry_id"))
        .col(blob("hash"))
        .take()
}

/// The last link of the chain, in the table's only row: what the sequencer locks.
fn journal_head() -> TableCreateStatement {
    Table::create()
        .table("journal_head")
        .col(integer("id").primary_key().check(Expr::col("id").eq(1)))
        .col(big_integer("position"))
        .col(blob("hash"))
        .take()
}

/// The signed head of the chain of one day, as it was written out.
fn journal_anchor() -> TableCreateStatement {
    Table::create()
        .table("journal_anchor")
        .col(date("day").primary_key())
        .col(big_integer("position"))
        .col(blob("hash"))
        .col(text("statement"))
        .take()
}

/// The head of a chain without links: position 0 and 32 zero bytes.
fn empty_chain() -> InsertStatement {
    Query::insert()
        .into_table("journal_head")
        .columns(["id", "position", "hash"])
        .values_panic([1.into(), 0.into(), vec![0_u8; 32].into()])
        .take()
}
