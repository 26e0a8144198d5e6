//! Ed25519 signatures as compact JWS: journal anchors and the tokens of the embedded mode.
//!
//! Both share one key, so each names its [`Purpose`] in the signed header: an anchor never passes
//! for a token.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Serialize, de::DeserializeOwned};

/// What a signature is for; the `typ` of the signed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A bearer token of the embedded mode.
    Token,
    /// The daily head of the journal.
    Anchor,
}

impl Purpose {
    /// The `typ` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "JWT",
            Self::Anchor => "exchange-anchor",
        }
    }
}

/// Why a signature proves nothing, or a key is none.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// Not a private key in PKCS#8.
    #[error("not an Ed25519 private key")]
    BadKey,
    /// Made by a key that is not known here.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// Made for something else.
    #[error("signed for another purpose")]
    WrongPurpose,
    /// The signature or its form is wrong.
    #[error("the signature does not verify")]
    Invalid(#[source] jsonwebtoken::errors::Error),
}

/// The public half of a [`SigningKey`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    id: String,
    bytes: [u8; 32],
}

impl PublicKey {
    /// The 32 bytes of RFC 8032; its id is the JWK thumbprint of RFC 7638.
    ///
    /// # Panics
    /// Never: every 32 bytes have a JWK form.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        let id = bare_jwk(&bytes)
            .thumbprint(ThumbprintHash::SHA256)
            .expect("an Ed25519 key has a thumbprint");
        Self { id, bytes }
    }

    /// The `kid` in what the key signs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The raw key.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Checks signature and purpose and reads the payload. Time claims are not looked at.
    ///
    /// # Errors
    /// [`SignatureError`] when it was not made by this key for this purpose.
    pub fn verify<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        jws: &str,
    ) -> Result<T, SignatureError> {
        let header = jsonwebtoken::decode_header(jws).map_err(SignatureError::Invalid)?;
        if header.kid.as_deref() != Some(self.id()) {
            return Err(SignatureError::UnknownKey);
        }
        if header.typ.as_deref() != Some(purpose.as_str()) {
            return Err(SignatureError::WrongPurpose);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        jsonwebtoken::decode(jws, &DecodingKey::from_ed_der(&self.bytes), &validation)
            .map(|data| data.claims)
            .map_err(SignatureError::Invalid)
    }
}

fn bare_jwk(bytes: &[u8; 32]) -> Jwk {
    Jwk::from_decoding_key(&DecodingKey::from_ed_der(bytes), Some(Algorithm::EdDSA))
        .expect("32 bytes are an Ed25519 key")
}

/// The exchange's own signing key.
#[derive(Clone)]
pub struct SigningKey {
    private: EncodingKey,
    public: PublicKey,
}

impl SigningKey {
    /// A new private key in PKCS#8.
    pub(super) fn generate_pkcs8() -> Vec<u8> {
        Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new())
            .expect("the operating system gives random bytes")
            .as_ref()
            .to_vec()
    }

    /// A new key, kept nowhere.
    ///
    /// # Panics
    /// Only when the operating system gives no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_pkcs8(&Self::generate_pkcs8()).expect("a fresh key is well-formed")
    }

    /// Reads a private key.
    ///
    /// # Errors
    /// [`SignatureError::BadKey`] when it is no Ed25519 key in PKCS#8.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, SignatureError> {
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| SignatureError::BadKey)?;
        let public =
            <[u8; 32]>::try_from(pair.public_key().as_ref()).map_err(|_| SignatureError::BadKey)?;
        Ok(Self {
            private: EncodingKey::from_ed_der(der),
            public: PublicKey::new(public),
        })
    }

    /// The half that may be given away.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs plain data as a compact JWS.
    ///
    /// # Panics
    /// Only when `payload` has no JSON form.
    pub fn sign<T: Serialize>(&self, purpose: Purpose, payload: &T) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(purpose.as_str().to_owned());
        header.kid = Some(self.public.id.clone());
        jsonwebtoken::encode(&header, payload, &self.private)
            .expect("a checked key signs plain data")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.public.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_signed_verifies_with_the_public_half_for_its_purpose_only() {
        let key = SigningKey::generate();
        let head = json!({"sequence": 7, "hash": "ab"});
        let jws = key.sign(Purpose::Anchor, &head);
        let read: Value = key.public().verify(Purpose::Anchor, &jws).unwrap();
        assert_eq!(read, head);
        assert!(matches!(
            key.public().verify::<Value>(Purpose::Token, &jws),
            Err(SignatureError::WrongPurpose)
        ));
        assert!(matches!(
            SigningKey::generate()
                .public()
                .verify::<Value>(Purpose::Anchor, &jws),
            Err(SignatureError::UnknownKey)
        ));
    }

    #[test]
    fn a_changed_payload_does_not_verify() {
        let key = SigningKey::generate();
        let of = |sequence| key.sign(Purpose::Anchor, &json!({"sequence": sequence}));
        let (seven, eight) = (of(7), of(8));
        let mut parts: Vec<&str> = seven.split('.').collect();
        parts[1] = eight.split('.').nth(1).unwrap();
        assert!(matches!(
            key.public()
                .verify::<Value>(Purpose::Anchor, &parts.join(".")),
            Err(SignatureError::Invalid(_))
        ));
    }

    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        // RFC 8037 appendix A.2 and A.3: the key and its thumbprint.
        let bytes: [u8; 32] = base64::Engine::decode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        )
        .unwrap()
        .try_into()
        .unwrap();
        let id = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(PublicKey::new(bytes).id(), id);
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_and_a_key_does_not_print() {
        assert!(matches!(
            SigningKey::from_pkcs8(b"no key"),
            Err(SignatureError::BadKey)
        ));
        let key = SigningKey::generate();
        let printed = format!("{key:?}");
        assert_eq!(
            printed,
            format!("SigningKey {{ id: {:?}, .. }}", key.public().id())
        );
    }
}
