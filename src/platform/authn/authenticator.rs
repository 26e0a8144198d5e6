//! From the `Authorization` header to the principal, one check after the other.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation};
use serde_json::Value;

use super::claims::ClaimReader;
use super::key_set::VerifyingKey;
use super::{AuthnError, KeySource, Principal, WallClock};
use crate::platform::config::{AuthConfig, ClaimNames};
use crate::platform::crypto::BlindIndexKey;

/// A token of this exchange has some 500 bytes, one with another issuer's extras a few thousand.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// What a token must say.
#[derive(Clone, Debug)]
pub struct TokenRules {
    /// Its `iss`.
    pub issuer: String,
    /// Its `aud`, or one of several.
    pub audience: String,
    /// Seconds by which clocks may differ.
    pub leeway_s: u32,
    /// Names of its claims.
    pub claims: ClaimNames,
}

impl From<&AuthConfig> for TokenRules {
    fn from(config: &AuthConfig) -> Self {
        Self {
            issuer: config.issuer().to_owned(),
            audience: config.audience.clone(),
            leeway_s: config.leeway_s,
            claims: config.claims.clone(),
        }
    }
}

/// Proves who sends a request.
pub struct Authenticator {
    issuer: String,
    audience: String,
    keys: KeySource,
    reader: ClaimReader,
}

impl Authenticator {
    /// One that accepts tokens by `rules`, signed by a key of `keys`.
    #[must_use]
    pub fn new(rules: TokenRules, keys: KeySource, index: BlindIndexKey, wall: WallClock) -> Self {
        let TokenRules {
            issuer,
            audience,
            leeway_s,
            claims: names,
        } = rules;
        Self {
            issuer,
            audience,
            keys,
            reader: ClaimReader {
                names,
                index,
                wall,
                leeway_s,
            },
        }
    }

    /// The caller behind an `Authorization` header; `None` without one: anonymous.
    ///
    /// # Errors
    /// [`AuthnError`] for any header that is not a valid token: such a request is refused with 401
    /// and `WWW-Authenticate`, never treated as anonymous.
    pub async fn verify(
        &self,
        authorization: Option<&str>,
    ) -> Result<Option<Principal>, AuthnError> {
        match authorization {
            None => Ok(None),
            Some(header) => self.verify_token(bearer(header)?).await.map(Some),
        }
    }

    /// The holder of a bare token, as a subscription's `connection_init` carries it.
    ///
    /// # Errors
    /// [`AuthnError`] when it is not valid.
    pub async fn verify_token(&self, token: &str) -> Result<Principal, AuthnError> {
        check_length(token)?;
        let header = jsonwebtoken::decode_header(token).map_err(|_| AuthnError::Malformed)?;
        check_header(&header)?;
        let key = self.keys.find(header.kid.as_deref()).await?;
        if header.alg != key.algorithm {
            return Err(AuthnError::WrongAlgorithm);
        }
        let claims = self.signed_claims(token, &key)?;
        self.reader.principal(&claims)
    }

    /// The claims, once signature, issuer and audience fit.
    fn signed_claims(&self, token: &str, key: &VerifyingKey) -> Result<Value, AuthnError> {
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Time is checked by the injected clock.
        validation.validate_exp = false;
        jsonwebtoken::decode(token, &key.key, &validation)
            .map(|data| data.claims)
            .map_err(|error| match error.into_kind() {
                ErrorKind::InvalidSignature => AuthnError::BadSignature,
                ErrorKind::InvalidAlgorithm => AuthnError::WrongAlgorithm,
                ErrorKind::InvalidIssuer => AuthnError::WrongIssuer,
                ErrorKind::InvalidAudience => AuthnError::WrongAudience,
                ErrorKind::MissingRequiredClaim(claim) => AuthnError::MissingClaim(claim),
                _ => AuthnError::Malformed,
            })
    }
}

fn check_length(text: &str) -> Result<(), AuthnError> {
    if text.len() > MAX_HEADER_BYTES {
        return Err(AuthnError::TooLong {
            found: text.len(),
            bound: MAX_HEADER_BYTES,
        });
    }
    Ok(())
}

fn bearer(header: &str) -> Result<&str, AuthnError> {
    check_length(header)?;
    header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim_matches(' '))
        .filter(|token| !token.is_empty() && !token.contains(' '))
        .ok_or(AuthnError::NotBearer)
}

fn check_header(header: &Header) -> Result<(), AuthnError> {
    // RFC 7515 §4.1.11: what is critical and not understood must be refused; nothing is.
    if header.crit.is_some() {
        return Err(AuthnError::UnsupportedHeader("crit"));
    }
    // Anchors are signed by the same key as embedded tokens; RFC 9068 calls access tokens at+jwt.
    let accepted = header.typ.as_deref().is_none_or(|typ| {
        let typ = typ.to_ascii_lowercase();
        matches!(
            typ.strip_prefix("application/").unwrap_or(&typ),
            "jwt" | "at+jwt"
        )
    });
    if accepted {
        Ok(())
    } else {
        Err(AuthnError::UnsupportedHeader("typ"))
    }
}
