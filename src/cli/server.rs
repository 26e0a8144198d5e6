//! From an open database to a server that runs until it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::error::CommandError;
use crate::api::exchange;
use crate::api::http::{HttpSettings, MetricsAccess, bind};
use crate::jobs;
use crate::platform::authn::{Authenticator, KeySource, TokenRules, WallClock};
use crate::platform::config::{AuthConfig, Config};
use crate::platform::crypto::Keys;
use crate::platform::db::Db;
use crate::platform::telemetry::metrics::Metrics;

/// Everything that a server is made of.
pub(super) struct Exchange {
    pub(super) config: Config,
    pub(super) db: Db,
    pub(super) keys: Arc<Keys>,
    pub(super) metrics: Metrics,
    /// Whether the data is fictional: `/` serves the explorer, and `/metrics` needs no token.
    pub(super) demo: bool,
}

impl Exchange {
    /// Serves until SIGTERM or SIGINT. Then nothing new is accepted, requests in flight and
    /// background work end within the grace period, leases are given back and the journal is
    /// placed to its last entry. `announce` is told where the server listens.
    ///
    /// # Errors
    /// When the address is taken, or `announce` fails.
    pub(super) async fn serve(
        self,
        announce: impl FnOnce(SocketAddr) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let Self {
            config,
            db,
            keys,
            metrics,
            demo,
        } = self;
        for warning in config.warnings() {
            tracing::warn!("{warning}");
        }
        let login_keys = login_keys(&config.auth, &keys)?;
        let authenticator = Authenticator::new(
            TokenRules::from(&config.auth),
            login_keys.clone(),
            keys.index.clone(),
            WallClock::system(),
        );
        let configured = exchange::http_settings(&config.http);
        let settings = HttpSettings {
            explorer: demo,
            metrics: Some(metrics),
            // Figures of real data are for whoever holds the token; a demo has none to hide.
            metrics_access: match configured.metrics_access {
                MetricsAccess::Closed if demo => MetricsAccess::Open,
                other => other,
            },
            ..configured
        };
        let server = bind(exchange::endpoint(&db, authenticator, settings))
            .map_err(|error| cannot_listen(config.http.listen, &error))?;
        let stop = CancellationToken::new();
        // Listened for before anybody learns the address, so that no signal is missed.
        let signal = stop_signal()
            .map_err(|error| CommandError::refused(format!("no signals can be heard: {error}")))?;
        let work = jobs::start(jobs::Deps::new(&config, db.clone(), login_keys), &stop);
        let asked = stop.clone();
        let listener = tokio::spawn(async move {
            signal.await;
            asked.cancel();
        });
        let told = announce(server.addresses()[0]);
        if told.is_err() {
            stop.cancel();
        }
        let served = server.run(stop.clone().cancelled_owned()).await;
        stop.cancel();
        listener.abort();
        work.finish().await;
        db.close().await?;
        told?;
        served.map_err(|error| CommandError::refused(format!("the server failed: {error}")))
    }
}

/// The keys that tokens are verified with.
///
/// # Errors
/// When this machine cannot ask an issuer at all.
pub(super) fn login_keys(auth: &AuthConfig, keys: &Keys) -> Result<KeySource, CommandError> {
    Ok(match &auth.jwks_url {
        Some(url) => {
            let unusable = |reason| CommandError::refused(format!("auth.ca_file {reason}"));
            let roots = auth.extra_roots().map_err(unusable)?;
            KeySource::jwks(url, roots, WallClock::system())?
        }
        None => KeySource::embedded(keys.signing.public()),
    })
}

/// The sentence for an address that cannot be had.
pub(super) fn cannot_listen(address: SocketAddr, error: &io::Error) -> CommandError {
    CommandError::refused(format!("{address} cannot be listened on: {error}"))
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
