//! The committed schema.

use libtest_mimic::Trial;

use super::process::Place;

pub fn trials() -> Vec<Trial> {
    crate::plain![the_committed_schema_is_the_one_that_is_served]
}

fn the_committed_schema_is_the_one_that_is_served() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let printed = Place::new().done(&["schema"]);
    if std::env::var("UPDATE_SCHEMA").is_ok_and(|update| update == "1") {
        std::fs::write(committed, &printed).expect("schema.graphql is written");
    }
    let stored = std::fs::read_to_string(committed).unwrap_or_default();
    assert!(
        stored == printed,
        "schema.graphql is stale: cargo run -- schema > schema.graphql"
    );
}
