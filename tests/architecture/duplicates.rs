//! Several versions of one crate are what `deny.toml` says they are. cargo-deny would tell the same, but
//! takes longer to build than the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::Deserialize;

/// What the test reads of `deny.toml`.
#[derive(Deserialize)]
struct Deny {
    graph: Graph,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Bans {
    multiple_versions: String,
    skip: Vec<Skip>,
}

/// An older version that others still need.
#[derive(Deserialize)]
struct Skip {
    #[serde(rename = "crate")]
    spec: String,
    reason: String,
}

impl Skip {
    /// Whether it is about this version: `0.10` is about `0.10.7` and not about `0.1.0`.
    fn is_of(&self, name: &str, version: &str) -> bool {
        let Some((of, beginning)) = self.spec.split_once('@') else {
            return false;
        };
        let rest = version.strip_prefix(beginning);
        of == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// Every version of each crate that has more than one in what is built for these targets.
fn built(targets: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut built: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for target in targets {
        let tree = Command::new(env!("CARGO"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args([
                "tree",
                "--workspace",
                "--locked",
                "--offline",
                "--duplicates",
            ])
            .args(["--depth", "0", "--prefix", "none", "--format", "{p}"])
            .args(["--target", target])
            .output()
            .expect("cargo runs");
        let told = String::from_utf8_lossy(&tree.stderr);
        assert!(tree.status.success(), "{told}");
        for line in String::from_utf8_lossy(&tree.stdout).lines() {
            let mut words = line.split_whitespace();
            if let (Some(name), Some(version)) = (words.next(), words.next()) {
                let versions = built.entry(name.to_owned()).or_default();
                versions.insert(version.trim_start_matches('v').to_owned());
            }
        }
    }
    // One version that is built twice, with other features, is told as well.
    built.retain(|_, versions| versions.len() > 1);
    built
}

/// Numbers of a version, so that 0.10 comes behind 0.9.
fn numbers(version: &str) -> Vec<u64> {
    let numbers = version.split(['.', '+', '-']);
    numbers.map_while(|part| part.parse().ok()).collect()
}

#[test]
fn an_older_version_of_a_crate_is_built_for_a_reason_that_stands() {
    let text = include_str!("../../deny.toml");
    let deny: Deny = Figment::from(Toml::string(text))
        .extract()
        .expect("deny.toml");
    assert_eq!(deny.bans.multiple_versions, "deny");
    let built = built(&deny.graph.targets);
    assert!(!built.is_empty(), "cargo tells of none");
    let mut without_reason = Vec::new();
    let mut used = BTreeSet::new();
    for (name, versions) in &built {
        let newest = versions.iter().max_by_key(|version| numbers(version));
        for version in versions.iter().filter(|version| Some(*version) != newest) {
            let skip = deny.bans.skip.iter().find(|skip| skip.is_of(name, version));
            match skip.filter(|skip| !skip.reason.is_empty()) {
                Some(skip) => drop(used.insert(&skip.spec)),
                None => without_reason.push(format!("{name}@{version}")),
            }
        }
    }
    assert_eq!(
        without_reason, [""; 0],
        "do without them, or say in deny.toml who needs them"
    );
    let listed: BTreeSet<_> = deny.bans.skip.iter().map(|skip| &skip.spec).collect();
    let idle: Vec<_> = listed.difference(&used).collect();
    assert!(idle.is_empty(), "no reason any more: {idle:?}");
}
