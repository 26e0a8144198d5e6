//! Files that are there after a loss of power when somebody was told that they are.

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes the name of a file durable that was made or moved there; what is in it takes a `sync_all` of
/// its own, before. A name is an entry of its directory and lost with what the system still holds of
/// that.
pub(in crate::platform) fn keep_name(path: &Path) -> io::Result<()> {
    // Not every system can open a directory.
    if cfg!(unix) {
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_in_the_directory_that_it_stands_in_and_nowhere_else() {
        let directory = tempfile::tempdir().unwrap();
        keep_name(&directory.path().join("file")).unwrap();
        // A bare name stands in the working directory.
        keep_name(Path::new("file")).unwrap();
        if cfg!(unix) {
            keep_name(&directory.path().join("none/file")).unwrap_err();
        }
    }
}
