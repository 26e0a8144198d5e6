//! The exchange put together: schema, database and gate behind one endpoint.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;

use super::gate::ExchangeGate;
use super::http::{Endpoint, HttpSettings, MetricsAccess};
use super::limits::Limits;
use super::schema;
use crate::platform::authn::Authenticator;
use crate::platform::config::HttpConfig;
use crate::platform::db::Db;

/// The endpoint of an exchange on `db`, whose callers `authenticator` verifies.
#[must_use]
pub fn endpoint(db: &Db, authenticator: Authenticator, settings: HttpSettings) -> Endpoint {
    let schema = schema::builder().data(db.clone()).finish();
    let gate = Arc::new(ExchangeGate::new(authenticator, db.clone()));
    let db = db.clone();
    Endpoint::new(schema, &schema::sdl(), gate, settings).ready_when(Arc::new(move || {
        let db = db.clone();
        async move { db.ready().await.map_err(|failure| failure.to_string()) }.boxed()
    }))
}

/// The server's settings as configured.
#[must_use]
pub fn http_settings(config: &HttpConfig) -> HttpSettings {
    let limits = Limits::default();
    HttpSettings {
        listen: config.listen,
        limits: Limits {
            document_bytes: config.document_limit_bytes,
            depth: config.max_depth,
            aliases: config.max_aliases,
            ..limits
        },
        body_bytes: config.body_limit_bytes,
        request_timeout: Duration::from_secs(config.request_timeout_s),
        shutdown_timeout: Duration::from_secs(config.shutdown_grace_s),
        metrics_access: config
            .metrics_token
            .clone()
            .map_or(MetricsAccess::Closed, MetricsAccess::Token),
        ..HttpSettings::default()
    }
}
