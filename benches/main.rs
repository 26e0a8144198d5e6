//! The baseline: what the exchange costs beside the bare statement, on both engines.
//!
//! `cargo bench`; see `README.md` beside this file for what is measured, how, and the figures.

mod bare;
mod cpu;
mod database;
mod server;
mod workloads;

use std::path::Path;
use std::time::{Duration, Instant};

use database::Database;
use server::{Server, done, exchange};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let workers = setting("BENCH_WORKERS", 100_000);
    let period = Duration::from_secs(setting("BENCH_SECONDS", 10));
    println!("{workers} people, {} s a workload\n", period.as_secs());
    println!("| engine | workload | requests/s | CPU ms | bare CPU ms | ratio |");
    println!("|---|---|---|---|---|---|");
    let directory = tempfile::tempdir().expect("a directory");
    let sqlite = format!("sqlite://{}", directory.path().join("bench.db").display());
    runtime.block_on(measure(
        directory.path(),
        "SQLite",
        &sqlite,
        workers,
        period,
    ));
    if let Ok(server) = std::env::var("BENCH_POSTGRES_URL") {
        let directory = tempfile::tempdir().expect("a directory");
        runtime.block_on(measure(
            directory.path(),
            "PostgreSQL",
            &server,
            workers,
            period,
        ));
    } else {
        println!("\nPostgreSQL was left out: BENCH_POSTGRES_URL names no empty database.");
    }
}

async fn measure(directory: &Path, engine: &str, url: &str, workers: u64, period: Duration) {
    let database = &Database::new(url.to_owned()).await;
    done(exchange(directory, url, &["keys", "new", "keys.json"]));
    done(exchange(directory, url, &["migrate", "up"]));
    let start = Instant::now();
    let count = workers.to_string();
    done(exchange(
        directory,
        url,
        &["generate", "--workers", &count, "--seed", "1"],
    ));
    let generated = start.elapsed().as_secs_f64();
    database.settle().await;
    let server = Server::start(directory, url);
    let run = workloads::Run::new(&server, directory, database, period);
    run.every(|row| println!("| {engine} | {row}")).await;
    let journal = run.journal().await;
    let peak = server.peak_mib();
    drop(server);
    let imported = workloads::import(directory, url);
    println!(
        "\n{engine}: generated in {generated:.0} s; server peak {peak} MiB; {imported}; {journal}\n"
    );
}
