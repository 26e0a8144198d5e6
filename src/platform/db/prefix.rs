//! Texts in the order of code points, on an index, under any collation.

use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{Condition, IntoSimpleExpr};

use super::Engine;

/// A column whose texts are compared code point by code point. SQLite compares bytes, which is the
/// same; PostgreSQL compares by the collation of its database, which knows letters and languages,
/// unless it is told to compare bytes.
pub fn by_code_point(engine: Engine, column: impl IntoSimpleExpr) -> SimpleExpr {
    let column = column.into_simple_expr();
    match engine {
        Engine::Sqlite => column,
        Engine::Postgres => Expr::cust_with_expr("$1 COLLATE \"C\"", column),
    }
}

/// The texts of a column that start with `prefix`, character for character.
///
/// A range instead of `LIKE`: it has no wildcards to escape and no case to ignore. By a collation the
/// range of a prefix would mean nothing: sorted by pinyin, the names of 王 do not lie together.
pub fn starts_with(engine: Engine, column: impl IntoSimpleExpr, prefix: &str) -> Condition {
    let column = by_code_point(engine, column);
    Condition::all()
        .add(column.clone().gte(prefix))
        .add_option(successor(prefix).map(|end| column.lt(end)))
}

/// The first text behind all those that start with `prefix`, in the order of code points, which
/// is the order of UTF-8 bytes; `None` when none is.
fn successor(prefix: &str) -> Option<String> {
    let mut rest: Vec<char> = prefix.chars().collect();
    while let Some(last) = rest.pop() {
        // The next scalar value, skipping the surrogate gap.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            rest.push(next);
            return Some(rest.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_is_the_next_text_without_the_prefix() {
        for (prefix, end) in [
            ("王", Some("玌")),
            ("ab", Some("ac")),
            ("a\u{10FFFF}", Some("b")),
            ("\u{D7FF}", Some("\u{E000}")),
            ("\u{10FFFF}", None),
            ("", None),
        ] {
            assert_eq!(successor(prefix).as_deref(), end, "{prefix}");
        }
    }
}
