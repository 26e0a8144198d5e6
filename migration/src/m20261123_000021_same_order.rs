//! What is in one order on every engine and every server.
//!
//! Names, by code points: the databases of PostgreSQL sort them by collations of their own, which no page
//! of a list may depend on. Statements about one person or employer, by the version of the record that
//! they made: the clocks of two servers differ, and so do the ids that are made from them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, add_columns, code_point_index, create, drop_columns, drop_index,
    prefix_index,
};

/// Tables of statements of which, for one day, the last one counts.
const STATEMENTS: [&str; 2] = ["labour_fact", "employer_status"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "worker", "idx_worker_name").await?;
        drop_index(manager, "employer", "idx_employer_name").await?;
        code_point_index(manager, "worker", "name", &["id"]).await?;
        code_point_index(manager, "employer", "name", &[]).await?;
        for table in STATEMENTS {
            // What is there from before came first.
            let version = big_integer("version").default(0).take();
            add_columns(manager, table, [version]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in STATEMENTS {
            drop_columns(manager, table, ["version"]).await?;
        }
        drop_index(manager, "worker", "idx_worker_name_id").await?;
        drop_index(manager, "employer", "idx_employer_name").await?;
        let worker = prefix_index(manager, "worker", "name");
        let employer = prefix_index(manager, "employer", "name");
        create(manager, [], [worker, employer]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}
