//! The file that holds every secret of an installation, and the keys read from it.
//!
//! One JSON file, readable by its owner only, kept apart from the database and its backups. A
//! rotation adds a key with a new id under `ring` and names it in `activeKey`, and the old one stays,
//! for what it sealed, until it is retired; of a signing key that is replaced the public half moves to
//! `formerPublicKeys`, so that old anchors verify.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    BlindIndexKey, KeyId, KeyRing, PublicKey, Purpose, SignatureError, SigningKey, random,
};
use crate::platform::durable;

/// What a key file was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyUse {
    /// Made by `exchange demo`; `exchange serve` refuses it.
    Demo,
    /// Real data.
    Production,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file is missing, unreadable, or already there when it should be made.
    #[error("key file {path}: {source}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is not a key file; its content is not repeated here.
    #[error("key file {path}: {reason}", path = .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which part is wrong.
        reason: String,
    },
}

/// The keys of an installation.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Encrypts personal values.
    pub ring: KeyRing,
    /// Finds them again.
    pub index: BlindIndexKey,
    /// Signs anchors, and tokens in the embedded mode.
    pub signing: SigningKey,
    former: Vec<PublicKey>,
    made_for: KeyUse,
}

/// What became of a wish for a further encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The key that the next rotation makes the one that seals.
    pub next: KeyId,
    /// The one that seals until then.
    pub active: KeyId,
    /// Whether it was added now.
    pub is_new: bool,
}

/// The file's content. No `Debug`: it is all secrets.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyMaterial {
    made_for: KeyUse,
    active_key: KeyId,
    ring: BTreeMap<KeyId, String>,
    index: String,
    signing: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former_public_keys: Vec<String>,
}

impl KeyMaterial {
    fn generate(made_for: KeyUse) -> Self {
        let first = KeyId(1);
        Self {
            made_for,
            active_key: first,
            ring: BTreeMap::from([(first, STANDARD.encode(random::<32>()))]),
            index: STANDARD.encode(random::<32>()),
            signing: STANDARD.encode(SigningKey::generate_pkcs8()),
            former_public_keys: Vec::new(),
        }
    }

    /// The key that was added last, unless it seals already: then a new one.
    fn next_key(&mut self) -> Result<KeyId, String> {
        let last = self.ring.keys().next_back().copied();
        let last = last.ok_or("ring holds no key")?;
        if last > self.active_key {
            return Ok(last);
        }
        let next = last.0.checked_add(1).map(KeyId);
        let next = next.ok_or("ring has no number left")?;
        self.ring.insert(next, STANDARD.encode(random::<32>()));
        Ok(next)
    }

    fn into_keys(self) -> Result<Keys, String> {
        let Self {
            made_for,
            active_key,
            ring,
            index,
            signing,
            former_public_keys,
        } = self;
        let ring = ring
            .into_iter()
            .map(|(id, key)| Ok((id, bytes_32("ring", &key)?)))
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Keys {
            ring: KeyRing::try_new(active_key, ring)
                .ok_or("activeKey names no key under ring".to_owned())?,
            index: BlindIndexKey::new(&bytes_32("index", &index)?),
            signing: signing_key(&signing)?,
            former: former_public_keys
                .iter()
                .map(|key| bytes_32("formerPublicKeys", key).map(PublicKey::new))
                .collect::<Result<_, _>>()?,
            made_for,
        })
    }
}

fn signing_key(text: &str) -> Result<SigningKey, String> {
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| "signing is not base64".to_owned())?;
    SigningKey::from_pkcs8(&bytes).map_err(|error| format!("signing: {error}"))
}

fn bytes_32(field: &str, text: &str) -> Result<[u8; 32], String> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| format!("{field} is not 32 bytes in base64"))
}

impl Keys {
    /// New keys that are kept nowhere: what they seal is lost with them.
    ///
    /// # Panics
    /// Only when the operating system gives no random bytes.
    #[must_use]
    pub fn generate(made_for: KeyUse) -> Self {
        KeyMaterial::generate(made_for)
            .into_keys()
            .expect("fresh material is well-formed")
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`] when it cannot be read or is no key file.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let text = fs::read_to_string(path).map_err(|source| io_error(path, source))?;
        read(path, &text)?
            .into_keys()
            .map_err(|reason| malformed(path, reason))
    }

    /// Makes a key file with new keys, readable by its owner only.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when it cannot be written, above all when it already exists: writing
    /// over a key file would lose everything sealed with it.
    pub fn store_new(path: &Path, made_for: KeyUse) -> Result<Self, KeyFileError> {
        let material = KeyMaterial::generate(made_for);
        let text =
            serde_json::to_string_pretty(&material).expect("key material has a JSON form") + "\n";
        write_private(path, &text).map_err(|source| io_error(path, source))?;
        Ok(material.into_keys().expect("fresh material is well-formed"))
    }

    /// Adds an encryption key to a key file, to be handed to every server before it is used. A key
    /// that was added before and is not used yet stands for it.
    ///
    /// # Errors
    /// As [`Keys::rotate`].
    pub fn prepare(path: &Path) -> Result<Prepared, KeyFileError> {
        rewrite(path, |material| {
            let before = material.ring.len();
            let next = material.next_key()?;
            Ok(Prepared {
                next,
                active: material.active_key,
                is_new: material.ring.len() > before,
            })
        })
    }

    /// Makes the key that was added last the one that seals, and adds one where there is none that
    /// was not used yet. All others stay, for what they sealed.
    ///
    /// # Errors
    /// [`KeyFileError`] when the file cannot be read or written; then it is as it was.
    pub fn rotate(path: &Path) -> Result<KeyId, KeyFileError> {
        rewrite(path, |material| {
            material.active_key = material.next_key()?;
            Ok(material.active_key)
        })
    }

    /// Takes an encryption key out of a key file. Whether anything is sealed under it is the caller's
    /// to find out before: afterwards nothing opens it.
    ///
    /// # Errors
    /// As [`Keys::rotate`]; also for a key that is not there, the one that seals, and one that was
    /// added behind it, whose id would be given to another key.
    pub fn retire(path: &Path, key: KeyId) -> Result<(), KeyFileError> {
        rewrite(path, |material| {
            if key == material.active_key {
                return Err(format!("key {} is the one that seals", key.0));
            }
            if key > material.active_key {
                return Err(format!("key {} is not used yet", key.0));
            }
            match material.ring.remove(&key) {
                Some(_) => Ok(()),
                None => Err(format!("ring holds no key {}", key.0)),
            }
        })
    }

    /// Replaces the signing key and keeps the public half of the old one, for what it signed.
    ///
    /// # Errors
    /// As [`Keys::rotate`].
    pub fn rotate_signing(path: &Path) -> Result<(), KeyFileError> {
        rewrite(path, |material| {
            let former = signing_key(&material.signing)?;
            let former = STANDARD.encode(former.public().as_bytes());
            material.former_public_keys.push(former);
            material.signing = STANDARD.encode(SigningKey::generate_pkcs8());
            Ok(())
        })
    }

    /// What the file was made for.
    #[must_use]
    pub const fn made_for(&self) -> KeyUse {
        self.made_for
    }

    /// Checks a signature of the present signing key or a former one.
    ///
    /// # Errors
    /// [`SignatureError`] when none of them made it for this purpose.
    pub fn verify<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        jws: &str,
    ) -> Result<T, SignatureError> {
        self.former
            .iter()
            .map(|key| key.verify(purpose, jws))
            .find(|result| !matches!(result, Err(SignatureError::UnknownKey)))
            .unwrap_or_else(|| self.signing.public().verify(purpose, jws))
    }
}

fn read(path: &Path, text: &str) -> Result<KeyMaterial, KeyFileError> {
    serde_json::from_str(text).map_err(|e| {
        // serde's own text may repeat a part of the file.
        malformed(path, format!("not a key file (line {})", e.line()))
    })
}

/// Replaces a key file by a changed one, as a whole or not at all: whatever goes wrong, the keys that
/// were there are there.
fn rewrite<T>(
    path: &Path,
    change: impl FnOnce(&mut KeyMaterial) -> Result<T, String>,
) -> Result<T, KeyFileError> {
    let failed = |source| io_error(path, source);
    // A link would be replaced by the file that it leads to.
    let path = &path.canonicalize().map_err(failed)?;
    let mut beside = path.clone().into_os_string();
    beside.push(".next");
    let beside = PathBuf::from(beside);
    // Made first, it also keeps a second rotation out.
    write_private(&beside, "").map_err(|source| io_error(&beside, source))?;
    let done = rewrite_by(path, &beside, change);
    if done.is_err() {
        // The first error says more than one about the remnant.
        let _left = fs::remove_file(&beside);
    }
    done
}

fn rewrite_by<T>(
    path: &Path,
    beside: &Path,
    change: impl FnOnce(&mut KeyMaterial) -> Result<T, String>,
) -> Result<T, KeyFileError> {
    let failed = |source| io_error(path, source);
    let text = fs::read_to_string(path).map_err(failed)?;
    let mut material = read(path, &text)?;
    let answer = change(&mut material).map_err(|reason| malformed(path, reason))?;
    let next = serde_json::to_string_pretty(&material).expect("key material has a JSON form");
    material
        .into_keys()
        .map_err(|reason| malformed(path, reason))?;
    fs::write(beside, next + "\n").map_err(failed)?;
    OpenOptions::new()
        .write(true)
        .open(beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| same_owner(path, beside))
        .and_then(|()| fs::rename(beside, path))
        .and_then(|()| durable::keep_name(path))
        .map_err(failed)?;
    Ok(answer)
}

/// Whoever could read the file can read the one that takes its place.
#[cfg(unix)]
fn same_owner(path: &Path, beside: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let (was, is) = (fs::metadata(path)?, fs::metadata(beside)?);
    if (was.uid(), was.gid()) == (is.uid(), is.gid()) {
        return Ok(());
    }
    chown(beside, Some(was.uid()), Some(was.gid()))
}

#[cfg(not(unix))]
fn same_owner(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    durable::keep_name(path)
}

fn io_error(path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io {
        path: path.to_owned(),
        source,
    }
}

fn malformed(path: &Path, reason: String) -> KeyFileError {
    KeyFileError::Malformed {
        path: path.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests;
