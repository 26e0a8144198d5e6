//! What a correction of a person's identity takes, and what it brings to light.
//!
//! A name may be corrected by two people, as a resident id may. A statement about a person keeps in
//! which role it came: an agency's is matched by resident id, and goes when that id was wrong. A
//! pairing with a helper keeps whether a death ended it, which may be taken back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text_null};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, add_columns, create, drop_columns, drop_index, one_of, unique,
};

/// Values that only two people together may correct.
const CORRECTABLE: [&str; 2] = ["RESIDENT_ID", "NAME"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "labour_fact", [text_null("reported_by_role")]).await?;
        manager.execute(matched_deaths()).await?;
        let by_death = boolean("ended_by_death").default(false).take();
        add_columns(manager, "helper_assignment", [by_death]).await?;
        correctable(manager, &CORRECTABLE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The older table has no room for these.
        let of_names = Query::delete()
            .from_table("correction")
            .and_where(Expr::col("kind").eq("NAME"))
            .take();
        manager.execute(of_names).await?;
        correctable(manager, &CORRECTABLE[..1]).await?;
        drop_columns(manager, "helper_assignment", ["ended_by_death"]).await?;
        drop_columns(manager, "labour_fact", ["reported_by_role"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// Makes these the kinds of corrections. The check of a column goes and comes with the column on both
/// engines, and in no other way on both.
async fn correctable(
    manager: &SchemaManager<'_>,
    kinds: &'static [&'static str],
) -> Result<(), DbErr> {
    drop_index(manager, "correction", "uq_correction_worker_id_kind").await?;
    let of_ids = one_of("what", kinds.iter().copied())
        .default("RESIDENT_ID")
        .take();
    add_columns(manager, "correction", [of_ids]).await?;
    let kept = Query::update()
        .table("correction")
        .value("what", Expr::col("kind"))
        .take();
    manager.execute(kept).await?;
    drop_columns(manager, "correction", ["kind"]).await?;
    let renamed = Table::alter()
        .table("correction")
        .rename_column("what", "kind")
        .take();
    manager.alter_table(renamed).await?;
    let one_open = unique("correction", &["worker_id", "kind"])
        .and_where(Expr::col("state").eq("PROPOSED"))
        .take();
    create(manager, [], [one_open]).await
}

/// The deaths that civil affairs reported, by the journal: which role stated anything else makes no
/// difference, and stays unknown.
fn matched_deaths() -> UpdateStatement {
    let fact = |column: &'static str| Expr::col(("labour_fact", column));
    let reported = Query::select()
        .expr(Expr::val(1))
        .from("journal_entry")
        .and_where(Expr::col("record_kind").eq("Worker"))
        .and_where(Expr::col("record_id").equals(("labour_fact", "worker_id")))
        .and_where(Expr::col("action").eq("worker.report_death"))
        .and_where(Expr::col("subject").equals(("labour_fact", "reported_by")))
        // An entry without a version tells of a report that changed nothing.
        .and_where(Expr::col("record_version").is_not_null())
        .take();
    Query::update()
        .table("labour_fact")
        .value("reported_by_role", "AGENCY")
        .and_where(fact("kind").eq("DECEASED"))
        .and_where(Expr::exists(reported))
        .take()
}
