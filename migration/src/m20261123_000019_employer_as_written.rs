//! The employer of a job as whoever spoke of it first wrote it. The row's own name and code follow what
//! becomes known of the employer; what was written stays, so that the same row of a ledger finds its job
//! however its employer was resolved since.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns};

const TABLE: &str = "employment";
const NAME: &str = "written_employer_name";
const CODE: &str = "written_employer_code";

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, TABLE, [text_null(NAME), text_null(CODE)]).await?;
        manager.execute(as_it_stands()).await?;
        manager.execute(by_code()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, TABLE, [CODE, NAME]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// A name has stayed on the row; a code has until its employer was registered.
fn as_it_stands() -> UpdateStatement {
    Query::update()
        .table(TABLE)
        .value(NAME, Expr::col("employer_name"))
        .value(CODE, Expr::col("employer_code"))
        .take()
}

/// Whoever is the employer without an officer having said so was named by their code. Which code an
/// officer has resolved, if there was one, is not known any more.
fn by_code() -> UpdateStatement {
    let job = |column: &'static str| Expr::col((TABLE, column));
    let code = Query::select()
        .column("credit_code")
        .from("employer")
        .and_where(Expr::col(("employer", "id")).equals((TABLE, "employer_id")))
        .take();
    let resolved = Query::select()
        .expr(Expr::val(1))
        .from("journal_entry")
        .and_where(Expr::col("record_kind").eq("Employment"))
        .and_where(Expr::col("record_id").equals((TABLE, "id")))
        .and_where(Expr::col("action").eq("employment.resolve_employer"))
        // An entry without a version tells of a look or of a refusal.
        .and_where(Expr::col("record_version").is_not_null())
        .take();
    Query::update()
        .table(TABLE)
        .value(CODE, Expr::from(SubQueryStatement::from(code)))
        .and_where(job("employer_id").is_not_null())
        .and_where(Expr::exists(resolved).not())
        .take()
}
