//! Why a configuration is refused, in words that say which key to change.

use std::fmt;
use std::path::PathBuf;

/// One key that is out of bounds, or hardly meant as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `http.max_depth`.
    pub key: &'static str,
    /// What it must be, or what comes of it.
    pub reason: String,
}

impl Problem {
    /// One problem when `ok` does not hold.
    pub(super) fn unless(ok: bool, key: &'static str, reason: &str) -> Option<Self> {
        (!ok).then(|| Self::of(key, reason))
    }

    /// A problem with a key.
    pub(super) fn of(key: &'static str, reason: impl Into<String>) -> Self {
        Self {
            key,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.reason)
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there.
    #[error("there is no configuration file {}", .0.display())]
    Missing(PathBuf),
    /// The file or a variable cannot be read as configuration.
    #[error("{0}")]
    Unreadable(String),
    /// A variable with the exchange's prefix that names no key.
    #[error(
        "the environment variable {0} is unknown; keys are written EXCHANGE_<SECTION>__<KEY>, \
         such as EXCHANGE_HTTP__LISTEN"
    )]
    UnknownVariable(String),
    /// Keys that are out of bounds.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Problem>),
}
