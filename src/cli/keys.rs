//! `exchange keys`: makes the key file of an installation, and rotates what is in it.

mod reseal;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::error::CommandError;
use super::{Setting, data_dir, output};
use crate::platform::crypto::{KeyId, KeyUse, Keys, Prepared};

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
    /// Seal with another encryption key from the next start of a server on; the old ones stay, for
    /// what they sealed
    Rotate {
        /// The key file
        file: PathBuf,
        /// Only add the key, so that every server has it before one of them seals with it
        #[arg(long)]
        prepare: bool,
    },
    /// Sign with another key from the next start of a server on; what the old one signed still
    /// verifies, but tokens of the embedded issuer end with it
    RotateSigning {
        /// The key file
        file: PathBuf,
    },
    /// Seal anew, under the key that seals, what is in the database under older ones; may be stopped
    /// and run again, beside servers that have that key
    Reseal,
    /// Take an encryption key that nothing in the database is sealed under out of the configured key
    /// file
    Retire {
        /// Its number in the key file
        #[arg(value_name = "KEY_ID", value_parser = key_id)]
        key: KeyId,
    },
}

fn key_id(text: &str) -> Result<KeyId, String> {
    let number = text.parse().map(KeyId);
    number.map_err(|_| "not the number of a key".to_owned())
}

pub(super) fn run(setting: &Setting, args: &Args) -> Result<ExitCode, CommandError> {
    let said = match &args.action {
        Action::New { file } => new(file)?,
        Action::Rotate {
            file,
            prepare: true,
        } => prepare(file)?,
        Action::Rotate {
            file,
            prepare: false,
        } => rotate(file)?,
        Action::RotateSigning { file } => rotate_signing(file)?,
        Action::Reseal => reseal::reseal(setting)?,
        Action::Retire { key } => reseal::retire(setting, *key)?,
    };
    output::say(&said);
    Ok(ExitCode::SUCCESS)
}

fn new(file: &Path) -> Result<String, CommandError> {
    if file.exists() {
        return Err(CommandError::refused(format!(
            "{} is there already; a key file is never written over",
            file.display()
        )));
    }
    data_dir::private_parent(file)?;
    Keys::store_new(file, KeyUse::Production)?;
    Ok(format!(
        "{} was made. Everything personal in the database is lost without it: back it up, apart \
         from the database.",
        file.display()
    ))
}

fn prepare(file: &Path) -> Result<String, CommandError> {
    let Prepared {
        next,
        active,
        is_new,
    } = Keys::prepare(file)?;
    let added = if is_new {
        "is added"
    } else {
        "is there already"
    };
    Ok(format!(
        "{}: key {} {added}, key {} seals. Back the file up, give it to every server, restart \
         them, and rotate without --prepare.",
        file.display(),
        next.0,
        active.0
    ))
}

fn rotate(file: &Path) -> Result<String, CommandError> {
    let active = Keys::rotate(file)?;
    Ok(format!(
        "{}: key {} seals from the next start on, the others stay for what they sealed. Back the \
         file up, give it to every server and restart them; `exchange keys reseal` then seals \
         anew what is under the others.",
        file.display(),
        active.0
    ))
}

fn rotate_signing(file: &Path) -> Result<String, CommandError> {
    Keys::rotate_signing(file)?;
    Ok(format!(
        "{}: another key signs from the next start on, and what the old one signed still \
         verifies. Back the file up, give it to every server and restart them.",
        file.display()
    ))
}
