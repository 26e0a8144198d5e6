//! `exchange queue`: durable jobs that were given up, for an operator to run again or to drop.

use std::process::ExitCode;

use clap::Subcommand;

use super::error::CommandError;
use super::{Setting, block_on, open, output};
use crate::kernel::clock::Clock;
use crate::kernel::ids::{self, JobId};
use crate::platform::config::Config;
use crate::platform::queue::{DeadJob, Queue, Retried};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List dead letters, the latest first: id, kind, runs, when it was given up and why, with
    /// tabs between
    List {
        /// At most so many
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: u64,
    },
    /// Run dead letters again as if they were new; the next server that looks takes them
    Retry(Chosen),
    /// Delete dead letters for good
    Discard(Chosen),
}

/// Which dead letters.
#[derive(clap::Args)]
struct Chosen {
    /// Ids as `queue list` prints them
    #[arg(required_unless_present = "all", value_parser = job_id)]
    ids: Vec<JobId>,
    /// Every dead letter there is
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

fn job_id(text: &str) -> Result<JobId, String> {
    ids::decode(text).map_err(|_| "not the id of a job".to_owned())
}

pub(super) fn run(setting: &Setting, args: &Args) -> Result<ExitCode, CommandError> {
    let (config, _logs) = setting.load_for_one_shot()?;
    let well = block_on(act(&config, &args.action))?;
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether everything that was asked for was done.
async fn act(config: &Config, action: &Action) -> Result<bool, CommandError> {
    let keys = open::keys(config)?;
    let db = open::migrated(config, Clock::system(), keys).await?;
    let queue = Queue::new(db.clone(), Clock::system());
    let well = match action {
        Action::List { limit } => list(&queue, *limit).await?,
        Action::Retry(chosen) => retry(&queue, &ids_of(&queue, chosen).await?).await?,
        Action::Discard(chosen) => discard(&queue, &ids_of(&queue, chosen).await?).await?,
    };
    db.close().await?;
    Ok(well)
}

async fn list(queue: &Queue, limit: u64) -> Result<bool, CommandError> {
    if queue.counts().await?.dead == 0 {
        say_none();
    }
    for job in queue.dead(limit).await? {
        let DeadJob {
            id,
            kind,
            attempts,
            last_error,
            finished_at,
        } = job;
        let given_up = finished_at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339());
        // One job, one line, whatever its error says.
        let why = last_error.unwrap_or_else(|| "-".to_owned());
        let why = why.replace(|c: char| c.is_control(), " ");
        let id = ids::encode(id);
        output::print(&format!("{id}\t{kind}\t{attempts}\t{given_up}\t{why}\n"))?;
    }
    Ok(true)
}

/// Says that there is nothing to do, beside the lines for programs.
fn say_none() {
    output::say("no dead letters");
}

/// The chosen ids; of all, the oldest first, as they were asked for in the first place.
async fn ids_of(queue: &Queue, chosen: &Chosen) -> Result<Vec<JobId>, CommandError> {
    if !chosen.all {
        return Ok(chosen.ids.clone());
    }
    let count = queue.counts().await?.dead;
    if count == 0 {
        say_none();
    }
    let dead = queue.dead(count).await?;
    Ok(dead.into_iter().rev().map(|job| job.id).collect())
}

async fn retry(queue: &Queue, ids: &[JobId]) -> Result<bool, CommandError> {
    let mut well = true;
    for id in ids {
        let words = match queue.retry(*id).await? {
            Retried::Queued => "will run again",
            Retried::Superseded => {
                "stays: another job with its key waits or runs and stands for it; discard it"
            }
            Retried::Unknown => {
                well = false;
                "is no dead letter"
            }
        };
        output::say(&format!("{} {words}", ids::encode(*id)));
    }
    Ok(well)
}

async fn discard(queue: &Queue, ids: &[JobId]) -> Result<bool, CommandError> {
    let mut well = true;
    for id in ids {
        let gone = queue.discard(*id).await?;
        well &= gone;
        let words = if gone {
            "is deleted"
        } else {
            "is no dead letter"
        };
        output::say(&format!("{} {words}", ids::encode(*id)));
    }
    Ok(well)
}
