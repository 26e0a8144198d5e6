//! Lists of keys as one bind parameter, so that a statement's text does not change with their
//! number and stays prepared: `= ANY($1)` on PostgreSQL, `json_each(?)` on SQLite.

use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{IntoSimpleExpr, Value};
use uuid::Uuid;

use super::connect::Engine;
use super::session::Session;

/// `column` is one of `keys`.
pub fn any_of(session: &impl Session, column: impl IntoSimpleExpr, keys: &[Uuid]) -> SimpleExpr {
    let column = column.into_simple_expr();
    match session.engine() {
        Engine::Postgres => column.eq(Expr::cust_with_values(
            "ANY($1)",
            [Value::from(keys.to_vec())],
        )),
        Engine::Sqlite => {
            // Ids are 16-byte blobs in SQLite; JSON carries them as hexadecimal text.
            let hex: Vec<String> = keys.iter().map(|key| key.simple().to_string()).collect();
            let list = serde_json::json!(hex).to_string();
            column.binary(
                sea_orm::sea_query::BinOper::In,
                Expr::cust_with_values("(SELECT unhex(value) FROM json_each(?))", [list]),
            )
        }
    }
}
