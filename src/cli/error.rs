//! Why a command ends with exit code 1: one sentence that says what to do.

use crate::kernel::error::{Failure, Locale};
use crate::platform::authn::{IssueError, KeySourceError};
use crate::platform::config::ConfigError;
use crate::platform::crypto::KeyFileError;
use crate::platform::telemetry::TelemetryError;

/// Why a command was refused or failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// In this command's own words.
    #[error("{0}")]
    Refused(String),
    /// There is no usable configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There are no usable keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// Logs or traces cannot be written.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The issuer's keys cannot be asked for at all.
    #[error(transparent)]
    Login(#[from] KeySourceError),
    /// A token that makes no sense.
    #[error(transparent)]
    Token(#[from] IssueError),
    /// A use case or the database.
    #[error("{}", words(.0))]
    Failed(#[from] Failure),
}

impl CommandError {
    /// A refusal in the command's own words.
    pub(super) fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }
}

/// Whoever runs commands is the operator, so the inside is shown.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::BadInput(text) => text.in_locale(Locale::En).to_owned(),
        other => other.to_string(),
    }
}
