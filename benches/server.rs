//! A production server on a database of its own, and callers that keep it busy.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cpu;
use crate::database::Database;

/// Callers at once.
const CALLERS: usize = 4;

/// A running `exchange serve`.
pub struct Server {
    process: Child,
    url: String,
    http: reqwest::Client,
}

/// What a workload cost.
pub struct Cost {
    pub requests: u64,
    pub seconds: f64,
    /// CPU of the caller's process, where it is the exchange or pgbench, and of the database.
    pub cpu_seconds: f64,
}

impl Cost {
    pub fn cpu_ms(&self) -> f64 {
        self.cpu_seconds * 1000.0 / self.requests as f64
    }
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

/// The binary with the settings of this run.
pub fn exchange(directory: &Path, database: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exchange"));
    command
        .args(args)
        .current_dir(directory)
        .env("DATABASE_URL", database)
        .env("EXCHANGE_KEYS__FILE", "keys.json")
        .env("EXCHANGE_AUTH__EMBEDDED", "true")
        .env("EXCHANGE_HTTP__LISTEN", "127.0.0.1:0")
        .env("EXCHANGE_TELEMETRY__LOG_FORMAT", "json");
    command
}

/// Runs a command to its end and returns its standard output.
pub fn done(mut command: Command) -> String {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
}

impl Server {
    pub fn start(directory: &Path, database: &str) -> Self {
        let mut process = exchange(directory, database, &["serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut log = BufReader::new(process.stderr.take().expect("piped")).lines();
        let address = log
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .find(|event| event["message"] == "serving")
            .and_then(|event| Some(event["address"].as_str()?.to_owned()))
            .expect("the server says where it serves");
        // Keeps the pipe empty.
        std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            url: format!("http://{address}/graphql"),
            http: reqwest::Client::new(),
        }
    }

    pub fn peak_mib(&self) -> u64 {
        cpu::peak_mib(self.process.id())
    }

    /// One request; its data. A failure ends the run: figures of failures are worth nothing.
    pub async fn call(&self, token: &str, query: &str, variables: Value) -> Value {
        let body: Value = self
            .http
            .post(&self.url)
            .bearer_auth(token)
            .json(&json!({"query": query, "variables": variables}))
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        assert!(body.get("errors").is_none(), "{query}: {body:#}");
        body["data"].clone()
    }

    /// Keeps callers busy with `next(n)`, n counting requests, for a time.
    pub async fn load(
        &self,
        database: &Database,
        token: &str,
        query: &str,
        period: Duration,
        next: impl Fn(u64) -> Value,
    ) -> Cost {
        let counter = Arc::new(AtomicU64::new(0));
        let cpu = || cpu::of(self.process.id()) + database.cpu();
        let (before, start) = (cpu(), Instant::now());
        let callers = (0..CALLERS).map(|_| async {
            while start.elapsed() < period {
                let number = counter.fetch_add(1, Ordering::Relaxed);
                self.call(token, query, next(number)).await;
            }
        });
        futures::future::join_all(callers).await;
        Cost {
            requests: counter.load(Ordering::Relaxed),
            seconds: start.elapsed().as_secs_f64(),
            cpu_seconds: cpu() - before,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _gone = self.process.kill();
        let _status = self.process.wait();
    }
}
