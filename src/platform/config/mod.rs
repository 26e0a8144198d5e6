//! What an operator may set: compiled-in defaults, below `exchange.toml`, below the environment.
//!
//! `EXCHANGE_<SECTION>__<KEY>` names any key; `DATABASE_URL`, `DATABASE_READ_URL` and
//! `EXCHANGE_JWKS_URL` are the well-known short forms. A key that does not exist is refused: a
//! misspelt limit that silently keeps its default is worse than a server that does not start.

mod auth;
mod error;
mod load;
mod sections;

use std::path::Path;

use serde::Deserialize;

pub use auth::{AuthConfig, ClaimNames};
pub use error::{ConfigError, Problem};
pub use load::process_environment;
pub use sections::{
    DatabaseConfig, HttpConfig, ImportConfig, JournalConfig, KeysConfig, LogFormat, PrivacyConfig,
    TelemetryConfig,
};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "exchange.toml";

/// The whole configuration, every section checked. Safe to print: secrets do not.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The HTTP server and its limits.
    pub http: HttpConfig,
    /// The database and its replica.
    pub database: DatabaseConfig,
    /// Who may vouch for callers.
    pub auth: AuthConfig,
    /// Where the keys lie.
    pub keys: KeysConfig,
    /// Logs and traces.
    pub telemetry: TelemetryConfig,
    /// Bounds on files.
    pub import: ImportConfig,
    /// How long personal data is kept.
    pub privacy: PrivacyConfig,
    /// The journal's anchors.
    pub journal: JournalConfig,
}

impl Config {
    /// Reads `path`, or [`DEFAULT_FILE`] in the working directory when there is one, lays the
    /// environment over it and checks every section.
    ///
    /// # Errors
    /// [`ConfigError`] naming every key that is unknown or out of bounds; values are repeated only
    /// where they cannot be secrets.
    pub fn load(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let config: Self = load::read(path, environment)?;
        let problems = config.problems();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Invalid(problems))
        }
    }

    /// What is within its bounds and yet hardly meant.
    #[must_use]
    pub fn warnings(&self) -> Vec<Problem> {
        self.http.warnings()
    }

    fn problems(&self) -> Vec<Problem> {
        let Self {
            http,
            database,
            auth,
            keys,
            telemetry,
            import,
            privacy,
            journal,
        } = self;
        [
            http.problems(),
            database.problems(),
            auth.problems(),
            keys.problems(),
            telemetry.problems(),
            import.problems(),
            privacy.problems(),
            journal.problems(),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests;
