//! Units of work that wait for another, on PostgreSQL: SQLite has one writer.

use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait as _,
};

use super::app::TestApp;

/// A unit of work past the exchange that has changed something and not ended yet.
pub struct Holding(DatabaseTransaction, DatabaseConnection);

impl Holding {
    #[expect(
        clippy::disallowed_methods,
        reason = "somebody else's change, at a moment that no code of the exchange can be stopped at"
    )]
    pub async fn change(app: &TestApp, sql: &str) -> Self {
        let database = Database::connect(&app.database_url).await.expect("opens");
        let unit = database.begin().await.expect("begins");
        unit.execute_unprepared(sql).await.expect("a statement");
        Self(unit, database)
    }

    /// Ends it once somebody waits for it.
    pub async fn end_when_waited_for(self, app: &TestApp) {
        somebody_waits(app).await;
        let Self(unit, database) = self;
        unit.commit().await.expect("committed");
        database.close().await.expect("closes");
    }
}

/// Returns once somebody waits for a lock in the database.
#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at who waits, which no code of the exchange does"
)]
pub async fn somebody_waits(app: &TestApp) {
    let database = Database::connect(&app.database_url).await.expect("opens");
    let waiting = "SELECT count(*) AS waiting FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        let statement = Statement::from_string(DbBackend::Postgres, waiting);
        let row = database.query_one_raw(statement).await.expect("readable");
        let waiting: i64 = row
            .expect("a count")
            .try_get("", "waiting")
            .expect("a number");
        if waiting > 0 {
            break;
        }
    }
    database.close().await.expect("closes");
}
