//! Encryption, look-up hashes and signatures for everything that is kept.
//!
//! Personal values are stored encrypted ([`KeyRing`]) beside a keyed hash that finds them again
//! ([`BlindIndexKey`]); a copy of the database alone gives neither back. The daily head of the
//! journal and the tokens of the embedded mode are signed by one [`SigningKey`].

mod blind_index;
mod key_file;
mod key_ring;
mod signing;

use std::fmt;

pub use blind_index::{BlindIndex, BlindIndexKey};
pub use key_file::{KeyFileError, KeyUse, Keys, Prepared};
pub use key_ring::{HEAD_BYTES, KeyId, KeyRing, OpenError, Sealed};
pub use signing::{PublicKey, Purpose, SignatureError, SigningKey};

/// Which kind of value is sealed or hashed. A value sealed in one context does not open in
/// another and hashes differently there, so that columns cannot be swapped or joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Context(&'static str);

impl Context {
    /// A person's resident id, wherever it is looked up.
    pub const RESIDENT_ID: Self = Self("worker.resident_id");
    /// A person's phone number.
    pub const PHONE: Self = Self("worker.phone");
    /// A bank account, of a person or an employer.
    pub const BANK_ACCOUNT: Self = Self("bank_account");
    /// A report about somebody who is not registered, kept until it is confirmed or erased.
    pub const UNREGISTERED_REPORT: Self = Self("employment.unregistered_report");

    /// A context of its own; the name is part of what is stored and must never change.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name that is bound into the ciphertext or hash.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Random bytes of the operating system, for keys and nonces.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
