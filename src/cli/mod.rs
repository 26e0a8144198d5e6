//! The command line: one file per subcommand.
//!
//! Data goes to standard output, words to standard error. Exit codes: 0 done, 1 refused or failed
//! with a sentence on standard error, 2 usage. Who stops reading our output is no error.

mod data_dir;
mod demo;
mod doctor;
mod error;
mod generate;
mod import;
mod instant;
mod keys;
mod migrate;
mod open;
mod output;
mod progress;
mod province;
mod queue;
mod schema;
mod serve;
mod server;
mod token;
mod trail;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use self::error::CommandError;
use crate::platform::config::{Config, TelemetryConfig, process_environment};
use crate::platform::telemetry::{self, Guard};

/// What is still running when a command is through (a look-up of a name, a write to a closed
/// pipe) is not waited for longer.
const LEFT_OVER: Duration = Duration::from_secs(1);

/// One shared record of every cross-region worker, for the regions they come from and go to.
#[derive(Parser)]
#[command(name = "exchange", version)]
struct Cli {
    /// The configuration file [default: exchange.toml, when there is one]
    #[arg(long, global = true, env = "EXCHANGE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// `demo` when left out
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a fictional province from an embedded database, with a token for every role
    Demo(demo::Args),
    /// Serve real data
    Serve,
    /// Bring the database up to date
    Migrate(migrate::Args),
    /// Print the GraphQL schema
    Schema,
    /// Print one token of the embedded issuer
    Token(token::Args),
    /// Make, rotate and retire keys
    Keys(keys::Args),
    /// Check the trail of everything that happened
    Trail(trail::Args),
    /// Look after background jobs that were given up
    Queue(queue::Args),
    /// Check configuration, database, queue, keys, what is sealed, login, calendar and anchors
    Doctor,
    /// Load a file
    Import(import::Args),
    /// Fill an empty database with a fictional province
    Generate(generate::Args),
}

/// Where a command finds its configuration.
struct Setting {
    config: Option<PathBuf>,
}

impl Setting {
    fn load(&self) -> Result<Config, CommandError> {
        Ok(Config::load(self.config.as_deref(), process_environment())?)
    }

    /// The configuration of a command that does one thing and ends: it logs what went wrong only,
    /// so that its own words stay readable, and keeps that running by the guard.
    fn load_for_one_shot(&self) -> Result<(Config, Guard), CommandError> {
        let config = self.load()?;
        let guard = telemetry::init(&TelemetryConfig {
            log_filter: "warn".to_owned(),
            otlp_endpoint: None,
            ..config.telemetry.clone()
        })?;
        Ok((config, guard))
    }
}

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // A closed pipe is all that can go wrong, and nobody is left to be told.
            let _closed = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => {
            output::say(&format!("exchange: {error}"));
            error.exit_code()
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CommandError> {
    let Cli { config, command } = cli;
    let setting = Setting { config };
    match command.unwrap_or_else(|| Command::Demo(demo::Args::default())) {
        Command::Demo(args) => demo::run(&setting, args),
        Command::Serve => serve::run(&setting),
        Command::Migrate(args) => migrate::run(&setting, &args),
        Command::Schema => schema::run(),
        Command::Token(args) => token::run(&setting, args),
        Command::Keys(args) => keys::run(&setting, &args),
        Command::Trail(args) => trail::run(&setting, &args),
        Command::Queue(args) => queue::run(&setting, &args),
        Command::Doctor => doctor::run(&setting),
        Command::Import(args) => import::run(&setting, args),
        Command::Generate(args) => generate::run(&setting, &args),
    }
}

/// Runs a command's asynchronous part to its end.
fn block_on<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::refused(format!("no threads can be started: {error}")))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LEFT_OVER);
    result
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_subcommand_means_a_demo_with_the_defaults_of_demo() {
        let bare = demo::Args::default();
        let Some(Command::Demo(parsed)) = Cli::parse_from(["exchange", "demo"]).command else {
            panic!("demo was not parsed");
        };
        assert_eq!(parsed, bare);
    }
}
