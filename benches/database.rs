//! The database under measurement: where it is and what CPU it has used.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Driver, DatabaseConnection};
use sea_orm::{DbBackend, Statement};

use crate::cpu;

/// An engine with an empty database.
pub struct Database {
    pub url: String,
    /// The first process of PostgreSQL; `None` on SQLite, which works in its caller's process.
    first_process: Option<u32>,
}

impl Database {
    pub async fn new(url: String) -> Self {
        let first_process = if url.starts_with("postgres") {
            let own = number(&open(&url).await, "SELECT pg_backend_pid()::bigint").await;
            let own = u32::try_from(own).expect("a process id");
            Some(cpu::parent(own).expect("PostgreSQL runs on this machine"))
        } else {
            None
        };
        Self { url, first_process }
    }

    pub const fn is_sqlite(&self) -> bool {
        self.first_process.is_none()
    }

    /// CPU seconds of the database's own processes so far.
    pub fn cpu(&self) -> f64 {
        self.first_process.map_or(0.0, cpu::of_server)
    }

    /// Brings the planner's figures up to date, as a database that has run for a day has them.
    pub async fn settle(&self) {
        let connection = open(&self.url).await;
        execute(&connection, "ANALYZE").await;
        connection.close().await.expect("closed");
    }
}

pub async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Driver::connect(options).await.expect("the database opens")
}

/// The only column of the only row.
#[expect(
    clippy::disallowed_methods,
    reason = "the bare driver is what the exchange is measured against"
)]
pub async fn number(connection: &DatabaseConnection, statement: &str) -> i64 {
    connection
        .query_one_raw(Statement::from_string(engine(connection), statement))
        .await
        .expect("a row")
        .and_then(|row| row.try_get_by_index(0).ok())
        .expect("a number")
}

/// Runs one statement and drops its rows.
#[expect(
    clippy::disallowed_methods,
    reason = "the bare driver is what the exchange is measured against"
)]
pub async fn execute(connection: &DatabaseConnection, statement: &str) {
    if statement.starts_with("SELECT") {
        let statement = Statement::from_string(engine(connection), statement);
        connection.query_all_raw(statement).await.expect("rows");
    } else {
        connection
            .execute_unprepared(statement)
            .await
            .expect("done");
    }
}

fn engine(connection: &DatabaseConnection) -> DbBackend {
    connection.get_database_backend()
}
