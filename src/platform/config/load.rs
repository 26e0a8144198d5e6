//! Layers the sources of the configuration, with the environment passed in by the caller.

use std::env;
use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Format as _, Toml};
use figment::util::nest;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::de::DeserializeOwned;

use super::{ConfigError, DEFAULT_FILE};

const PREFIX: &str = "EXCHANGE_";
const NESTING: &str = "__";

/// Short forms that operators know from other software, and the keys they stand for.
const WELL_KNOWN: [(&str, &str); 3] = [
    ("DATABASE_URL", "database.url"),
    ("DATABASE_READ_URL", "database.read_url"),
    ("EXCHANGE_JWKS_URL", "auth.jwks_url"),
];

/// Read by the command line to find the file itself.
const FILE_VARIABLE: &str = "EXCHANGE_CONFIG";

/// This process's environment, without variables that are not text.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
}

/// The layers below one another, as `T`.
pub(super) fn read<T: DeserializeOwned>(
    path: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<T, ConfigError> {
    let file = file(path)?;
    let mut variables = variables(environment)?;
    loop {
        let mut figment = Figment::new();
        if let Some(file) = &file {
            figment = figment.merge(Toml::file_exact(file));
        }
        for variable in &variables {
            figment = figment.merge(variable);
        }
        let error = match figment.extract() {
            Ok(config) => return Ok(config),
            Err(error) => error,
        };
        // A key that takes a text was given one that looks like a number, a list or the like.
        match variables.iter_mut().find(|known| known.is_misread(&error)) {
            Some(variable) => variable.literal = true,
            None => return Err(ConfigError::Unreadable(explain(&error, &figment))),
        }
    }
}

fn file(path: Option<&Path>) -> Result<Option<PathBuf>, ConfigError> {
    match path {
        Some(path) if path.is_file() => Ok(Some(path.to_owned())),
        Some(path) => Err(ConfigError::Missing(path.to_owned())),
        None => Ok(Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file())),
    }
}

/// One environment variable and the key it sets.
struct Variable {
    name: String,
    key: String,
    text: String,
    /// Whether its value is the text as it stands, not what can be read from it.
    literal: bool,
}

impl Variable {
    fn new(name: String, key: String, text: String) -> Self {
        Self {
            name,
            key,
            text,
            literal: false,
        }
    }

    /// Whether its value was refused for what was read from its text.
    fn is_misread(&self, error: &figment::Error) -> bool {
        let of_type = matches!(error.kind, Kind::InvalidType(..) | Kind::InvalidValue(..));
        of_type && !self.literal && error.path.join(".") == self.key
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("the environment variable {}", self.name))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let value: Value = if self.literal {
            self.text.clone().into()
        } else {
            self.text.parse().unwrap_or_else(|never| match never {})
        };
        let dict = nest(&self.key, value).into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

/// The variables that concern the exchange, short forms first: who writes out the section means
/// it, so the long form is laid over the short one.
fn variables(
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Variable>, ConfigError> {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for (name, text) in environment {
        if let Some((_, key)) = WELL_KNOWN.iter().find(|(known, _)| *known == name) {
            short.push(Variable::new(name, (*key).to_owned(), text));
        } else if let Some(rest) = name.strip_prefix(PREFIX)
            && name != FILE_VARIABLE
        {
            if !rest.contains(NESTING) {
                return Err(ConfigError::UnknownVariable(name));
            }
            let key = rest.to_ascii_lowercase().replace(NESTING, ".");
            long.push(Variable::new(name, key, text));
        }
    }
    short.append(&mut long);
    Ok(short)
}

/// The first error, as a sentence that names the key and where it stands.
fn explain(error: &figment::Error, figment: &Figment) -> String {
    let mut key = error.path.join(".");
    let unknown = match &error.kind {
        Kind::UnknownField(name, known) => Some((name, known)),
        _ => None,
    };
    // The path of an unknown field ends with its section.
    if let Some((name, _)) = unknown
        && !error.path.ends_with(std::slice::from_ref(name))
    {
        key = [error.path.as_slice(), std::slice::from_ref(name)]
            .concat()
            .join(".");
    }
    let metadata = figment.find_metadata(&key).or(error.metadata.as_ref());
    let place = metadata.map_or_else(String::new, |metadata| {
        let source = metadata.source.as_ref().map(ToString::to_string);
        format!(
            " in {}",
            source.unwrap_or_else(|| metadata.name.to_string())
        )
    });
    match unknown {
        Some((_, known)) => format!("unknown key {key}{place}; known here: {}", known.join(", ")),
        None if key.is_empty() => format!("{}{place}", reason(&error.kind)),
        None => format!("{key}{place}: {}", reason(&error.kind)),
    }
}

/// Why a value is refused, without the value: it may be a secret under the wrong key.
fn reason(kind: &Kind) -> String {
    match kind {
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            format!("invalid value, expected {expected}")
        }
        Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "out of range".to_owned(),
        Kind::Unsupported(_) | Kind::UnsupportedKey(..) => "of a type that no key takes".to_owned(),
        Kind::Message(message) => without_source(message),
        other => other.to_string(),
    }
}

/// A message without the lines of the file that the parser quotes below it, behind `  |` or `12 |`.
fn without_source(message: &str) -> String {
    let quoted = |line: &&str| {
        let margin = line.split_once('|').map(|(margin, _)| margin.trim());
        margin.is_some_and(|margin| margin.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let told: Vec<&str> = message.lines().filter(|line| !quoted(line)).collect();
    told.join("; ")
}
