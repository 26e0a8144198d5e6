//! What a database may have run already is not edited: a change of the schema is a new file.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// `sha256sum` of every migration, as it landed.
const LANDED: &str = include_str!("../../migration/landed.sha256");

#[test]
fn a_migration_that_landed_stays_as_it_is() {
    let listed: BTreeMap<&str, &str> = LANDED
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name, digest))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migration/src");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("UTF-8").to_owned();
        if !name.starts_with('m') || !name.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read(&path).expect("readable");
        let digest: String = Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            listed.get(name.as_str()),
            Some(&digest.as_str()),
            "{name}: put a change into a new migration; list a new one in migration/landed.sha256"
        );
        files += 1;
    }
    assert_eq!(files, listed.len(), "a migration that landed is gone");
}
