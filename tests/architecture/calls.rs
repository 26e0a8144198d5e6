//! Calls that compile and are wrong where they stand.

use std::path::Path;

use super::{none, sources};

#[test]
fn mutations_show_what_they_load() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    let mut seen = 0;
    for source in sources() {
        let text = std::fs::read_to_string(root.join(&source.path)).expect("readable");
        let changes = ["mutate(ctx", "mutate_unkept(ctx"];
        if !changes.iter().any(|call| text.contains(call)) {
            continue;
        }
        seen += 1;
        // Loaded without an entry; `show` and `show_one` leave one.
        if [".load::<", ".loader::<"]
            .iter()
            .any(|call| text.contains(call))
        {
            broken.push(source.path.display().to_string());
        }
    }
    assert!(seen >= 8, "the walk has found hardly any mutation: {seen}");
    none(&broken);
}

#[test]
fn lists_of_keys_are_one_parameter() {
    /// Statements about a closed set of names, which does not grow.
    const CLOSED: [&str; 1] = ["capability/insurance/repo/reported.rs"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let broken: Vec<_> = sources()
        .iter()
        .filter(|source| {
            source
                .module
                .first()
                .is_some_and(|first| first == "capability")
        })
        .map(|source| source.path.display().to_string())
        .filter(|path| !CLOSED.contains(&path.as_str()))
        .filter(|path| {
            let text = std::fs::read_to_string(root.join(path)).expect("readable");
            text.contains(".is_in(") || text.contains(".is_not_in(")
        })
        .collect();
    none(&broken);
}
