//! What makes two statements about an employer's standing the same. Each delivery that says something
//! new makes a version of the employer, and says a thing once: that holds whatever the clock says,
//! and two deliveries at once cannot make one version. What was corrected can be stated again, at the
//! same instant too, which the moment of its recording as part of the key refused.

use sea_orm_migration::prelude::*;

use crate::portable::{
    WHOLE_OR_NOT_AT_ALL, allow_changes, create, drop_index, refuse_changes, unique,
};

const TABLE: &str = "employer_status";
/// By version, and by instant as it was.
const BY_VERSION: [&str; 5] = ["employer_id", "version", "since", "source", "status"];
const BY_INSTANT: [&str; 5] = ["employer_id", "status", "since", "source", "recorded_at"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What is there from before versions were kept has none, and may say a thing twice.
        let by_version = unique(TABLE, &BY_VERSION)
            .and_where(Expr::col("version").gt(0))
            .take();
        create(manager, [], [by_version]).await?;
        let by_instant = "uq_employer_status_employer_id_status_since_source_recorded_at";
        drop_index(manager, TABLE, by_instant).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        allow_changes(manager, &[TABLE]).await?;
        manager.execute(forget_restated()).await?;
        refuse_changes(manager, &[TABLE]).await?;
        create(manager, [], [unique(TABLE, &BY_INSTANT)]).await?;
        let by_version = "uq_employer_status_employer_id_version_since_source_status";
        drop_index(manager, TABLE, by_version).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// Of what was stated again at the same instant only the last statement fits the older schema.
fn forget_restated() -> DeleteStatement {
    let later = "later";
    let of_both = |column: &'static str| Expr::col((later, column)).equals((TABLE, column));
    let newer = Expr::col((later, "version")).gt(Expr::col((TABLE, "version")));
    let mut again = Query::select();
    again
        .expr(Expr::val(1))
        .from_as(TABLE, later)
        .and_where(newer);
    for column in BY_INSTANT {
        again.and_where(of_both(column));
    }
    Query::delete()
        .from_table(TABLE)
        .and_where(Expr::exists(again.take()))
        .take()
}
