//! Whether the roll-up says what the registry's rows say.

use ::entity::{registry_figure, worker};
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait as _, Func, Query, SelectStatement,
};
use sea_orm::sea_query::{SimpleExpr, UnionType};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, FromQueryResult, PaginatorTrait as _};

use super::super::model::Agreement;
use super::{KIND, PEOPLE, cells, fold};
use crate::kernel::error::Failure;
use crate::platform::db::{ReadSession, Session as _, failure};

#[derive(FromQueryResult)]
struct Difference {
    kinds: i64,
    people: i64,
}

/// Compares the whole roll-up with the registry, by one statement: people who change meanwhile are on
/// both sides or on neither. It reads every row of the registry.
#[expect(
    clippy::disallowed_methods,
    reason = "the whole roll-up is looked at, by the system alone"
)]
pub(in super::super) async fn agreement(session: &ReadSession) -> Result<Agreement, Failure> {
    let executor = session.executor();
    let found = executor.query_one(&difference()).await.map_err(failure)?;
    let found = found.ok_or_else(|| Failure::internal("an aggregate has no row"))?;
    let Difference { kinds, people } =
        Difference::from_query_result(&found, "").map_err(failure)?;
    let cells = registry_figure::Entity::find().count(&executor).await;
    Ok(Agreement {
        cells: cells.map_err(failure)?,
        waiting: fold::waiting(session).await?,
        wrong_cells: u64::try_from(kinds).map_err(Failure::internal)?,
        wrong_people: u64::try_from(people).map_err(Failure::internal)?,
    })
}

/// Cells and changes less the people themselves: what is left is wrong.
fn difference() -> SelectStatement {
    let mut all = cells::everything();
    all.union(UnionType::All, nobody_else());
    let wrong = Query::select()
        .columns(KIND)
        .expr_as(Expr::cust("SUM(people)"), PEOPLE)
        .from_subquery(all, "all_counted")
        .group_by_columns(KIND)
        .and_having(Expr::cust("SUM(people) <> 0"))
        .take();
    Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "kinds")
        .expr_as(
            Expr::cust("CAST(COALESCE(SUM(ABS(people)), 0) AS BIGINT)"),
            PEOPLE,
        )
        .from_subquery(wrong, "wrong")
        .take()
}

/// One person less for each of the registry's rows, as the triggers would count them.
fn nobody_else() -> SelectStatement {
    use worker::Column;
    let or = |column: Column, none: SimpleExpr| Func::coalesce([Expr::col(column), none]).into();
    let sign = |column: Column| {
        CaseStatement::new()
            .case(Expr::col(column), 1)
            .case(Expr::col(column).not(), 0)
            .finally(-1)
            .into()
    };
    let plain = |column: Column| Expr::col(column);
    let values: [(SimpleExpr, &str); 9] = [
        (plain(Column::OriginPrefecture), "origin_prefecture"),
        (plain(Column::OriginCounty), "origin_county"),
        (or(Column::WorkCounty, Expr::cust("0")), "work_county"),
        (
            or(Column::WorkPrefecture, Expr::cust("0")),
            "work_prefecture",
        ),
        (plain(Column::WorkStatus), "work_status"),
        (or(Column::WorkSplit, Expr::cust("''")), "work_split"),
        (sign(Column::Able), "able"),
        (sign(Column::Willing), "willing"),
        (plain(Column::Categories), "categories"),
    ];
    let mut rows = Query::select();
    for (value, name) in values {
        rows.expr_as(value, Alias::new(name));
    }
    rows.expr_as(Expr::cust("-1"), PEOPLE).from(worker::Entity);
    rows
}
