//! Statements about employers are evidence: standings and accreditations are added and never
//! changed. Restating an accreditation adds a row; the one that made the latest version of the
//! employer counts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null};

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, add_columns, allow_changes, drop_columns, refuse_changes, unique,
};

/// Tables whose rows stay as they were written.
const APPEND_ONLY: [&str; 2] = ["employer_status", "employer_accreditation"];

/// Which accreditation a row is about: it had one row, and has one for each statement.
const ACCREDITATION: [&str; 3] = ["employer_id", "kind", "since"];
const STATEMENT: [&str; 4] = ["employer_id", "kind", "since", "version"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "employer_accreditation";
        // What is there from before came first, from nobody knows whom.
        let columns = [
            big_integer("version").default(0).take(),
            big_integer_null("recorded_by"),
        ];
        add_columns(manager, table, columns).await?;
        manager.drop_index(dropped(&ACCREDITATION)).await?;
        manager.create_index(unique(table, &STATEMENT)).await?;
        refuse_changes(manager, &APPEND_ONLY).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "employer_accreditation";
        allow_changes(manager, &APPEND_ONLY).await?;
        manager.execute(forget_superseded()).await?;
        manager.drop_index(dropped(&STATEMENT)).await?;
        manager.create_index(unique(table, &ACCREDITATION)).await?;
        drop_columns(manager, table, ["recorded_by", "version"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

fn dropped(columns: &[&str]) -> IndexDropStatement {
    Index::drop()
        .name(format!("uq_employer_accreditation_{}", columns.join("_")))
        .table("employer_accreditation")
        .to_owned()
}

/// Only the latest statement about an accreditation fits the older schema.
fn forget_superseded() -> DeleteStatement {
    let (table, later) = ("employer_accreditation", "later");
    let of_both = |column: &'static str| Expr::col((later, column)).equals((table, column));
    let newer = Expr::col((later, "version")).gt(Expr::col((table, "version")));
    let exists = Query::select()
        .expr(Expr::val(1))
        .from_as(table, later)
        .and_where(of_both("employer_id"))
        .and_where(of_both("kind"))
        .and_where(of_both("since"))
        .and_where(newer)
        .take();
    Query::delete()
        .from_table(table)
        .and_where(Expr::exists(exists))
        .take()
}
