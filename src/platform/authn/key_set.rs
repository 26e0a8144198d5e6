//! The published keys of an issuer, each pinned to one algorithm.
//!
//! The algorithm comes from the key, never from the token: a token that names HS256 and is signed
//! with the bytes of the public key is the oldest forgery of all.

use std::collections::HashMap;

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use crate::platform::crypto::PublicKey;

/// One key and the only algorithm it verifies.
#[derive(Clone)]
pub(super) struct VerifyingKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// Keys by `kid`.
#[derive(Clone, Default)]
pub(super) struct KeySet(HashMap<String, VerifyingKey>);

/// A JWK as far as it matters here (RFC 7517, RFC 7518, RFC 8037).
#[derive(Deserialize)]
struct PublishedKey {
    kid: String,
    kty: String,
    crv: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct PublishedSet {
    // Values, so that one key of a kind from the future does not hide the others.
    keys: Vec<Value>,
}

impl KeySet {
    /// The key of the embedded mode.
    pub(super) fn of(key: &PublicKey) -> Self {
        let verifying = VerifyingKey {
            algorithm: Algorithm::EdDSA,
            key: DecodingKey::from_ed_der(key.as_bytes()),
        };
        Self(HashMap::from([(key.id().to_owned(), verifying)]))
    }

    /// Reads a JWKS; `None` when it is none or holds no usable key. Symmetric keys, encryption
    /// keys, keys without `kid` and unsupported algorithms are left out.
    pub(super) fn parse(jwks: &[u8]) -> Option<Self> {
        let set: PublishedSet = serde_json::from_slice(jwks).ok()?;
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(usable).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key a token names; without a `kid`, the only key there is.
    pub(super) fn find(&self, kid: Option<&str>) -> Option<&VerifyingKey> {
        match kid {
            Some(kid) => self.0.get(kid),
            None if self.0.len() == 1 => self.0.values().next(),
            None => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn usable(jwk: Value) -> Option<(String, VerifyingKey)> {
    let PublishedKey {
        kid,
        kty,
        crv,
        alg,
        usage,
        x,
        y,
        n,
        e,
    } = serde_json::from_value(jwk).ok()?;
    if usage.is_some_and(|usage| usage != "sig") {
        return None;
    }
    let (algorithm, key) = match (kty.as_str(), crv.as_deref(), alg.as_deref()) {
        ("EC", Some("P-256"), None | Some("ES256")) => (
            Algorithm::ES256,
            DecodingKey::from_ec_components(&x?, &y?).ok()?,
        ),
        // RFC 9864 gave EdDSA over Ed25519 a name of its own.
        ("OKP", Some("Ed25519"), None | Some("EdDSA" | "Ed25519")) => {
            (Algorithm::EdDSA, DecodingKey::from_ed_components(&x?).ok()?)
        }
        ("RSA", None, None | Some("RS256")) => (
            Algorithm::RS256,
            DecodingKey::from_rsa_components(&n?, &e?).ok()?,
        ),
        _ => return None,
    };
    Some((kid, VerifyingKey { algorithm, key }))
}
