//! Encryption, look-up hashes and signatures for everything that is kept.

mod blind_index;

pub use blind_index::BlindIndex;
