//! What operators see of a running exchange: logs, traces and metrics.
//!
//! Logs go to standard error, so that standard output stays free for what a command prints. Spans
//! are exported by OTLP over HTTP when an endpoint is configured. No personal data in any of them.

pub mod metrics;
pub mod span;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::Url;
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, ParseError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer};

use self::metrics::Metrics;
use super::config::{LogFormat, TelemetryConfig};

const SERVICE_NAME: &str = "employment-exchange";
/// Where a collector takes spans (OTLP specification, "OTLP/HTTP Request").
const TRACES_PATH: &str = "/v1/traces";
/// How long a stopping process waits for the last spans to be taken.
const FLUSH: Duration = Duration::from_secs(5);

/// Why telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("the log filter is not readable: {0}")]
    Filter(#[from] ParseError),
    /// The exporter refuses its endpoint.
    #[error("spans cannot be exported: {0}")]
    Exporter(#[from] ExporterBuildError),
    /// Something else already listens for log events.
    #[error("telemetry was started twice: {0}")]
    Twice(#[from] TryInitError),
}

/// Keeps telemetry running. Dropping it sends the spans that are still waiting.
#[derive(Debug)]
#[must_use = "spans are lost when the guard is dropped before the work is done"]
pub struct Guard {
    metrics: Metrics,
    tracer: Option<SdkTracerProvider>,
}

impl Guard {
    /// The process's metrics, for the HTTP server to render.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(tracer) = &self.tracer
            && let Err(error) = tracer.shutdown_with_timeout(FLUSH)
        {
            tracing::warn!(%error, "the last spans may be lost");
        }
    }
}

/// Starts logs, traces and metrics for the process. Also replaces the panic report: the stock one
/// prints the panic's message, which may quote a value; ours says where, and no more.
///
/// # Errors
/// [`TelemetryError`] when a setting is unusable or telemetry already runs.
pub fn init(settings: &TelemetryConfig) -> Result<Guard, TelemetryError> {
    let tracer = tracer(settings.otlp_endpoint.as_deref())?;
    subscriber(settings, tracer.as_ref(), std::io::stderr)?.try_init()?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
    Ok(Guard {
        metrics: Metrics::install(),
        tracer,
    })
}

fn tracer(endpoint: Option<&str>) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    let Some(endpoint) = endpoint else {
        return Ok(None);
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(traces_url(endpoint))
        .build()?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(SERVICE_NAME).build())
        .build();
    Ok(Some(provider))
}

/// A collector named by its address alone takes spans at the standard path.
fn traces_url(endpoint: &str) -> String {
    match Url::parse(endpoint) {
        Ok(mut url) if url.path() == "/" => {
            url.set_path(TRACES_PATH);
            url.into()
        }
        _ => endpoint.to_owned(),
    }
}

fn subscriber<W>(
    settings: &TelemetryConfig,
    tracer: Option<&SdkTracerProvider>,
    writer: W,
) -> Result<impl Subscriber + Send + Sync + use<W>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match settings.log_format {
        LogFormat::Pretty => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .boxed(),
    };
    // A filter each: a span per statement is exported, but written to the log only when asked for,
    // since writing down statements that nobody reads took a fifth of the time of a request.
    let lines = lines.with_filter(EnvFilter::builder().parse(&settings.log_filter)?);
    let export = tracer.map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer(SERVICE_NAME))
            .with_filter(LevelFilter::INFO)
    });
    Ok(tracing_subscriber::registry().with(lines).with(export))
}

#[cfg(test)]
mod tests;
