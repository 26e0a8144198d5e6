//! A correction of a name has nothing sealed: its column was filled with an empty value, which looks like
//! a sealed one that is broken, and is absent now.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob, blob_null};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, add_columns, drop_columns};

const CORRECTION: &str = "correction";
const SEALED: &str = "sealed";
const ANEW: &str = "sealed_anew";

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, blob_null(ANEW)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let empty = blob(ANEW).default(Vec::<u8>::new()).take();
        replace(manager, empty).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// Puts another column in the place of the sealed one, with what is sealed. Whether a column may be
/// absent goes and comes with the column on SQLite.
async fn replace(manager: &SchemaManager<'_>, anew: ColumnDef) -> Result<(), DbErr> {
    add_columns(manager, CORRECTION, [anew]).await?;
    let kept = Query::update()
        .table(CORRECTION)
        .value(ANEW, Expr::col(SEALED))
        .and_where(Expr::col("kind").ne("NAME"))
        .take();
    manager.execute(kept).await?;
    drop_columns(manager, CORRECTION, [SEALED]).await?;
    let renamed = Table::alter()
        .table(CORRECTION)
        .rename_column(ANEW, SEALED)
        .take();
    manager.alter_table(renamed).await
}
