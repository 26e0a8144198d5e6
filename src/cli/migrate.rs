//! `exchange migrate`: brings the database up to date.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;

use super::error::CommandError;
use super::{Setting, block_on, data_dir, open, output};
use crate::kernel::clock::Clock;
use crate::platform::config::Config;
use crate::platform::crypto::{KeyUse, Keys};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Apply every pending change (the default)
    Up,
    /// Name the pending changes
    Status,
}

pub(super) fn run(setting: &Setting, args: &Args) -> Result<ExitCode, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    // Changes of the schema touch nothing that is sealed, so the real keys may lie elsewhere.
    let keys = Arc::new(Keys::generate(KeyUse::Demo));
    block_on(async {
        match args.action.unwrap_or(Action::Up) {
            Action::Up => up(&config, keys).await,
            Action::Status => status(&config, keys).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn up(config: &Config, keys: Arc<Keys>) -> Result<(), CommandError> {
    if let Some(file) = open::sqlite_file(&config.database) {
        data_dir::private_parent(&file)?;
        data_dir::private_file(&file)?;
    }
    let db = open::connect(&config.database, Clock::system(), keys).await?;
    let pending = db.pending_migrations().await?;
    db.migrate().await?;
    for name in &pending {
        output::print(&format!("applied {name}\n"))?;
    }
    output::say("The database is up to date.");
    Ok(db.close().await?)
}

async fn status(config: &Config, keys: Arc<Keys>) -> Result<(), CommandError> {
    let db = open::database(&config.database, Clock::system(), keys).await?;
    let pending = db.pending_migrations().await?;
    for name in &pending {
        output::print(&format!("pending {name}\n"))?;
    }
    output::say(&match pending.len() {
        0 => "The database is up to date.".to_owned(),
        n => format!("{n} changes are pending: run `exchange migrate`."),
    });
    Ok(db.close().await?)
}
