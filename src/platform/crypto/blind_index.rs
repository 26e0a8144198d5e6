//! Keyed hashes that find a value which is stored encrypted.
//!
//! A plain hash of a resident id is undone by trying the few billion possible ids; with a key that
//! is not in the database it is not.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Context;
use crate::kernel::text;

/// The keyed hash of one normalised personal value in one context, fit for an indexed column.
///
/// It is not the value, but it follows a person through every table, so it does not print.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlindIndex([u8; 32]);

impl BlindIndex {
    /// Wraps a stored hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The stored form.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl BlindIndex {
    /// The hash as 64 hexadecimal digits, for columns and names of text.
    #[must_use]
    pub fn to_hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
            text
        })
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex(..)")
    }
}

/// The secret behind every [`BlindIndex`]. It cannot be rotated without hashing every row anew.
#[derive(Clone)]
pub struct BlindIndexKey(Hmac<Sha256>);

impl BlindIndexKey {
    /// Uses 32 secret bytes.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// HMAC-SHA256 over the context and the value.
    ///
    /// White space, full-width forms and letter case do not matter, so that a value typed twice is
    /// found. A 15-digit resident id must be brought to 18 by the caller: only its type knows how.
    #[must_use]
    pub fn index(&self, context: Context, value: &str) -> BlindIndex {
        let normal = text::compact(value).to_ascii_uppercase();
        self.index_exactly(context, normal.as_bytes())
    }

    /// HMAC-SHA256 over the context and the bytes as they are: where every difference counts.
    #[must_use]
    pub fn index_exactly(&self, context: Context, value: &[u8]) -> BlindIndex {
        let mut mac = self.0.clone();
        // The zero byte ends the context: no context name holds one.
        mac.update(context.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(value);
        BlindIndex(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for BlindIndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndexKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_is_found_however_it_was_typed() {
        let key = BlindIndexKey::new(&[7; 32]);
        let index = |value| key.index(Context::RESIDENT_ID, value);
        let reference = index("11010519491231002X");
        for typed in [
            "11010519491231002x",
            " 110105 19491231 002X\t",
            "１１０１０５１９４９１２３１００２ｘ",
        ] {
            assert_eq!(index(typed), reference, "{typed}");
        }
        assert_ne!(index("110105194912310021"), reference);
    }

    #[test]
    fn contexts_and_keys_do_not_share_hashes() {
        let key = BlindIndexKey::new(&[7; 32]);
        let other = BlindIndexKey::new(&[8; 32]);
        let value = "13800000000";
        let reference = key.index(Context::PHONE, value);
        assert_ne!(key.index(Context::BANK_ACCOUNT, value), reference);
        assert_ne!(other.index(Context::PHONE, value), reference);
        assert_ne!(
            key.index(Context::new("a"), "bc"),
            key.index(Context::new("ab"), "c")
        );
    }

    /// The stored hashes outlive every version of this code.
    #[test]
    fn the_stored_form_is_hmac_sha256_of_context_zero_value() {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        mac.update(b"worker.phone\x0013800000000");
        let expected: [u8; 32] = mac.finalize().into_bytes().into();
        let found = BlindIndexKey::new(&[7; 32]).index(Context::PHONE, "13800000000");
        assert_eq!(found.as_bytes(), &expected);
    }

    #[test]
    fn neither_hash_nor_key_prints() {
        let key = BlindIndexKey::new(&[7; 32]);
        let index = key.index(Context::PHONE, "1");
        assert_eq!(
            format!("{key:?} {index:?}"),
            "BlindIndexKey(..) BlindIndex(..)"
        );
    }
}
