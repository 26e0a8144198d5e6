//! The sections, each with its defaults and its own bounds.

use std::net::SocketAddr;
use std::path::PathBuf;

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

use super::Problem;

/// The HTTP server and the limits of one request.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The address that callers use, when a proxy stands in front: shown at the start and by `doctor`.
    pub public_url: Option<String>,
    /// Largest request body in bytes.
    pub body_limit_bytes: usize,
    /// Largest GraphQL document in bytes.
    pub document_limit_bytes: u64,
    /// Deepest nesting of a document.
    pub max_depth: u64,
    /// Most aliases in a document.
    pub max_aliases: u64,
    /// Wall time of one request in seconds.
    pub request_timeout_s: u64,
    /// How long requests in flight may finish after a stop signal, in seconds; no less than
    /// `request_timeout_s`, or a stop may interrupt them.
    pub shutdown_grace_s: u64,
    /// The bearer token that `/metrics` takes; without one `exchange serve` has no such address.
    #[serde(deserialize_with = "optional_secret")]
    pub metrics_token: Option<SecretString>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            body_limit_bytes: 1024 * 1024,
            document_limit_bytes: 64 * 1024,
            max_depth: 12,
            max_aliases: 30,
            request_timeout_s: 30,
            shutdown_grace_s: 35,
            metrics_token: None,
        }
    }
}

impl HttpConfig {
    pub(super) fn warnings(&self) -> Vec<Problem> {
        let (grace, longest) = (self.shutdown_grace_s, self.request_timeout_s);
        let reason = format!(
            "is {grace} s, less than http.request_timeout_s ({longest} s): a stop interrupts \
             requests that would have been answered"
        );
        let shorter = Problem::unless(grace >= longest, "http.shutdown_grace_s", &reason);
        Vec::from_iter(shorter)
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let public_url = self.public_url.as_deref();
        [
            Problem::unless(
                public_url.is_none_or(is_http_url),
                "http.public_url",
                "must be an http or https address",
            ),
            Problem::unless(
                (1024..=64 * 1024 * 1024).contains(&self.body_limit_bytes),
                "http.body_limit_bytes",
                "must lie between 1 KiB and 64 MiB",
            ),
            Problem::unless(
                (1..=self.body_limit_bytes as u64).contains(&self.document_limit_bytes),
                "http.document_limit_bytes",
                "must lie between 1 and http.body_limit_bytes",
            ),
            Problem::unless(
                (1..=100).contains(&self.max_depth),
                "http.max_depth",
                "must lie between 1 and 100",
            ),
            Problem::unless(
                self.max_aliases <= 1000,
                "http.max_aliases",
                "must be at most 1000",
            ),
            Problem::unless(
                (1..=600).contains(&self.request_timeout_s),
                "http.request_timeout_s",
                "must lie between 1 and 600",
            ),
            Problem::unless(
                self.shutdown_grace_s <= 600,
                "http.shutdown_grace_s",
                "must be at most 600",
            ),
            Problem::unless(
                self.metrics_token.as_ref().is_none_or(is_unguessable),
                "http.metrics_token",
                "must have 16 to 256 visible ASCII characters",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Where records are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://FILE` or `postgres://…`; a secret because it may hold a password.
    #[serde(deserialize_with = "secret")]
    pub url: SecretString,
    /// A PostgreSQL streaming replica for reads.
    #[serde(deserialize_with = "optional_secret")]
    pub read_url: Option<SecretString>,
    /// Connections per pool.
    pub pool_size: u32,
    /// How long a request waits for a connection, in seconds.
    pub acquire_timeout_s: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite://data/exchange.db".into(),
            read_url: None,
            pool_size: 16,
            acquire_timeout_s: 5,
        }
    }
}

impl DatabaseConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        let is_postgres = |url: &SecretString| {
            let url = url.expose_secret();
            url.starts_with("postgres://") || url.starts_with("postgresql://")
        };
        let is_sqlite = self.url.expose_secret().starts_with("sqlite:");
        let read_url = self.read_url.as_ref();
        [
            Problem::unless(
                is_sqlite || is_postgres(&self.url),
                "database.url",
                "must start with sqlite: or postgres://",
            ),
            Problem::unless(
                read_url.is_none_or(|url| is_postgres(&self.url) && is_postgres(url)),
                "database.read_url",
                "must be a PostgreSQL replica of a PostgreSQL database.url",
            ),
            Problem::unless(
                (1..=500).contains(&self.pool_size),
                "database.pool_size",
                "must lie between 1 and 500",
            ),
            Problem::unless(
                (1..=60).contains(&self.acquire_timeout_s),
                "database.acquire_timeout_s",
                "must lie between 1 and 60",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Where the keys lie.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// The key file; keep it apart from the database and its backups.
    pub file: PathBuf,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self {
            file: PathBuf::from("data/keys.json"),
        }
    }
}

impl KeysConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        let named = self.file.file_name().is_some();
        Vec::from_iter(Problem::unless(named, "keys.file", "must name a file"))
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Logs and traces.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which are written, in the syntax of `tracing_subscriber::EnvFilter`. `info` alone also
    /// writes down the statements sent to the database.
    pub log_filter: String,
    /// Where traces go over OTLP/HTTP, `/v1/traces` unless a path is given; nowhere when absent.
    pub otlp_endpoint: Option<String>,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Pretty,
            log_filter: "info,sea_orm=warn".to_owned(),
            otlp_endpoint: None,
        }
    }
}

impl TelemetryConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        [
            Problem::unless(
                tracing_subscriber::EnvFilter::try_new(&self.log_filter).is_ok(),
                "telemetry.log_filter",
                "must be a list of target=level, such as info,employment_exchange=debug",
            ),
            Problem::unless(
                self.otlp_endpoint.as_deref().is_none_or(is_http_url),
                "telemetry.otlp_endpoint",
                "must be an http or https address",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Bounds on imported files.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportConfig {
    /// Most rows of a workbook, which is read whole; larger ledgers come as CSV.
    pub xlsx_max_rows: u32,
    /// Most bytes of a workbook once it is unpacked, and most memory that its rows may take.
    pub xlsx_max_unpacked_bytes: u64,
}

impl Default for ImportConfig {
    fn default() -> Self {
        Self {
            xlsx_max_rows: 200_000,
            xlsx_max_unpacked_bytes: 512 * 1024 * 1024,
        }
    }
}

impl ImportConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        // A worksheet has 2^20 rows.
        let rows = (1..=1_048_576).contains(&self.xlsx_max_rows);
        let bytes = (1 << 20..=1 << 33).contains(&self.xlsx_max_unpacked_bytes);
        [
            Problem::unless(
                rows,
                "import.xlsx_max_rows",
                "must lie between 1 and 1048576",
            ),
            Problem::unless(
                bytes,
                "import.xlsx_max_unpacked_bytes",
                "must lie between 1 MiB and 8 GiB",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How long personal data, and what was answered about it, is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacyConfig {
    /// Days after which a report about somebody who is not registered is erased.
    pub unregistered_report_days: u32,
    /// Days after which an idempotency key is forgotten with its answer; a request that repeats it
    /// then is a new one.
    pub idempotency_days: u32,
}

impl Default for PrivacyConfig {
    fn default() -> Self {
        Self {
            unregistered_report_days: 30,
            idempotency_days: 7,
        }
    }
}

impl PrivacyConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        [
            Problem::unless(
                (1..=365).contains(&self.unregistered_report_days),
                "privacy.unregistered_report_days",
                "must lie between 1 and 365",
            ),
            Problem::unless(
                (1..=365).contains(&self.idempotency_days),
                "privacy.idempotency_days",
                "must lie between 1 and 365",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The journal's anchors.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JournalConfig {
    /// The directory that the signed daily heads are written to.
    pub anchor_dir: PathBuf,
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self {
            anchor_dir: PathBuf::from("data/anchors"),
        }
    }
}

impl JournalConfig {
    pub(super) fn problems(&self) -> Vec<Problem> {
        let named = !self.anchor_dir.as_os_str().is_empty();
        Vec::from_iter(Problem::unless(
            named,
            "journal.anchor_dir",
            "must not be empty",
        ))
    }
}

/// Long enough not to be found by trying, and fit for a header.
fn is_unguessable(token: &SecretString) -> bool {
    let token = token.expose_secret();
    (16..=256).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_http_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn optional_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SecretString>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| text.map(SecretString::from))
}
