//! Lists of keys as one bind parameter, so that a statement's text does not change with their
//! number and stays prepared: `= ANY($1)` on PostgreSQL, `json_each(?)` on SQLite.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{IntoSimpleExpr, Value};
use serde::Serialize;
use uuid::Uuid;

use super::connect::Engine;
use super::session::Session;

/// The elements of a JSON list in SQLite.
const ELEMENTS: &str = "(SELECT value FROM json_each(?))";

/// `column` is one of `keys`.
pub fn any_of(session: &impl Session, column: impl IntoSimpleExpr, keys: &[Uuid]) -> SimpleExpr {
    match session.engine() {
        Engine::Postgres => in_array(column, keys.to_vec()),
        Engine::Sqlite => {
            // Ids are 16-byte blobs in SQLite; JSON carries them as hexadecimal text.
            let hex: Vec<String> = keys.iter().map(|key| key.simple().to_string()).collect();
            in_json(column, "(SELECT unhex(value) FROM json_each(?))", &hex)
        }
    }
}

/// `column` is one of `numbers`: region codes, months, positions.
pub fn any_number(
    session: &impl Session,
    column: impl IntoSimpleExpr,
    numbers: &[i64],
) -> SimpleExpr {
    match session.engine() {
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
