//! Lists of keys as one bind parameter, so that a statement's text does not change with their
//! number and stays prepared: `= ANY($1)` on PostgreSQL, `json_each(?)` on SQLite.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{IntoSimpleExpr, Value};
use serde::Serialize;
use uuid::Uuid;

use super::connect::Engine;
use super::session::Session;

/// The elements of a JSON list in SQLite.
const ELEMENTS: &str = "(SELECT value FROM json_each(?))";
/// The same, of hexadecimal text.
const BLOBS: &str = "(SELECT unhex(value) FROM json_each(?))";

/// The column of [`rows`].
pub const KEY: &str = "key";

/// `keys` as rows with the column [`KEY`], to be joined with.
pub fn rows(session: &impl Session, keys: &[Uuid]) -> SelectStatement {
    let element = match session.engine() {
        Engine::Postgres => Expr::cust_with_values("unnest($1)", [keys.to_vec()]),
        Engine::Sqlite => Expr::cust("unhex(value)"),
    };
    let mut rows = Query::select();
    rows.expr_as(element, KEY);
    if session.engine() == Engine::Sqlite {
        let list = serde_json::json!(hex_of_ids(keys)).to_string();
        rows.from_function(Func::cust("json_each").arg(list), "list");
    }
    rows
}

/// `column` is one of `keys`.
pub fn any_of(session: &impl Session, column: impl IntoSimpleExpr, keys: &[Uuid]) -> SimpleExpr {
    match session.engine() {
        Engine::Postgres => in_array(column, keys.to_vec()),
        Engine::Sqlite => in_json(column, BLOBS, &hex_of_ids(keys)),
    }
}

/// `column` is one of `numbers`: region codes, months, positions.
pub fn any_number(
    session: &impl Session,
    column: impl IntoSimpleExpr,
    numbers: &[i64],
) -> SimpleExpr {
    any_number_on(session.engine(), column, numbers)
}

/// As [`any_number`], for the platform's own statements without a session.
pub(in crate::platform) fn any_number_on(
    engine: Engine,
    column: impl IntoSimpleExpr,
    numbers: &[i64],
) -> SimpleExpr {
    match engine {
        Engine::Postgres => in_array(column, numbers.to_vec()),
        Engine::Sqlite => in_json(column, ELEMENTS, numbers),
    }
}

/// `column` is one of `texts`: credit codes.
pub fn any_text(
    session: &impl Session,
    column: impl IntoSimpleExpr,
    texts: &[String],
) -> SimpleExpr {
    match session.engine() {
        Engine::Postgres => in_array(column, texts.to_vec()),
        Engine::Sqlite => in_json(column, ELEMENTS, texts),
    }
}

/// `column` is one of `values`: keyed hashes.
pub fn any_bytes(
    session: &impl Session,
    column: impl IntoSimpleExpr,
    values: Vec<Vec<u8>>,
) -> SimpleExpr {
    match session.engine() {
        Engine::Postgres => in_array(column, values),
        Engine::Sqlite => {
            let hex: Vec<String> = values.iter().map(|value| hex(value)).collect();
            in_json(column, BLOBS, &hex)
        }
    }
}

/// Ids are 16-byte blobs in SQLite; JSON carries blobs as hexadecimal text.
fn hex_of_ids(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(|id| hex(id.as_bytes())).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

fn in_array(column: impl IntoSimpleExpr, array: impl Into<Value>) -> SimpleExpr {
    // As one custom expression: the builder would put the right side in parentheses, where
    // PostgreSQL does not take ANY.
    let array = Expr::val(array.into());
    Expr::cust_with_exprs("$1 = ANY($2)", [column.into_simple_expr(), array])
}

fn in_json<T: Serialize>(
    column: impl IntoSimpleExpr,
    elements: &'static str,
    list: &[T],
) -> SimpleExpr {
    let list = serde_json::json!(list).to_string();
    column
        .into_simple_expr()
        .binary(BinOper::In, Expr::cust_with_values(elements, [list]))
}
