//! Rows read by position, for the statements that read most.
//!
//! Read by name, each cell of a row costs the look-up of its column, and each empty one the text of an
//! error that says so and is thrown away: together a sixth of the instructions of a page of people
//! (`docs/decisions/0011-a-page-is-four-statements.md`).

use sea_orm::sqlx::postgres::{PgRow, Postgres};
use sea_orm::sqlx::sqlite::{Sqlite, SqliteRow};
use sea_orm::sqlx::{Column as _, Database, Decode, Row, Type};
use sea_orm::{DbErr, QueryResult};

/// A value that both drivers read.
pub trait Cell:
    for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

impl<T> Cell for T where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

/// The cells of a row from the first to the last.
pub struct Cells<'r> {
    row: Driver<'r>,
    at: usize,
}

enum Driver<'r> {
    Postgres(&'r PgRow),
    Sqlite(&'r SqliteRow),
}

impl<'r> Cells<'r> {
    /// Before the first cell.
    ///
    /// # Errors
    /// [`DbErr::Type`] for a row of a driver that is not compiled in.
    pub fn of(row: &'r QueryResult) -> Result<Self, DbErr> {
        let postgres = row.try_as_pg_row().map(Driver::Postgres);
        let driver = postgres.or_else(|| row.try_as_sqlite_row().map(Driver::Sqlite));
        match driver {
            Some(row) => Ok(Self { row, at: 0 }),
            None => Err(DbErr::Type("a row of an unknown driver".to_owned())),
        }
    }

    /// The next cell, which must be that of `column`: the order of a statement's columns and that of
    /// its reader are two texts, and two columns of one type would be mixed up in silence.
    ///
    /// # Errors
    /// [`DbErr::Type`] when it is another column, or holds no such value.
    pub fn take<T: Cell>(&mut self, column: &'static str) -> Result<T, DbErr> {
        let at = self.at;
        self.at += 1;
        match self.row {
            Driver::Postgres(row) => cell(row, at, column),
            Driver::Sqlite(row) => cell(row, at, column),
        }
    }
}

fn cell<'r, R, T>(row: &'r R, at: usize, column: &str) -> Result<T, DbErr>
where
    R: Row,
    usize: sea_orm::sqlx::ColumnIndex<R>,
    T: Decode<'r, R::Database> + Type<R::Database>,
    <R::Database as Database>::Column: sea_orm::sqlx::Column,
{
    match row.columns().get(at) {
        Some(found) if found.name() == column => row
            .try_get(at)
            .map_err(|error| DbErr::Type(format!("column {column}: {error}"))),
        found => Err(DbErr::Type(format!(
            "column {at} is {:?}, not {column}",
            found.map(sea_orm::sqlx::Column::name)
        ))),
    }
}

/// Reads a struct from the cells of a row, its fields in the order of the statement's columns:
/// `from_cells!(Row { id, name });`, or for another crate's struct `from_cells!(Row(Model) { id });`.
macro_rules! from_cells {
    ($row:ident { $($field:ident),+ $(,)? }) => {
        $crate::platform::db::cells::from_cells!(@ $row, |it| it, $row { $($field),+ });
    };
    ($row:ident($model:ident) { $($field:ident),+ $(,)? }) => {
        $crate::platform::db::cells::from_cells!(@ $row, $row, $model { $($field),+ });
    };
    (@ $row:ident, $wrap:expr, $model:ident { $($field:ident),+ }) => {
        impl sea_orm::FromQueryResult for $row {
            fn from_query_result(
                row: &sea_orm::QueryResult,
                _: &str,
            ) -> Result<Self, sea_orm::DbErr> {
                let mut cells = $crate::platform::db::cells::Cells::of(row)?;
                let read = $model { $($field: cells.take(stringify!($field))?),+ };
                Ok(($wrap)(read))
            }
        }
    };
}
pub(crate) use from_cells;
