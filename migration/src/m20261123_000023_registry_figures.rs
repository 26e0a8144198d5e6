//! Figures of the registry, kept beside it: how many people are alike in everything that a region's
//! figures and flows count, in cells and in changes that are not in their cells yet. Both are written
//! in the transaction of the change they follow, so that a figure and the list beside it agree.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, integer};

use crate::portable::{WHOLE_OR_NOT_AT_ALL, composite_key, create, drop_tables, one_of};
use crate::tally::{Kept, Tally};

/// What makes a cell, but for the prefecture of origin, which follows from the county.
const KEY: [&str; 8] = [
    "origin_county",
    "work_county",
    "work_prefecture",
    "work_status",
    "work_split",
    "able",
    "willing",
    "categories",
];

const FIGURES: Tally<'_> = Tally {
    source: "worker",
    changes: "registry_figure_change",
    total: "registry_figure",
    by: &[
        ("origin_prefecture", Kept::AsItIs),
        ("origin_county", Kept::AsItIs),
        ("work_county", Kept::OrZero),
        ("work_prefecture", Kept::OrZero),
        ("work_status", Kept::AsItIs),
        ("work_split", Kept::OrEmpty),
        ("able", Kept::AsSign),
        ("willing", Kept::AsSign),
        ("categories", Kept::AsItIs),
    ],
};

/// Work status, always derived from facts.
const WORK_STATUSES: [&str; 5] = [
    "WORKING",
    "NOT_WORKING",
    "LEFT_LABOUR_FORCE",
    "DECEASED",
    "UNKNOWN",
];

/// Where somebody works; empty for whoever does not.
const WORK_SPLITS: [&str; 4] = ["", "WITHIN_COUNTY", "OTHER_COUNTY", "OUTSIDE_PROVINCE"];

/// See the head of this file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let figures = counted("registry_figure")
            .primary_key(&mut composite_key(&KEY))
            .take();
        let changes = counted("registry_figure_change")
            .col(big_pk_auto("id"))
            .take();
        create(manager, [figures, changes], []).await?;
        FIGURES.follow(manager).await?;
        FIGURES.count_all(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FIGURES.leave(manager).await?;
        drop_tables(manager, &["registry_figure_change", "registry_figure"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        WHOLE_OR_NOT_AT_ALL
    }
}

/// A table with a number of people and all that they are counted by.
fn counted(table: &'static str) -> TableCreateStatement {
    let sign = |column: &'static str| {
        integer(column)
            .check(Expr::col(column).is_in([-1, 0, 1]))
            .take()
    };
    Table::create()
        .table(table)
        .col(big_integer("origin_prefecture"))
        .col(big_integer("origin_county"))
        .col(big_integer("work_county"))
        .col(big_integer("work_prefecture"))
        .col(one_of("work_status", WORK_STATUSES))
        .col(one_of("work_split", WORK_SPLITS))
        .col(sign("able"))
        .col(sign("willing"))
        .col(integer("categories"))
        .col(big_integer("people"))
        .take()
}
