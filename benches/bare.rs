//! The same statements without the exchange: by pgbench on PostgreSQL, by the driver on SQLite.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cpu;
use crate::database::{self, Database};
use crate::server::Cost;

/// Clients of pgbench, as many as callers of the exchange.
const CLIENTS: &str = "4";

/// Runs a script by pgbench.
pub fn pgbench(directory: &Path, database: &Database, script: &str, period: Duration) -> Cost {
    let file = directory.join("bare.sql");
    std::fs::write(&file, script).expect("writable");
    // A child's CPU counts to its parent once it has been waited for.
    let cpu = || cpu::of(std::process::id()) + database.cpu();
    let before = cpu();
    let start = Instant::now();
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "1"])
        .args(["-T", &period.as_secs().to_string(), "-f"])
        .arg(&file)
        .arg(&database.url)
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
        cpu_seconds: cpu() - before,
    }
}

/// Runs statements by the driver, one after the other, in this process.
pub async fn sqlite(
    database: &Database,
    period: Duration,
    statements: impl Fn(u64) -> Vec<String>,
) -> Cost {
    let connection = database::open(&database.url).await;
    let before = cpu::of(std::process::id());
    let start = Instant::now();
    let mut requests = 0;
    while start.elapsed() < period {
        for statement in statements(requests) {
            database::execute(&connection, &statement).await;
        }
        requests += 1;
    }
    Cost {
        requests,
        seconds: start.elapsed().as_secs_f64(),
        cpu_seconds: cpu::of(std::process::id()) - before,
    }
}
