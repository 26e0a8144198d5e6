//! Who may vouch for callers, and under which names its tokens carry the claims.

use std::path::{Path, PathBuf};

use reqwest::{Certificate, Url};
use serde::Deserialize;

use super::Problem;

/// Who may vouch for callers: an issuer outside by its JWKS, or the exchange itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// The issuer's published keys; https, or http on this machine.
    pub jwks_url: Option<String>,
    /// Certificates in PEM that the issuer's may be signed by besides those that this machine trusts:
    /// a CA of its own.
    pub ca_file: Option<PathBuf>,
    /// The `iss` that tokens must carry; needed with `jwks_url`.
    pub issuer: Option<String>,
    /// The `aud` that tokens must carry.
    pub audience: String,
    /// Tolerated difference between clocks in seconds.
    pub leeway_s: u32,
    /// The issuer's own names for the claims.
    pub claims: ClaimNames,
    /// Accept tokens that the exchange signed itself.
    pub embedded: bool,
}

impl AuthConfig {
    /// The `iss` of the embedded mode.
    pub const EMBEDDED_ISSUER: &'static str = "urn:employment-exchange:embedded";

    /// The `iss` that tokens must carry.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.issuer.as_deref().unwrap_or(Self::EMBEDDED_ISSUER)
    }

    /// The certificates of `ca_file`; none when no file is named.
    ///
    /// # Errors
    /// In words, when the file cannot be read or holds no certificate.
    pub fn extra_roots(&self) -> Result<Vec<Certificate>, String> {
        self.ca_file.as_deref().map_or(Ok(Vec::new()), certificates)
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let jwks_url = self.jwks_url.as_deref();
        [
            Problem::unless(
                jwks_url.is_none_or(is_trustworthy_url),
                "auth.jwks_url",
                "must be an https address, or http on this machine",
            ),
            self.extra_roots()
                .err()
                .map(|reason| Problem::of("auth.ca_file", reason)),
            Problem::unless(
                !(self.embedded && jwks_url.is_some()),
                "auth.embedded",
                "must be off when auth.jwks_url names an issuer",
            ),
            Problem::unless(
                jwks_url.is_none() || self.issuer.as_deref().is_some_and(|iss| !iss.is_empty()),
                "auth.issuer",
                "must be set to the issuer's iss when auth.jwks_url is set",
            ),
            Problem::unless(
                !self.audience.is_empty(),
                "auth.audience",
                "must not be empty",
            ),
            Problem::unless(self.leeway_s <= 300, "auth.leeway_s", "must be at most 300"),
            Problem::unless(
                self.claims.all().iter().all(|name| !name.is_empty()),
                "auth.claims",
                "must not hold an empty name",
            ),
            Problem::unless(
                !self.embedded || self.claims == ClaimNames::default(),
                "auth.claims",
                "cannot be mapped in the embedded mode, whose tokens the exchange writes itself",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            jwks_url: None,
            ca_file: None,
            issuer: None,
            audience: "employment-exchange".to_owned(),
            leeway_s: 30,
            claims: ClaimNames::default(),
            embedded: false,
        }
    }
}

/// Under which names a token carries what its role needs. A name that starts with `/` is a JSON
/// pointer (RFC 6901) into the claims, such as `/realm_access/role`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    /// The role.
    pub role: String,
    /// The 12-digit region code.
    pub region: String,
    /// The unified social credit code.
    pub credit_code: String,
    /// The agency.
    pub agency: String,
    /// The person's opaque record id.
    pub worker: String,
    /// The person's resident id, from an issuer that knows no record ids; hashed on arrival.
    pub resident_id: String,
    /// The token's own id: `jti`, which some issuers call otherwise (`uti`) or leave out.
    pub token_id: String,
}

impl ClaimNames {
    fn all(&self) -> [&str; 7] {
        let Self {
            role,
            region,
            credit_code,
            agency,
            worker,
            resident_id,
            token_id,
        } = self;
        [
            role,
            region,
            credit_code,
            agency,
            worker,
            resident_id,
            token_id,
        ]
    }
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            role: "role".to_owned(),
            region: "region".to_owned(),
            credit_code: "creditCode".to_owned(),
            agency: "agency".to_owned(),
            worker: "worker".to_owned(),
            resident_id: "residentId".to_owned(),
            token_id: "jti".to_owned(),
        }
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, String> {
    let shown = file.display();
    let pem = std::fs::read(file).map_err(|error| format!("cannot be read: {shown}: {error}"))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        Ok(_) | Err(_) => Err(format!("must hold certificates in PEM: {shown}")),
    }
}

/// Who can change the published keys in transit can forge every token.
fn is_trustworthy_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    })
}
