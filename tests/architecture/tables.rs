//! Who may name whose tables. A table has one owner. A statement elsewhere that names it is listed
//! here by file, table and reason, so that whoever changes a table finds its readers, and nobody
//! adds another without saying why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{none, sources};

/// The owner of each table: a capability, or a part of the platform.
const OWNERS: &[(&str, &[&str])] = &[
    ("audit", &["finding", "finding_step"]),
    ("db", &["idempotency"]),
    (
        "employer",
        &["employer", "employer_accreditation", "employer_status"],
    ),
    (
        "employment",
        &["contract_renewal", "employment", "job_report"],
    ),
    (
        "insurance",
        &[
            "contribution",
            "insurance_fact",
            "insurance_position",
            "requery",
            "set_aside_contribution",
            "set_aside_insurance_fact",
        ],
    ),
    (
        "journal",
        &[
            "journal_anchor",
            "journal_entry",
            "journal_head",
            "journal_link",
            "journal_pending",
        ],
    ),
    ("overview", &["registry_figure", "registry_figure_change"]),
    ("queue", &["job", "schedule"]),
    ("region", &["region"]),
    ("submission", &["submission"]),
    (
        "worker",
        &[
            "correction",
            "disclosure_quota",
            "helper_assignment",
            "household",
            "household_category",
            "labour_fact",
            "residence_spell",
            "worker",
            "worker_visibility",
        ],
    ),
];

/// Statements that name a table of another part, with why they are no call of its `public`.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    (
        "platform/db/scope.rs",
        &[
            "employer",
            "employment",
            "helper_assignment",
            "worker",
            "worker_visibility",
        ],
        "how far a caller sees is one join for every capability",
    ),
    (
        "platform/db/province.rs",
        &["region"],
        "which province a database holds is asked before any capability runs",
    ),
    (
        "platform/db/fit.rs",
        &["job_report", "worker"],
        "whether the keys are those of a database is tried on what is sealed in it",
    ),
    (
        "platform/db/sealed.rs",
        &["correction", "job_report", "worker"],
        "what is sealed is sealed anew wherever it stands, whatever it says",
    ),
    (
        "capability/trail/repo/mod.rs",
        &["journal_entry"],
        "the trail is a reader of the journal",
    ),
    (
        "capability/trail/repo/indexed.rs",
        &["journal_entry", "journal_link"],
        "an entry is shown with its place in the chain",
    ),
    (
        "capability/trail/repo/chain.rs",
        &["journal_entry", "journal_link", "journal_pending"],
        "the trail is read along the chain, what waits for its place first",
    ),
    (
        "capability/overview/repo/records.rs",
        &["worker"],
        "figures group the registry's rows in one statement",
    ),
    (
        "capability/overview/repo/examine.rs",
        &["worker"],
        "the roll-up of figures is compared with the registry's rows in one statement",
    ),
    (
        "capability/worker/repo/page.rs",
        &["employment"],
        "a filter of the page; employment leans on the registry",
    ),
    (
        "capability/worker/repo/jobs.rs",
        &["employment"],
        "a person's status follows from jobs; employment leans on the registry",
    ),
    (
        "capability/worker/repo/insured.rs",
        &["insurance_position"],
        "a filter of the page; insurance leans on the registry",
    ),
    (
        "capability/employer/repo/employers.rs",
        &["employment"],
        "employers seen by their jobs; employment leans on the employers",
    ),
    (
        "capability/insurance/repo/reported.rs",
        &["employer", "employment"],
        "months that confirm a reported job are found in one statement",
    ),
];

/// Generated people are rows of every table, written in bulk before anybody may sign in.
const GENERATOR: &str = "synthetic";

#[test]
fn a_table_is_named_by_its_owner_or_by_a_listed_statement() {
    let owner: BTreeMap<&str, &str> = OWNERS
        .iter()
        .flat_map(|(owner, tables)| tables.iter().map(move |table| (*table, *owner)))
        .collect();
    let mut listed: BTreeSet<(String, String)> = ELSEWHERE
        .iter()
        .flat_map(|(file, tables, _)| {
            let pair = |table: &&str| ((*file).to_owned(), (*table).to_owned());
            tables.iter().map(pair).collect::<Vec<_>>()
        })
        .collect();
    let mut broken = Vec::new();
    let mut named = BTreeSet::new();
    for source in sources() {
        let path = source.path.display().to_string();
        let part = source.module.get(1).map_or("", String::as_str);
        for table in &source.tables {
            named.insert(table.clone());
            match owner.get(table.as_str()) {
                None => broken.push(format!("{path}: {table} has no owner in the list")),
                Some(owner) if part == *owner || part == GENERATOR => {}
                Some(owner) => {
                    if !listed.remove(&(path.clone(), table.clone())) {
                        broken.push(format!("{path}: names {table}, a table of {owner}"));
                    }
                }
            }
        }
    }
    for (file, table) in listed {
        broken.push(format!("{file}: listed, and does not name {table}"));
    }
    for table in owner.keys().filter(|table| !named.contains(**table)) {
        broken.push(format!("{table}: no statement names it"));
    }
    none(&broken);
}

#[test]
fn every_table_has_an_owner() {
    let entities = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
    let found: BTreeSet<String> = std::fs::read_dir(entities)
        .expect("the entities are readable")
        .map(|entry| entry.expect("an entry").path())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| name != "lib")
        .collect();
    let owned: BTreeSet<String> = OWNERS
        .iter()
        .flat_map(|(_, tables)| tables.iter().map(|table| (*table).to_owned()))
        .collect();
    assert_eq!(found, owned);
}
