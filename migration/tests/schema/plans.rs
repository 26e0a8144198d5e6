//! How a statement finds its rows.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The plan of a query, as the engine tells it. The tables of a test are empty, where PostgreSQL reads
/// the whole table unless it is told not to.
#[expect(
    clippy::disallowed_methods,
    reason = "the test asks the bare database for its plan"
)]
pub(crate) async fn of(db: &DatabaseConnection, query: &str) -> String {
    let engine = db.get_database_backend();
    let (explain, column) = match engine {
        DbBackend::Postgres => ("EXPLAIN", "QUERY PLAN"),
        _ => ("EXPLAIN QUERY PLAN", "detail"),
    };
    if engine == DbBackend::Postgres {
        let unwilling = Statement::from_string(engine, "SET enable_seqscan = off");
        db.execute_raw(unwilling).await.expect("set");
    }
    let plan = Statement::from_string(engine, format!("{explain} {query}"));
    let lines = db.query_all_raw(plan).await.expect("a plan");
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.try_get("", column).expect("a line"))
        .collect();
    lines.join("\n")
}
