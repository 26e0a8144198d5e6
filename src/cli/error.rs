//! Why a command does not end with 0: one sentence that says what to do.

use std::process::ExitCode;

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
    /// A call that cannot be meant, in this command's own words.
    #[error("{0}")]
    Usage(String),
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
    /// A token that makes no sense: options that do not go together.
    #[error("{}", option_words(*.0))]
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

    /// A mistake in how the command was called, in the command's own words.
    pub(super) fn usage(words: impl Into<String>) -> Self {
        Self::Usage(words.into())
    }

    /// 2 for a mistake in how the command was called, else 1.
    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Token(_) | Self::Usage(_) => ExitCode::from(2),
            Self::Refused(_)
            | Self::Config(_)
            | Self::Keys(_)
            | Self::Telemetry(_)
            | Self::Login(_)
            | Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

/// The command line's names of what a role needs.
fn option_words(error: IssueError) -> String {
    let option = |claim: &str| match claim {
        "creditCode" => "--credit-code".to_owned(),
        other => format!("--{other}"),
    };
    match error {
        IssueError::Missing { role, claim } => format!("--role {role} needs {}", option(claim)),
        IssueError::Superfluous { role, claim } => {
            format!("--role {role} does not take {}", option(claim))
        }
        IssueError::BadSubject | IssueError::BadTimeToLive => error.to_string(),
    }
}

/// Whoever runs commands is the operator, so the inside is shown.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::BadInput(text) => text.in_locale(Locale::En).to_owned(),
        other => other.to_string(),
    }
}
