//! `exchange trail verify`: walks the chain of everything that happened and its signed heads.

use std::process::ExitCode;

use clap::Subcommand;

use super::error::CommandError;
use super::{Setting, block_on, open, output};
use crate::kernel::clock::Clock;
use crate::platform::config::Config;
use crate::platform::journal::anchor;
use crate::platform::journal::verify::{self, Break, Verdict};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Walk the whole trail and name the first broken link and every forged anchor; exit code 1 then
    Verify,
}

pub(super) fn run(setting: &Setting, args: &Args) -> Result<ExitCode, CommandError> {
    let Action::Verify = args.action;
    let (config, _logs) = setting.load_for_one_shot()?;
    match block_on(walk(&config))? {
        Verdict::Intact {
            links,
            anchors,
            waiting,
        } => {
            let waiting = match waiting {
                0 => String::new(),
                entries => format!("; {entries} entries wait for a server to place them"),
            };
            output::print(&format!(
                "intact: {links} links, {anchors} anchors{waiting}\n"
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken { chain, forged } => {
            if let Some(Break { position, what }) = chain {
                output::print(&format!("broken at position {position}: {what}\n"))?;
            }
            for anchor in forged {
                output::print(&format!(
                    "broken: {anchor} is not signed by this exchange\n"
                ))?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn walk(config: &Config) -> Result<Verdict, CommandError> {
    let keys = open::keys(config)?;
    let db = open::migrated(config, Clock::system(), keys.clone()).await?;
    let written = anchor::files(&config.journal.anchor_dir).await?;
    let verdict = verify::chain(&db, &keys, &written).await?;
    db.close().await?;
    Ok(verdict)
}
