//! How the HTTP server is set.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use secrecy::SecretString;

use crate::api::limits::Limits;
use crate::platform::telemetry::metrics::Metrics;

/// Settings of the HTTP server, with defaults that are safe on a laptop and in production.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Worker threads; one per core when absent.
    pub workers: Option<NonZeroUsize>,
    /// Bounds on a document.
    pub limits: Limits,
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// Wall time of one request.
    pub request_timeout: Duration,
    /// How long a stopping server waits for requests in flight; whole seconds.
    pub shutdown_timeout: Duration,
    /// Whether `/` serves the explorer.
    pub explorer: bool,
    /// Whether callers may read the schema.
    pub introspection: bool,
    /// What `/metrics` renders. Kept up whether or not anybody may read it.
    pub metrics: Option<Metrics>,
    /// Who may read `/metrics`.
    pub metrics_access: MetricsAccess,
}

/// Who may read `/metrics`.
#[derive(Clone, Debug)]
pub enum MetricsAccess {
    /// Nobody: the address does not exist.
    Closed,
    /// Whoever reaches it: for a demo.
    Open,
    /// Whoever carries this bearer token.
    Token(SecretString),
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: None,
            limits: Limits::default(),
            body_bytes: 1024 * 1024,
            body_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(35),
            explorer: false,
            introspection: true,
            metrics: None,
            metrics_access: MetricsAccess::Closed,
        }
    }
}
