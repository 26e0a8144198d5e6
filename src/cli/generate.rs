//! `exchange generate`: fills the configured database with a fictional province.

use std::process::ExitCode;

use super::error::CommandError;
use super::{Setting, block_on, open, output, progress, province};
use crate::kernel::clock::Clock;

#[derive(clap::Args)]
pub(super) struct Args {
    /// People in it, at most 5,000,000
    #[arg(long)]
    workers: u32,
    /// The same seed gives the same people, on the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(setting: &Setting, args: &Args) -> Result<ExitCode, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    let Args { workers, seed } = *args;
    let made = block_on(async {
        let keys = open::keys(&config)?;
        let db = open::migrated(&config, Clock::system(), keys).await?;
        let bar = progress::of_items(u64::from(workers));
        let cast = province::ensure(&db, province::Plan { workers, seed }, &bar).await?;
        bar.finish_and_clear();
        db.close().await?;
        Ok(cast.made)
    })?;
    output::say(&match made {
        0 => "The province is there already; nothing was made.".to_owned(),
        made => format!("Made {made} people."),
    });
    Ok(ExitCode::SUCCESS)
}
