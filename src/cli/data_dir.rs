//! The demo's directory: one demo at a time, readable by its owner only.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::CommandError;
use crate::platform::crypto::{KeyUse, Keys};

/// The directory of a demo, locked for as long as this lives.
pub(super) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the directory where it is missing and locks it.
    ///
    /// # Errors
    /// When it cannot be written, or another demo runs on it.
    pub(super) fn open(path: &Path) -> Result<Self, CommandError> {
        private_dir(path).map_err(|error| unusable(path, &error))?;
        let lock = File::create(path.join("demo.lock")).map_err(|error| unusable(path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(CommandError::refused(format!(
                "another demo runs on {}; end it or choose another directory by --data",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(unusable(path, &error)),
        }
    }

    /// The database.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join("exchange.db")
    }

    /// The signed daily heads of the journal.
    pub(super) fn anchors(&self) -> PathBuf {
        self.path.join("anchors")
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.path.join("keys.json")
    }

    /// The demo's keys, made at the first start.
    ///
    /// # Errors
    /// When they are keys of real data, or were lost while the database was not.
    pub(super) fn keys(&self) -> Result<Arc<Keys>, CommandError> {
        let file = self.key_file();
        if file.exists() {
            let keys = Keys::load(&file)?;
            return match keys.made_for() {
                KeyUse::Demo => Ok(Arc::new(keys)),
                KeyUse::Production => Err(CommandError::refused(format!(
                    "{} holds keys of real data, which a demo leaves alone; choose another \
                     directory by --data",
                    file.display()
                ))),
            };
        }
        if self.database().exists() {
            return Err(CommandError::refused(format!(
                "{} is there without {}, the keys it was sealed with; put them back, or start \
                 anew by --fresh",
                self.database().display(),
                file.display()
            )));
        }
        Ok(Arc::new(Keys::store_new(&file, KeyUse::Demo)?))
    }

    /// Deletes what an earlier demo left here, and nothing else.
    ///
    /// # Errors
    /// When it is not a demo's, or cannot be deleted.
    pub(super) fn erase(&self) -> Result<(), CommandError> {
        if self.key_file().exists() {
            self.keys()?;
        }
        let database = self.database();
        let beside = |suffix: &str| {
            let mut name = database.clone().into_os_string();
            name.push(suffix);
            PathBuf::from(name)
        };
        for file in [beside("-wal"), beside("-shm"), beside(""), self.key_file()] {
            unless_missing(fs::remove_file(&file)).map_err(|error| unusable(&file, &error))?;
        }
        let anchors = self.anchors();
        unless_missing(fs::remove_dir_all(&anchors)).map_err(|error| unusable(&anchors, &error))
    }
}

/// Makes the directories above a file that is to be made, readable by their owner only.
///
/// # Errors
/// When they cannot be made.
pub(super) fn private_parent(file: &Path) -> Result<(), CommandError> {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            private_dir(parent).map_err(|error| unusable(parent, &error))
        }
        _ => Ok(()),
    }
}

/// Makes an empty file that only its owner may read; one that is there stays as it is. SQLite
/// takes it for a new database and gives its other files the same permissions.
///
/// # Errors
/// When it cannot be made.
pub(super) fn private_file(file: &Path) -> Result<(), CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(unusable(file, &error)),
        _ => Ok(()),
    }
}

fn private_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn unless_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn unusable(path: &Path, error: &io::Error) -> CommandError {
    CommandError::refused(format!("{}: {error}", path.display()))
}
