//! Where verifying keys come from: the exchange's own key, or an issuer's JWKS that is cached,
//! refreshed in the background and kept when the issuer is down.
//!
//! A token with an unknown key starts one refresh, shared by everybody who waits and at most every
//! 30 seconds, so that neither a rotation nor a flood of made-up key ids does harm.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Certificate;
use reqwest::redirect::Policy;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::key_set::{KeySet, VerifyingKey};
use super::{AuthnError, WallClock};
use crate::platform::crypto::PublicKey;

/// Between two requests to the issuer, successful or not.
const MINIMUM_GAP: TimeDelta = TimeDelta::seconds(30);
/// Between two background refreshes.
const BACKGROUND_INTERVAL: Duration = Duration::from_secs(300);
/// For connecting, answering and reading together.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// A JWKS of hundreds of keys is far smaller.
const FETCH_LIMIT_BYTES: usize = 256 * 1024;

/// Why an issuer's keys were not fetched; the old ones stay.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    /// No answer, or none over a trustworthy connection.
    #[error("the issuer's keys cannot be fetched: {}", root_cause(.0))]
    Unreachable(#[from] reqwest::Error),
    /// Another status than 200.
    #[error("the issuer answered {0} for its keys")]
    Status(u16),
    /// A body above the bound.
    #[error("the issuer's key set has more than {FETCH_LIMIT_BYTES} bytes")]
    TooLarge,
    /// No JWKS, or one without a usable key.
    #[error("the issuer's key set holds no usable key")]
    NoUsableKey,
}

/// What is behind an error of the client, which itself says no more than that there was one.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(behind) = cause.source() {
        cause = behind;
    }
    let cause = cause.to_string();
    // As rustls puts it for a certificate that nobody trusted has signed.
    if cause.contains("UnknownIssuer") {
        return format!("{cause}; if that CA is to be trusted, name its file under auth.ca_file");
    }
    cause
}

/// The keys that tokens are verified with. Clones share one cache.
#[derive(Clone)]
pub struct KeySource(Arc<Source>);

enum Source {
    Embedded(KeySet),
    Jwks(Arc<RemoteKeys>),
}

struct RemoteKeys {
    url: String,
    http: reqwest::Client,
    wall: WallClock,
    keys: ArcSwap<KeySet>,
    /// When the issuer was last asked. Held during a request to it: the single flight.
    asked: Mutex<Option<DateTime<Utc>>>,
}

impl KeySource {
    /// The exchange's own key.
    #[must_use]
    pub fn embedded(key: &PublicKey) -> Self {
        Self(Arc::new(Source::Embedded(KeySet::of(key))))
    }

    /// The keys that an issuer publishes at `url`, over TLS with a certificate that this machine
    /// trusts or one of `roots` has signed; empty until the first refresh.
    ///
    /// # Errors
    /// [`KeySourceError::Unreachable`] when this machine cannot make TLS connections at all.
    pub fn jwks(
        url: &str,
        roots: Vec<Certificate>,
        wall: WallClock,
    ) -> Result<Self, KeySourceError> {
        let http = reqwest::Client::builder()
            .timeout(FETCH_TIMEOUT)
            .redirect(Policy::none())
            .tls_certs_merge(roots)
            .build()?;
        Ok(Self(Arc::new(Source::Jwks(Arc::new(RemoteKeys {
            url: url.to_owned(),
            http,
            wall,
            keys: ArcSwap::default(),
            asked: Mutex::new(None),
        })))))
    }

    /// Fetches the keys now and from then on every five minutes until `shutdown`. A failure is
    /// logged and the keys at hand stay. The embedded key needs none of it: the future ends at once.
    pub async fn keep_fresh(&self, shutdown: CancellationToken) {
        let Source::Jwks(remote) = &*self.0 else {
            return;
        };
        loop {
            remote.refresh_unless_recent().await;
            let wait = if remote.keys.load().is_empty() {
                MINIMUM_GAP.to_std().unwrap_or(BACKGROUND_INTERVAL)
            } else {
                BACKGROUND_INTERVAL
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Asks the issuer once, for `exchange doctor`; the number of usable keys.
    ///
    /// # Errors
    /// [`KeySourceError`] when it has none to give.
    pub async fn probe(&self) -> Result<usize, KeySourceError> {
        match &*self.0 {
            Source::Embedded(keys) => Ok(keys.len()),
            Source::Jwks(remote) => remote.fetch().await.map(|keys| keys.len()),
        }
    }

    /// The key a token names, after a refresh when it is not known.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<VerifyingKey, AuthnError> {
        match &*self.0 {
            Source::Embedded(keys) => keys.find(kid).cloned().ok_or(AuthnError::UnknownKey),
            Source::Jwks(remote) => remote.find(kid).await,
        }
    }
}

impl RemoteKeys {
    async fn find(self: &Arc<Self>, kid: Option<&str>) -> Result<VerifyingKey, AuthnError> {
        if let Some(key) = self.keys.load().find(kid) {
            return Ok(key.clone());
        }
        self.refresh_unless_recent().await;
        let keys = self.keys.load();
        match keys.find(kid) {
            Some(key) => Ok(key.clone()),
            None if keys.is_empty() => Err(AuthnError::NoKeys),
            None => Err(AuthnError::UnknownKey),
        }
    }

    /// Asks the issuer unless that was done just now. The flight is a task of its own: a caller
    /// who hangs up must not end it for everybody, nor use up the gap for nothing.
    async fn refresh_unless_recent(self: &Arc<Self>) {
        let this = Arc::clone(self);
        if let Err(error) = tokio::spawn(async move { this.fly().await }).await {
            tracing::error!(%error, "the refresh of the issuer's keys broke off");
        }
    }

    /// Whoever waited for the flight of another finds the gap not over and takes its keys.
    async fn fly(&self) {
        let mut asked = self.asked.lock().await;
        let now = self.wall.now();
        if asked.is_some_and(|at| (now - at).abs() < MINIMUM_GAP) {
            return;
        }
        *asked = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), "fetched the issuer's keys");
                self.keys.store(Arc::new(keys));
            }
            Err(error) => tracing::warn!(
                %error,
                "the issuer's keys were not refreshed; those at hand stay in use"
            ),
        }
    }

    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        let mut response = self.http.get(&self.url).send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(KeySourceError::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > FETCH_LIMIT_BYTES {
                return Err(KeySourceError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        KeySet::parse(&body).ok_or(KeySourceError::NoUsableKey)
    }
}
