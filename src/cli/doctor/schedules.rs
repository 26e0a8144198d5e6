//! How what is done every so often stands: one line per schedule.

use std::collections::HashMap;

use super::{Checked, Finding};
use crate::jobs::schedules;
use crate::kernel::error::Failure;
use crate::platform::queue::{Progress, Queue, Schedule};

/// One finding per schedule. Being late is no failure: the servers may have been stopped on purpose.
pub(super) async fn examine(queue: &Queue) -> Vec<Checked> {
    match read(queue).await {
        Ok((progress, dead)) => schedules::all()
            .iter()
            .map(|schedule| {
                let dead = dead.get(schedule.name).copied().unwrap_or_default();
                line(queue, schedule, progress.get(schedule.name), dead)
            })
            .collect(),
        Err(failure) => vec![Finding::Err(failure.to_string()).into()],
    }
}

async fn read(queue: &Queue) -> Result<(HashMap<String, Progress>, HashMap<String, u64>), Failure> {
    Ok((queue.schedules().await?, queue.dead_by_kind().await?))
}

fn line(queue: &Queue, schedule: &Schedule, progress: Option<&Progress>, dead: u64) -> Checked {
    let name = schedule.name;
    let every = in_words(schedule.every.num_minutes());
    let Some(progress) = progress else {
        return Checked::Ok(format!("{name}, {every}: no server has run yet"));
    };
    let last = match progress.last_success {
        Some(at) => format!("last done {}", at.format("%Y-%m-%dT%H:%M:%SZ")),
        None => "never done".to_owned(),
    };
    let overdue = schedule.is_overdue(queue.now(), progress);
    let mut text = format!("{name}, {every}: {last}");
    if overdue {
        text.push_str(", overdue: does a server run?");
    }
    if dead > 0 {
        text.push_str(", given up: see `exchange queue list`");
    }
    if overdue || dead > 0 {
        Checked::Warn(text)
    } else {
        Checked::Ok(text)
    }
}

fn in_words(minutes: i64) -> String {
    match minutes {
        1 => "every minute".to_owned(),
        60 => "every hour".to_owned(),
        other => format!("every {other} minutes"),
    }
}
