//! `exchange import`: loads a file. One variant and one file per data set.

mod regions;
mod report;
mod workers;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::error::CommandError;
use super::instant::parse_instant;
use super::{Setting, block_on};
use crate::kernel::clock::Clock;

const EXIT_CODES: &str = "\
Exit codes:
  0  the file was read to its end, also when rows were refused: --report says which and why
  1  nothing could be read or written, or the import broke off: standard error says why, and the same
     call completes it
  2  the call cannot be meant";

#[derive(clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    dataset: Dataset,
}

/// What can be loaded.
#[derive(Subcommand)]
enum Dataset {
    /// Administrative divisions: CSV with code,level,parent,name_zh,name_en and, where known,
    /// valid_from,valid_to,successor; UTF-8, rows ordered by code
    #[command(after_help = EXIT_CODES)]
    Regions(FileArgs),
    /// A county's ledger of people: XLSX or CSV, headers in Chinese or English in any order, UTF-8
    /// or GB18030
    #[command(after_help = EXIT_CODES)]
    Workers(workers::Args),
}

/// What every data set takes.
#[derive(clap::Args)]
struct FileArgs {
    /// The file
    file: PathBuf,
    /// Say what would become of each row and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write a CSV with the verdict on each row: row,verdict,column,reason,value,hint. A former
    /// report is replaced, any other file is not
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// When the file is taken in, such as 2026-11-23 [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    now: Option<DateTime<Utc>>,
}

impl FileArgs {
    fn clock(&self) -> Clock {
        self.now.map_or_else(Clock::system, Clock::starting_at)
    }
}

pub(super) fn run(setting: &Setting, args: Args) -> Result<ExitCode, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    block_on(async {
        match args.dataset {
            Dataset::Regions(args) => regions::run(&config, &args).await,
            Dataset::Workers(args) => workers::run(&config, &args).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the file to be loaded; its size in bytes.
fn open_file(path: &Path) -> Result<(File, u64), CommandError> {
    let unreadable = |error| CommandError::refused(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(CommandError::refused(format!(
            "{} is a directory",
            path.display()
        )));
    }
    Ok((file, about.len()))
}
