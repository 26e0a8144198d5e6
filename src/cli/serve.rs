//! `exchange serve`: real data. Refuses to start where it would serve unsafely or not at all.

use std::process::ExitCode;
use std::time::Duration;

use super::error::CommandError;
use super::server::Exchange;
use super::{Setting, block_on, open};
use crate::kernel::clock::Clock;
use crate::platform::config::Config;
use crate::platform::crypto::KeyUse;
use crate::platform::telemetry;

pub(super) fn run(setting: &Setting) -> Result<ExitCode, CommandError> {
    let config = setting.load()?;
    refuse_without_login(&config)?;
    let keys = open::keys(&config)?;
    if keys.made_for() == KeyUse::Demo {
        return Err(CommandError::refused(format!(
            "{} holds the keys of a demo, which protect nothing; make keys with `exchange keys \
             new FILE` and name FILE under keys.file",
            config.keys.file.display()
        )));
    }
    // Outlives the runtime: it sends the last spans when it is dropped.
    let logs = telemetry::init(&config.telemetry)?;
    let metrics = logs.metrics();
    if config.http.metrics_token.is_none() {
        tracing::info!("/metrics is not served; it takes http.metrics_token");
    }
    block_on(async {
        let longest = Duration::from_secs(config.http.request_timeout_s);
        let clock = Clock::system();
        let db = open::for_requests(&config, longest, clock, keys.clone()).await?;
        let public_url = config.http.public_url.clone();
        let exchange = Exchange {
            config,
            db,
            keys,
            metrics,
            demo: false,
        };
        exchange
            .serve(|address| {
                tracing::info!(%address, public_url, "serving");
                Ok(())
            })
            .await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn refuse_without_login(config: &Config) -> Result<(), CommandError> {
    if config.auth.jwks_url.is_some() || config.auth.embedded {
        return Ok(());
    }
    Err(CommandError::refused(
        "nobody could log in: set EXCHANGE_JWKS_URL and auth.issuer to an OIDC issuer, or \
         EXCHANGE_AUTH__EMBEDDED=true to accept tokens of `exchange token`",
    ))
}
