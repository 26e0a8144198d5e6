//! Arrears that an agency has stated show on where a person stands in an insurance: before, they were
//! kept and shown nowhere.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::date_null;

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns};

const POSITION: &str = "insurance_position";
const FACT: &str = "insurance_fact";
const ARREARS_SINCE: &str = "arrears_since";

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, POSITION, [date_null(ARREARS_SINCE)]).await?;
        manager.execute(take_over()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, POSITION, [ARREARS_SINCE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// What has been stated already; everybody of whom anything is stated has a position.
fn take_over() -> UpdateStatement {
    let of_both = |column: &'static str| Expr::col((FACT, column)).equals((POSITION, column));
    let latest = Query::select()
        .expr(Expr::col((FACT, "since")).max())
        .from(FACT)
        .and_where(of_both("worker_id"))
        .and_where(of_both("kind"))
        .and_where(Expr::col((FACT, "fact")).eq("ARREARS"))
        .take();
    Query::update()
        .table(POSITION)
        .value(ARREARS_SINCE, Expr::SubQuery(None, Box::new(latest.into())))
        .take()
}
