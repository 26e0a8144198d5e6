//! Encryption of single values at rest, with keys that can be rotated.
//!
//! AES-256-GCM-SIV, because a nonce that repeats by accident reveals no more than that two values
//! are equal, where plain GCM would lose the key's authenticity. Stored form:
//! `version (1) | key id (4, big endian) | nonce (12) | ciphertext and tag`, bound as associated data
//! to its [`Context`] and to whom it belongs, so that one person's account, put into another's row,
//! does not open.

use std::collections::BTreeMap;
use std::fmt;

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Context, random};

const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 4;
/// Bytes that say under which key a value is sealed: the version and the key's id.
pub const HEAD_BYTES: usize = 1 + KEY_ID_BYTES;
const NONCE_BYTES: usize = 12;
const HEADER_BYTES: usize = HEAD_BYTES + NONCE_BYTES;

/// Names one key of a ring in everything that it sealed. Ids are never reused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct KeyId(pub u32);

impl KeyId {
    /// How everything begins that this key has sealed.
    #[must_use]
    pub fn head(self) -> Vec<u8> {
        [&[VERSION][..], &self.0.to_be_bytes()].concat()
    }

    /// The key behind the beginning of a sealed value; `None` when it is in no known form.
    #[must_use]
    pub fn of_head(head: &[u8]) -> Option<Self> {
        match head.split_first()? {
            (&VERSION, rest) => Some(Self(u32::from_be_bytes(*rest.first_chunk()?))),
            _ => None,
        }
    }
}

/// An encrypted value as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Wraps a stored value; whether it opens is found out by [`KeyRing::open`].
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The stored form.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The stored form, given away.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The key it was sealed with, so that a rotation finds what is still under an old one.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        KeyId::of_head(&self.0)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// Why a sealed value did not open. Says nothing about the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not in the stored form of this or an earlier version.
    #[error("not a sealed value")]
    Malformed,
    /// Its key has been taken from the ring.
    #[error("sealed with key {}, which is not in the key ring", .0.0)]
    UnknownKey(KeyId),
    /// Changed since it was sealed, or sealed in another context or for another owner.
    #[error("the sealed value fails its integrity check")]
    Tampered,
}

/// Several keys that open and one, the active key, that seals.
#[derive(Clone)]
pub struct KeyRing {
    active: KeyId,
    ciphers: BTreeMap<KeyId, Aes256GcmSiv>,
}

impl KeyRing {
    /// A ring of 256-bit keys; `None` when the active key is not among them.
    #[must_use]
    pub fn try_new(
        active: KeyId,
        keys: impl IntoIterator<Item = (KeyId, [u8; 32])>,
    ) -> Option<Self> {
        let ciphers: BTreeMap<_, _> = keys
            .into_iter()
            .map(|(id, key)| (id, Aes256GcmSiv::new(&key.into())))
            .collect();
        ciphers
            .contains_key(&active)
            .then_some(Self { active, ciphers })
    }

    /// The key that seals.
    #[must_use]
    pub const fn active(&self) -> KeyId {
        self.active
    }

    /// Whether the ring has a key.
    #[must_use]
    pub fn holds(&self, key: KeyId) -> bool {
        self.ciphers.contains_key(&key)
    }

    /// The same value under the active key, still bound to its context and owner; `None` when it is
    /// under it already.
    ///
    /// # Errors
    /// As [`KeyRing::open`]: what does not open cannot be sealed anew.
    pub fn reseal(
        &self,
        context: Context,
        owner: &[u8],
        sealed: &Sealed,
    ) -> Result<Option<Sealed>, OpenError> {
        if sealed.key_id() == Some(self.active) {
            return Ok(None);
        }
        let value = self.open(context, owner, sealed)?;
        Ok(Some(self.seal(context, owner, value.expose_secret())))
    }

    /// Encrypts under the active key, for `owner`: what names the record or person that the value
    /// belongs to. Two sealings of one value differ.
    #[must_use]
    pub fn seal(&self, context: Context, owner: &[u8], plaintext: &str) -> Sealed {
        let nonce: [u8; NONCE_BYTES] = random();
        let ciphertext = self
            .ciphers
            .get(&self.active)
            .expect("a ring holds its active key")
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: plaintext.as_bytes(),
                    aad: &bound_to(context, owner),
                },
            )
            .expect("a value in memory is far below the cipher's 64 GiB");
        let mut bytes = Vec::with_capacity(HEADER_BYTES + ciphertext.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.active.0.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&ciphertext);
        Sealed(bytes)
    }

    /// Decrypts a value that was sealed in the same context for the same owner under any key of the
    /// ring.
    ///
    /// # Errors
    /// [`OpenError`] when it is malformed, changed, of another context or owner, or its key is gone.
    pub fn open(
        &self,
        context: Context,
        owner: &[u8],
        sealed: &Sealed,
    ) -> Result<SecretString, OpenError> {
        let id = sealed.key_id().ok_or(OpenError::Malformed)?;
        let (header, ciphertext) = sealed
            .0
            .split_at_checked(HEADER_BYTES)
            .ok_or(OpenError::Malformed)?;
        let nonce: [u8; NONCE_BYTES] = *header.last_chunk().ok_or(OpenError::Malformed)?;
        let plaintext = self
            .ciphers
            .get(&id)
            .ok_or(OpenError::UnknownKey(id))?
            .decrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: ciphertext,
                    aad: &bound_to(context, owner),
                },
            )
            .map_err(|_| OpenError::Tampered)?;
        String::from_utf8(plaintext)
            .map(SecretString::from)
            .map_err(|_| OpenError::Malformed)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

/// The zero byte ends the context: no context name holds one.
fn bound_to(context: Context, owner: &[u8]) -> Vec<u8> {
    [context.as_str().as_bytes(), &[0], owner].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "11010519491231002X";
    const OWNER: &[u8] = &[7; 16];

    fn ring(active: u32, ids: &[u32]) -> KeyRing {
        let keys = ids
            .iter()
            .map(|id| (KeyId(*id), [u8::try_from(*id).unwrap(); 32]));
        KeyRing::try_new(KeyId(active), keys).unwrap()
    }

    #[test]
    fn a_rotated_ring_still_opens_what_the_old_key_sealed() {
        let old = ring(1, &[1]);
        let sealed = old.seal(Context::RESIDENT_ID, OWNER, VALUE);
        let rotated = ring(2, &[1, 2]);
        let opened = rotated.open(Context::RESIDENT_ID, OWNER, &sealed).unwrap();
        assert_eq!(opened.expose_secret(), VALUE);
        assert_eq!(sealed.key_id(), Some(KeyId(1)));

        assert_eq!(sealed.as_bytes()[..HEAD_BYTES], KeyId(1).head());
        assert_eq!(KeyId::of_head(&KeyId(1).head()), Some(KeyId(1)));

        let reseal = |sealed| rotated.reseal(Context::RESIDENT_ID, OWNER, sealed);
        let resealed = reseal(&sealed).unwrap().unwrap();
        assert_eq!(resealed.key_id(), Some(KeyId(2)));
        assert_eq!(reseal(&resealed), Ok(None));
        let opened = rotated.open(Context::RESIDENT_ID, OWNER, &resealed);
        assert_eq!(opened.unwrap().expose_secret(), VALUE);
        // Sealed anew it belongs to whom it belonged to, and nothing else can be sealed anew.
        for (context, owner) in [(Context::PHONE, OWNER), (Context::RESIDENT_ID, &[8; 16])] {
            assert!(rotated.open(context, owner, &resealed).is_err());
            let anew = rotated.reseal(context, owner, &sealed);
            assert_eq!(anew, Err(OpenError::Tampered));
        }
        assert_eq!(
            old.open(Context::RESIDENT_ID, OWNER, &resealed)
                .unwrap_err(),
            OpenError::UnknownKey(KeyId(2))
        );
    }

    #[test]
    fn every_changed_byte_another_context_and_another_owner_are_refused() {
        let ring = ring(1, &[1]);
        let sealed = ring.seal(Context::RESIDENT_ID, OWNER, VALUE);
        assert_eq!(
            ring.open(Context::PHONE, OWNER, &sealed).unwrap_err(),
            OpenError::Tampered
        );
        assert_eq!(
            ring.open(Context::RESIDENT_ID, &[8; 16], &sealed)
                .unwrap_err(),
            OpenError::Tampered
        );
        for at in 0..sealed.as_bytes().len() {
            let mut bytes = sealed.as_bytes().to_vec();
            bytes[at] ^= 1;
            assert!(
                ring.open(Context::RESIDENT_ID, OWNER, &Sealed::from_bytes(bytes))
                    .is_err(),
                "byte {at}"
            );
        }
        for length in 0..HEADER_BYTES + 16 {
            let cut = Sealed::from_bytes(sealed.as_bytes()[..length].to_vec());
            assert!(
                ring.open(Context::RESIDENT_ID, OWNER, &cut).is_err(),
                "length {length}"
            );
        }
    }

    #[test]
    fn equal_values_are_sealed_differently() {
        let ring = ring(1, &[1]);
        let once = ring.seal(Context::PHONE, OWNER, "1");
        assert!(once != ring.seal(Context::PHONE, OWNER, "1"));
    }

    #[test]
    fn a_ring_without_its_active_key_cannot_exist() {
        assert!(KeyRing::try_new(KeyId(2), [(KeyId(1), [0; 32])]).is_none());
    }

    #[test]
    fn neither_keys_nor_ciphertext_print() {
        let ring = ring(1, &[1, 2]);
        assert_eq!(
            format!("{ring:?} {:?}", ring.seal(Context::PHONE, OWNER, "1")),
            "KeyRing { active: KeyId(1), .. } Sealed(..)"
        );
    }
}
