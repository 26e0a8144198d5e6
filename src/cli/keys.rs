//! `exchange keys new`: the key file of an installation.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::error::CommandError;
use super::{data_dir, output};
use crate::platform::crypto::{KeyUse, Keys};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a key file for real data; an existing file is never written over
    New {
        /// Where to
        file: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CommandError> {
    let Action::New { file } = &args.action;
    if file.exists() {
        return Err(CommandError::refused(format!(
            "{} is there already; a key file is never written over",
            file.display()
        )));
    }
    data_dir::private_parent(file)?;
    Keys::store_new(file, KeyUse::Production)?;
    output::say(&format!(
        "{} was made. Everything personal in the database is lost without it: back it up, apart \
         from the database.",
        file.display()
    ));
    Ok(ExitCode::SUCCESS)
}
