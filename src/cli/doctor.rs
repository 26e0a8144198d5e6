//! `exchange doctor`: one line per thing that an exchange cannot do without.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::error::CommandError;
use super::{Setting, block_on, open, output, server};
use crate::capability::overview;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::clock::Clock;
use crate::platform::authz::Caller;
use crate::platform::config::{AuthConfig, Config, HttpConfig};
use crate::platform::crypto::{KeyUse, Keys};
use crate::platform::db::{Db, Engine};
use crate::platform::journal::sequencer::{self, Standing};
use crate::platform::queue::Queue;

mod schedules;
mod sealing;

/// What a check found: all is well, or why not.
type Finding = Result<String, String>;

/// A finding as it is printed.
enum Checked {
    Ok(String),
    /// Worth a look; no reason to end with 1.
    Warn(String),
    Fail(String),
}

impl From<Finding> for Checked {
    fn from(finding: Finding) -> Self {
        match finding {
            Ok(text) => Self::Ok(text),
            Err(text) => Self::Fail(text),
        }
    }
}

/// Lines as they are printed, and whether all is well so far.
struct Report {
    well: bool,
}

impl Report {
    fn add(&mut self, what: &str, checked: impl Into<Checked>) -> Result<(), CommandError> {
        let (state, text) = match checked.into() {
            Checked::Ok(text) => ("ok", text),
            Checked::Warn(text) => ("warn", text),
            Checked::Fail(text) => {
                self.well = false;
                ("FAIL", text)
            }
        };
        output::print(&format!("{state:<5} {what:<14} {text}\n"))
    }
}

pub(super) fn run(setting: &Setting) -> Result<ExitCode, CommandError> {
    let mut report = Report { well: true };
    match setting.load_for_one_shot() {
        Ok((config, _logs)) => {
            let well = Checked::Ok("readable, every key within its bounds".into());
            report.add("configuration", well)?;
            for warning in config.warnings() {
                report.add("configuration", Checked::Warn(warning.to_string()))?;
            }
            block_on(examine(&config, &mut report))?;
        }
        Err(error) => report.add("configuration", failed(error))?,
    }
    Ok(if report.well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn examine(config: &Config, report: &mut Report) -> Result<(), CommandError> {
    let keys = open::keys(config);
    report.add("keys", key_file(&config.keys.file, &keys))?;
    let keys = keys.ok();
    report.add("login", login(&config.auth, keys.as_deref()).await)?;
    // Neither schema nor queue needs the real keys.
    let any = keys
        .clone()
        .unwrap_or_else(|| Arc::new(Keys::generate(KeyUse::Demo)));
    match open::database(&config.database, Clock::system(), any).await {
        Ok(db) => {
            let migrated = database(&db).await;
            let is_migrated = migrated.is_ok();
            report.add("database", migrated)?;
            if is_migrated {
                background(&db, report).await?;
                if keys.is_some() {
                    report.add("sealing", sealing::examine(&db, &config.keys.file).await)?;
                }
            }
            db.close().await?;
        }
        Err(error) => report.add("database", failed(error))?,
    }
    report.add("address", address(&config.http))?;
    report.add("calendar", calendar(&Clock::system()))?;
    report.add("anchors", writable(&config.journal.anchor_dir))
}

fn failed(error: impl Display) -> Finding {
    Err(error.to_string())
}

fn key_file(path: &Path, keys: &Result<Arc<Keys>, CommandError>) -> Finding {
    let keys = keys.as_ref().map_err(ToString::to_string)?;
    let file = path.display();
    if is_open_to_others(path) {
        return Err(format!("{file} can be read by others: `chmod 600 {file}`"));
    }
    Ok(match keys.made_for() {
        KeyUse::Production => file.to_string(),
        KeyUse::Demo => format!("{file}, made by a demo: `exchange serve` refuses it"),
    })
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
const fn is_open_to_others(_path: &Path) -> bool {
    false
}

/// Where the server listens, and where callers find it. Whether something listens there is not asked:
/// a name may lead elsewhere from here than for callers.
fn address(http: &HttpConfig) -> Finding {
    let listen = http.listen;
    Ok(match &http.public_url {
        Some(url) => format!("listens on {listen}; callers use {url}"),
        None => format!("listens on {listen}; no http.public_url is set"),
    })
}

async fn login(auth: &AuthConfig, keys: Option<&Keys>) -> Finding {
    let demo = keys.is_some_and(|keys| keys.made_for() == KeyUse::Demo);
    match (&auth.jwks_url, keys) {
        (None, _) if !auth.embedded && !demo => {
            Err("neither EXCHANGE_JWKS_URL nor EXCHANGE_AUTH__EMBEDDED=true is set".to_owned())
        }
        (None, None) => Err("the embedded issuer has no keys".to_owned()),
        (None, Some(_)) => Ok("the embedded issuer".to_owned()),
        (Some(url), keys) => {
            let any = Keys::generate(KeyUse::Demo);
            let source = server::login_keys(auth, keys.unwrap_or(&any));
            let source = source.map_err(|error| error.to_string())?;
            match source.probe().await {
                Ok(found) => Ok(format!("{found} keys at {url}")),
                Err(error) => Err(format!("{url}: {error}")),
            }
        }
    }
}

async fn database(db: &Db) -> Finding {
    db.ready().await.map_err(|error| error.to_string())?;
    Ok(match db.engine() {
        Engine::Sqlite => "SQLite answers and is migrated".to_owned(),
        Engine::Postgres => "PostgreSQL answers and is migrated".to_owned(),
    })
}

async fn background(db: &Db, report: &mut Report) -> Result<(), CommandError> {
    let jobs = Queue::new(db.clone(), Clock::system());
    report.add("journal", journal(db).await)?;
    report.add("figures", figures(db).await)?;
    report.add("queue", queue(&jobs).await)?;
    for schedule in schedules::examine(&jobs).await {
        report.add("schedule", schedule)?;
    }
    Ok(())
}

async fn journal(db: &Db) -> Checked {
    let standing = match sequencer::standing(db).await {
        Ok(standing) => standing,
        Err(error) => return Checked::Fail(error.to_string()),
    };
    let Standing { links, waiting, .. } = standing;
    let text = format!("{links} links, {waiting} entries waiting for theirs");
    if standing.strays > 0 {
        return Checked::Fail(format!(
            "{text}, and {} of them do not exist: see \"The trail\" in docs/operating.md",
            standing.strays
        ));
    }
    let Some(since) = standing.since else {
        return Checked::Ok(text);
    };
    let since = since.format("%Y-%m-%dT%H:%M:%SZ");
    if standing.left_behind {
        Checked::Fail(format!(
            "{text}, the oldest since {since}: servers have worked since and did not place it; \
             their log says why"
        ))
    } else {
        Checked::Ok(format!("{text}, the oldest since {since}"))
    }
}

/// The roll-up of figures beside the people it counts.
async fn figures(db: &Db) -> Finding {
    let caller = Caller::system("cli.doctor", None, db.refusals().clone());
    let compare = async {
        let session = db.read(caller.permit(&overview::policy::EXAMINE)?);
        overview::service::agreement(&session).await
    };
    let overview::Agreement {
        cells,
        waiting,
        wrong_cells,
        wrong_people,
    } = compare.await.map_err(|error| error.to_string())?;
    if wrong_cells == 0 {
        return Ok(format!(
            "{cells} cells and {waiting} changes to come agree with the registry"
        ));
    }
    Err(format!(
        "{wrong_cells} of the cells differ from the registry, by {wrong_people} people in all: were \
         triggers off? docs/operating.md puts it right"
    ))
}

async fn queue(queue: &Queue) -> Finding {
    let counts = queue.counts().await.map_err(|error| error.to_string())?;
    if counts.dead == 0 {
        return Ok(format!(
            "{} waiting, {} running",
            counts.ready, counts.leased
        ));
    }
    let latest = queue.dead(1).await.map_err(|error| error.to_string())?;
    let latest = latest.first().map_or_else(String::new, |job| {
        let why = job.last_error.as_deref().unwrap_or("for no stated reason");
        format!(
            ", the latest {} after {} runs: {why}",
            job.kind, job.attempts
        )
    });
    Err(format!(
        "{} jobs were given up{latest}; see `exchange queue list`",
        counts.dead
    ))
}

/// The coming year's calendar is published in autumn; until then deadlines beyond are provisional.
fn calendar(clock: &Clock) -> Finding {
    let through = WorkingCalendar::state_council().published_through();
    if through < clock.today() {
        return Err(format!(
            "working days are published through {through} only: every deadline is provisional"
        ));
    }
    Ok(format!("working days are published through {through}"))
}

/// Whether files can be made in a directory, or where it would be made itself. Nothing is: the file that
/// proves it is gone before it is closed.
fn writable(directory: &Path) -> Finding {
    let shown = directory.display();
    let fails = |error: std::io::Error| format!("{shown}: {error}");
    let is_there = directory.try_exists().map_err(fails)?;
    let around = directory.ancestors().find(|around| around.exists());
    // A relative path ends in the folder that the command runs in.
    let around = around.unwrap_or(Path::new("."));
    tempfile::tempfile_in(around).map_err(fails)?;
    Ok(if is_there {
        format!("{shown} can be written")
    } else {
        format!("{shown} is not there yet and can be made")
    })
}
