//! The same statements without the exchange: by pgbench on PostgreSQL, by the driver on SQLite.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use crate::cpu;
use crate::server::Cost;

/// Clients of pgbench, as many as callers of the exchange.
const CLIENTS: &str = "4";

/// Runs a script by pgbench.
pub fn pgbench(directory: &Path, database: &str, script: &str, period: Duration) -> Cost {
    let file = directory.join("bare.sql");
    std::fs::write(&file, script).expect("writable");
    let (own, server) = (cpu::of(std::process::id()), cpu::of_all("postgres"));
    let start = Instant::now();
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "1"])
        .args(["-T", &period.as_secs().to_string(), "-f"])
        .arg(&file)
        .arg(database)
        .stderr(Stdio::inherit())
        .output()
        .expect("pgbench starts");
    assert!(output.status.success(), "pgbench: {}", output.status);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let requests = text
        .lines()
        .find_map(|line| line.strip_prefix("number of transactions actually processed: "))
        .and_then(|count| count.split('/').next()?.trim().parse().ok())
        .expect("pgbench counts its transactions");
    Cost {
        requests,
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu::of_all("postgres") - server + cpu::of(std::process::id()) - own,
    }
}

/// Runs statements by the driver, one after the other, in this process.
#[expect(
    clippy::disallowed_methods,
    reason = "the bare driver is what the exchange is measured against"
)]
pub async fn sqlite(
    database: &str,
    period: Duration,
    statements: impl Fn(u64) -> Vec<String>,
) -> Cost {
    let connection = open(database).await;
    let before = cpu::of(std::process::id());
    let start = Instant::now();
    let mut requests = 0;
    while start.elapsed() < period {
        for statement in statements(requests) {
            if statement.starts_with("SELECT") {
                let statement =
                    sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, statement);
                connection.query_all_raw(statement).await.expect("rows");
            } else {
                connection
                    .execute_unprepared(&statement)
                    .await
                    .expect("done");
            }
        }
        requests += 1;
    }
    Cost {
        requests,
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu::of(std::process::id()) - before,
    }
}

async fn open(database: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(database);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .expect("the database opens")
}
