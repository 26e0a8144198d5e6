//! Figures from the roll-up. It knows nothing of scopes, so that these statements take the proof that
//! everybody they count is within reach.

use ::entity::{registry_figure, registry_figure_change};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoTableRef, Query, SelectStatement, UnionType};
use sea_orm::{Condition, ConnectionTrait as _, FromQueryResult, QueryResult};

use super::super::model::{Flow, Group};
use super::{ALIKE, FlowLevel, KIND, PEOPLE};
use crate::capability::worker::public::{Categories, WorkStatus};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::region_code::RegionLevel;
use crate::platform::db::scope::{End, Everybody};
use crate::platform::db::{ReadSession, Session as _, failure, stored, stored_if_any};

/// What a `SUM` of people is on either engine; PostgreSQL's is a `NUMERIC`.
const SUM: &str = "CAST(SUM(people) AS BIGINT)";

#[derive(FromQueryResult)]
struct GroupRow {
    work_status: String,
    work_split: String,
    able: i32,
    willing: i32,
    categories: i32,
    people: i64,
}

/// Everybody of a region, grouped by everything that is counted.
pub(in super::super) async fn groups(
    session: &ReadSession,
    everybody: Everybody,
) -> Result<Vec<Group>, Failure> {
    let statement = added_up(&ALIKE, &of(everybody));
    let rows = rows(session, &statement).await?;
    rows.iter().map(group).collect()
}

fn group(row: &QueryResult) -> Result<Group, Failure> {
    let row = GroupRow::from_query_result(row, "").map_err(failure)?;
    let said = |sign: i32| (sign >= 0).then_some(sign > 0);
    let split = Some(row.work_split.as_str()).filter(|split| !split.is_empty());
    Ok(Group {
        status: stored(&row.work_status)?,
        split: stored_if_any(split)?,
        able: said(row.able),
        willing: said(row.willing),
        categories: Categories::from_bits(row.categories),
        people: row.people,
    })
}

/// The flows of everybody of a region who works, told apart at a level.
pub(in super::super) async fn flows(
    session: &ReadSession,
    everybody: Everybody,
    level: FlowLevel,
) -> Result<Vec<Flow>, Failure> {
    let ends = match level {
        FlowLevel::Prefecture => ["origin_prefecture", "work_prefecture"],
        FlowLevel::County => ["origin_county", "work_county"],
    };
    let working = Expr::col("work_status").eq(WorkStatus::Working.as_str());
    let statement = added_up(&ends, &of(everybody).add(working));
    let flow = |row: &QueryResult| {
        let [origin, workplace] = ends.map(|end| row.try_get::<i64>("", end));
        let workplace = Some(workplace.map_err(failure)?).filter(|code| *code != 0);
        let people = row.try_get("", PEOPLE).map_err(failure)?;
        super::flow((origin.map_err(failure)?, workplace, people))
    };
    rows(session, &statement).await?.iter().map(flow).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "cells of a region whose everybody the session reaches"
)]
async fn rows(
    session: &ReadSession,
    statement: &SelectStatement,
) -> Result<Vec<QueryResult>, Failure> {
    let rows = session.executor().query_all(statement).await;
    rows.map_err(failure)
}

/// Cells of a region. The codes of its counties are a range, and so is one county.
fn of(everybody: Everybody) -> Condition {
    let region = everybody.region();
    let (first, last) = region.range();
    let within = |column: &'static str| Expr::col(column).between(first.as_i64(), last.as_i64());
    Condition::all().add(match (everybody.at(), region.level()) {
        (End::Origin, _) => within("origin_county"),
        // Of a job somewhere in a prefecture no county may be known.
        (End::Workplace, RegionLevel::Prefecture) => within("work_prefecture"),
        (End::Workplace, _) => within("work_county"),
    })
}

/// People by some columns, in cells and the changes that are not in them yet.
fn added_up(by: &[&'static str], which: &Condition) -> SelectStatement {
    Query::select()
        .columns(by.iter().copied())
        .expr_as(Expr::cust(SUM), PEOPLE)
        .from_subquery(cells_and_changes(by, which), "figures")
        .group_by_columns(by.iter().copied())
        .and_having(Expr::cust("SUM(people) <> 0"))
        .take()
}

/// Cells, and changes beside them, as one table.
fn cells_and_changes(columns: &[&'static str], which: &Condition) -> SelectStatement {
    let part = |table: sea_orm::sea_query::TableRef| {
        Query::select()
            .columns(columns.iter().copied())
            .column(PEOPLE)
            .from(table)
            .cond_where(which.clone())
            .take()
    };
    let mut both = part(registry_figure::Entity.into_table_ref());
    both.union(
        UnionType::All,
        part(registry_figure_change::Entity.into_table_ref()),
    );
    both
}

/// Every cell with what has changed of it, as one table.
pub(super) fn everything() -> SelectStatement {
    cells_and_changes(&KIND, &Condition::all())
}
