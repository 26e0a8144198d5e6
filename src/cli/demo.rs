//! `exchange demo`, or just `cargo run`: a fictional province served from an embedded database,
//! with a token for everybody who has a part in it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};

use self::tokens::Tokens;
use super::data_dir::{self, DataDir};
use super::error::CommandError;
use super::instant::parse_instant;
use super::server::{Exchange, cannot_listen};
use super::{Setting, block_on, open, output, progress, province};
use crate::kernel::clock::Clock;
use crate::platform::config::{AuthConfig, Config};
use crate::platform::telemetry;

mod tokens;

/// People in the demo: enough for every list to have pages, and made within seconds.
const WORKERS: u32 = 2_000;
/// Everybody's demo has the same people.
const SEED: u64 = 59;
/// Says at every start what nobody asks of a demo.
const QUIET: &str = "sea_orm_migration=warn,actix_server=warn";
/// Where the demo keeps what it makes.
const DATA: &str = "data";

#[derive(clap::Args, Debug, PartialEq, Eq)]
pub(super) struct Args {
    /// What time it is in the demo, such as 2026-11-23T09:00:00+08:00 or 2026-11-23; it runs on
    /// from there. Tokens keep real time
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
    /// People in the province, when it is made
    #[arg(long, default_value_t = WORKERS)]
    workers: u32,
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Delete what an earlier demo left and start anew
    #[arg(long)]
    fresh: bool,
    /// Directory of the database and its keys
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            now: None,
            workers: WORKERS,
            listen: None,
            fresh: false,
            data: PathBuf::from(DATA),
        }
    }
}

pub(super) fn run(setting: &Setting, args: Args) -> Result<ExitCode, CommandError> {
    let Args {
        now,
        workers,
        listen,
        fresh,
        data,
    } = args;
    let mut config = setting.load()?;
    config.http.listen = listen.unwrap_or(config.http.listen);
    // Before anything is deleted or made for nothing.
    TcpListener::bind(config.http.listen)
        .map_err(|error| cannot_listen(config.http.listen, &error))?;
    let data = DataDir::open(&data)?;
    if fresh {
        data.erase()?;
    }
    let config = embedded(config, &data)?;
    let logs = telemetry::init(&config.telemetry)?;
    let clock = now.map_or_else(Clock::system, Clock::starting_at);
    block_on(serve(config, data, clock, workers, logs.metrics()))?;
    Ok(ExitCode::SUCCESS)
}

/// The configuration with everything that makes a demo a demo; limits and telemetry stay as set.
fn embedded(config: Config, data: &DataDir) -> Result<Config, CommandError> {
    let mut config = Config {
        auth: AuthConfig {
            embedded: true,
            ..AuthConfig::default()
        },
        ..config
    };
    config.database.url = sqlite_url(&data.database())?.into();
    config.database.read_url = None;
    // First, so that a filter of the operator's own prevails.
    config.telemetry.log_filter = format!("{QUIET},{}", config.telemetry.log_filter);
    config.journal.anchor_dir = data.anchors();
    Ok(config)
}

/// A path as the driver reads it back: it decodes `%` and ends the path at `?`.
fn sqlite_url(file: &Path) -> Result<String, CommandError> {
    let path = file
        .to_str()
        .ok_or_else(|| CommandError::refused("the path of --data is no Unicode text"))?;
    let path = path.replace('%', "%25").replace('?', "%3F");
    Ok(format!("sqlite://{path}"))
}

async fn serve(
    config: Config,
    data: DataDir,
    clock: Clock,
    workers: u32,
    metrics: telemetry::metrics::Metrics,
) -> Result<(), CommandError> {
    let keys = data.keys()?;
    data_dir::private_file(&data.database())?;
    let db = open::connect(&config.database, clock, keys.clone()).await?;
    db.migrate().await?;
    open::fits(&db, &data.key_file()).await?;
    let bar = progress::of_items(u64::from(workers));
    let plan = province::Plan {
        workers,
        seed: SEED,
    };
    let cast = province::ensure(&db, plan, &bar).await?;
    bar.finish_and_clear();
    let tokens = Tokens::issue(&config, &keys, db.ids(), cast)?;
    let public_url = config.http.public_url.clone();
    let exchange = Exchange {
        config,
        db,
        keys,
        metrics,
        demo: true,
    };
    exchange
        .serve(|address| {
            let url = public_url.unwrap_or_else(|| format!("http://{address}"));
            output::print(&tokens.table(url.trim_end_matches('/')))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_signs_of_a_url_in_its_name_is_found() {
        let url = sqlite_url(Path::new("/tmp/50% sure?/exchange.db")).expect("Unicode");
        assert_eq!(url, "sqlite:///tmp/50%25 sure%3F/exchange.db");
    }
}
