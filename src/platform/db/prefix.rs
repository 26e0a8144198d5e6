//! Texts by their first characters, on an index, under any collation.

use sea_orm::sea_query::{BinOper, ExprTrait as _};
use sea_orm::{Condition, IntoSimpleExpr};

use super::Engine;

/// The texts of a column that start with `prefix`, character for character.
///
/// A range instead of `LIKE`: it has no wildcards to escape and no case to ignore. SQLite compares
/// bytes. PostgreSQL compares by the database's collation, under which the range of a prefix means
/// nothing (sorted by pinyin, the names of 王 do not lie together), unless told to compare bytes:
/// with these operators it does, and uses an index with `text_pattern_ops`.
pub fn starts_with(engine: Engine, column: impl IntoSimpleExpr, prefix: &str) -> Condition {
    let column = column.into_simple_expr();
    let (from, below) = match engine {
        Engine::Sqlite => (BinOper::GreaterThanOrEqual, BinOper::SmallerThan),
        Engine::Postgres => (BinOper::Custom("~>=~"), BinOper::Custom("~<~")),
    };
    Condition::all()
        .add(column.clone().binary(from, prefix))
        .add_option(successor(prefix).map(|end| column.binary(below, end)))
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
