//! Starts and stops the HTTP server.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, dev};

use super::endpoint::Endpoint;
use super::routes::{guard, routes};
use crate::platform::telemetry::metrics::Metrics;
use crate::platform::telemetry::span::request_spans;

/// Often enough that recorded samples stay few between two of Prometheus' visits.
const UPKEEP: Duration = Duration::from_secs(5);

/// A server that listens and accepts once it is [run](Server::run).
pub struct Server {
    server: dev::Server,
    addresses: Vec<SocketAddr>,
    endpoint: Arc<Endpoint>,
}

/// Takes the address in the endpoint's settings.
///
/// # Errors
/// When the address cannot be listened on.
pub fn bind(endpoint: Endpoint) -> io::Result<Server> {
    let endpoint = Arc::new(endpoint);
    let settings = &endpoint.settings;
    let shared = Arc::clone(&endpoint);
    let mut server = HttpServer::new(move || {
        App::new()
            .configure(routes(Arc::clone(&shared)))
            .wrap(from_fn(guard))
            .wrap(request_spans())
    })
    .disable_signals()
    .shutdown_timeout(settings.shutdown_timeout.as_secs());
    if let Some(workers) = settings.workers {
        server = server.workers(workers.get());
    }
    let server = server.bind(settings.listen)?;
    let addresses = server.addrs();
    Ok(Server {
        server: server.run(),
        addresses,
        endpoint,
    })
}

impl Server {
    /// Where it listens, with the port that was taken.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Serves until `shutdown` completes, then stops accepting, lets requests in flight finish
    /// within the bound of the settings and returns.
    ///
    /// # Errors
    /// When the server itself fails.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let Self {
            server, endpoint, ..
        } = self;
        let handle = server.handle();
        tokio::pin!(server);
        tokio::select! {
            result = &mut server => return result,
            never = upkeep(endpoint.settings.metrics.clone()) => match never {},
            () = shutdown => {}
        }
        endpoint.drain();
        tracing::info!("stopping: no new connections, requests in flight finish");
        let ((), result) = futures::join!(handle.stop(true), server);
        result
    }
}

async fn upkeep(metrics: Option<Metrics>) -> Infallible {
    let Some(metrics) = metrics else {
        return std::future::pending().await;
    };
    let mut every = tokio::time::interval(UPKEEP);
    loop {
        every.tick().await;
        metrics.upkeep();
    }
}
