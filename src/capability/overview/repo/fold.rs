//! Adding changes of the figures to their cells.

use ::entity::{registry_figure, registry_figure_change};
use sea_orm::sea_query::{
    CommonTableExpression, DeleteStatement, Expr, ExprTrait as _, InsertStatement, IntoTableRef,
    OnConflict, Order, Query, SelectStatement, TableRef, WithClause, WithQuery,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

use super::{KEY, KIND, PEOPLE};
use crate::kernel::error::Failure;
use crate::platform::db::{Engine, ReadSession, Session as _, WriteSession, failure};

/// Changes that are in no cell yet.
#[expect(
    clippy::disallowed_methods,
    reason = "figures are of everybody; the system alone asks how many changes wait"
)]
pub(in super::super) async fn waiting(session: &ReadSession) -> Result<u64, Failure> {
    registry_figure_change::Entity::find()
        .count(&session.executor())
        .await
        .map_err(failure)
}

/// Adds changes to their cells, at most `most` of them; how many. Cells that nobody is left in go.
///
/// On PostgreSQL one statement takes the changes away and adds them, from one snapshot: a change that
/// commits meanwhile, whatever its number, stays for the next fold, and of two folds at once the later
/// finds those that the other took gone. On SQLite the transaction holds the only write lock.
#[expect(
    clippy::disallowed_methods,
    reason = "the roll-up is of everybody; the system alone folds"
)]
pub(in super::super) async fn fold_in(tx: &WriteSession, most: u64) -> Result<u64, Failure> {
    let folded = match tx.engine() {
        Engine::Postgres => {
            let row = tx.executor().query_one(&taken_and_added(most)).await;
            let row = row.map_err(failure)?;
            let folded = row.map(|row| row.try_get::<i64>("", "folded"));
            let folded = folded.transpose().map_err(failure)?.unwrap_or_default();
            u64::try_from(folded).map_err(Failure::internal)?
        }
        Engine::Sqlite => {
            let changes = registry_figure_change::Entity.into_table_ref();
            let mut which = added(changes);
            which.and_where(Expr::col("id").in_subquery(next(most)));
            let executor = tx.executor();
            executor
                .execute(&into_cells(which))
                .await
                .map_err(failure)?;
            let taken = executor.execute(&taken(most)).await.map_err(failure)?;
            taken.rows_affected()
        }
    };
    registry_figure::Entity::delete_many()
        .filter(registry_figure::Column::People.eq(0))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(folded)
}

/// `WITH gone AS (DELETE … RETURNING …), kept AS (INSERT …) SELECT COUNT(*) FROM gone`.
fn taken_and_added(most: u64) -> WithQuery {
    let mut gone = taken(most);
    gone.returning(Query::returning().columns(KIND.into_iter().chain([PEOPLE])));
    let kept = into_cells(added("gone".into_table_ref()));
    let part = |name: &'static str| CommonTableExpression::new().table_name(name).to_owned();
    Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "folded")
        .from("gone")
        .take()
        .with(
            WithClause::new()
                .cte(part("gone").query(gone).to_owned())
                .cte(part("kept").query(kept).to_owned())
                .to_owned(),
        )
}

/// The changes that were written first; by their numbers, so that a batch is the same in every
/// statement of a transaction on SQLite.
fn next(most: u64) -> SelectStatement {
    Query::select()
        .column("id")
        .from(registry_figure_change::Entity)
        .order_by("id", Order::Asc)
        .limit(most)
        .take()
}

fn taken(most: u64) -> DeleteStatement {
    Query::delete()
        .from_table(registry_figure_change::Entity)
        .and_where(Expr::col("id").in_subquery(next(most)))
        .take()
}

/// Changes added up by cell, in the order of the cells: two folds lock those that both change in one
/// order.
fn added(changes: TableRef) -> SelectStatement {
    let mut sums = Query::select();
    sums.columns(KIND)
        .expr(Expr::cust("CAST(SUM(people) AS BIGINT)"))
        .from(changes)
        .group_by_columns(KIND)
        .and_having(Expr::cust("SUM(people) <> 0"));
    for column in KEY {
        sums.order_by(column, Order::Asc);
    }
    sums
}

fn into_cells(sums: SelectStatement) -> InsertStatement {
    let together =
        Expr::col((registry_figure::Entity, PEOPLE)).add(Expr::col(("excluded", PEOPLE)));
    Query::insert()
        .into_table(registry_figure::Entity)
        .columns(KIND.into_iter().chain([PEOPLE]))
        .select_from(sums)
        .expect("as many columns as values")
        .on_conflict(OnConflict::columns(KEY).value(PEOPLE, together).to_owned())
        .take()
}
