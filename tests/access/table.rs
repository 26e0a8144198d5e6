//! The golden table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;

use super::selection::{Errors, Noted, Operation};
use super::world::World;
use super::{Outcome, ask};
use crate::support::app::TestApp;
use crate::support::catalogue::{Catalogue, Field};

pub fn trials() -> Vec<Trial> {
    crate::trials![every_role_gets_of_every_field_what_the_golden_table_says]
}

const LEGEND: &str = "\
# Who gets what of every field: tests/access. Written by UPDATE_GOLDEN=1; every change is a change
# of somebody's rights.
#
# ADM administrator  AUD auditor  PRV PRF CTY TWN VIL officers of the origin, province to village
# DST officer of the county of work  ELS officer of a county that has nothing to do with the person
# SOC MED TAX CIV MKT AGR TRN agencies  EMP the employer  HLP the paired helper
# WRK the person  ANO nobody: no token
#
# ✔ a value  0 an empty list  ∅ null  ✘ FORBIDDEN  ! UNAUTHENTICATED  ? NOT_FOUND
# · no record with this field was shown
# a letter: the use case ran and refused, for the reason at the end of the line
";

/// Mutations that change nothing of the world even when they succeed: they hand something out and
/// leave an entry in the trail.
const HARMLESS: [&str; 1] = ["takeRequeryList"];

/// Steps around what a root field answers.
const DEPTH: u32 = 2;

type Row = Vec<Outcome>;

async fn every_role_gets_of_every_field_what_the_golden_table_says(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let samples = world.samples();
    every_sample_is_of_a_field(&catalogue, &samples);
    let callers = world.callers(&app);
    let (mut roots, mut fields) = (BTreeMap::new(), BTreeMap::<String, Row>::new());
    for (place, (_, token)) in callers.iter().enumerate() {
        let caller = Asking {
            app: &app,
            catalogue: &catalogue,
            samples: &samples,
            token: token.as_deref(),
        };
        let mut noted = Noted::new();
        let mut selected = BTreeSet::new();
        for root in catalogue.fields(&catalogue.query).expect("a root") {
            let outcome = caller.query(root, &mut noted, &mut selected).await;
            push(&mut roots, &format!("Query.{}", root.name), outcome);
        }
        for root in catalogue.fields(&catalogue.mutation).expect("a root") {
            for name in caller.samples_of(root) {
                let outcome = caller.mutation(root, &name).await;
                push(&mut roots, &name, outcome);
            }
        }
        every_field_was_asked_for(&catalogue, &selected);
        for name in selected {
            let row = fields.entry(name.clone()).or_default();
            assert_eq!(row.len(), place, "{name}");
            row.push(noted.remove(&name).unwrap_or_default());
        }
    }
    let names: Vec<_> = callers.iter().map(|(name, _)| *name).collect();
    compare(&written(&names, &roots, &fields));
}

fn push(rows: &mut BTreeMap<String, Row>, name: &str, outcome: Outcome) {
    rows.entry(name.to_owned()).or_default().push(outcome);
}

/// One caller's questions.
struct Asking<'a> {
    app: &'a TestApp,
    catalogue: &'a Catalogue,
    samples: &'a BTreeMap<String, Value>,
    token: Option<&'a str>,
}

impl Asking<'_> {
    /// Asks a root field of the query for everything [`DEPTH`] steps around what it answers.
    async fn query(
        &self,
        root: &Field,
        noted: &mut Noted,
        selected: &mut BTreeSet<String>,
    ) -> Outcome {
        let possible = self.catalogue.possible(&root.of);
        let own = [root.of.clone()];
        let mut outcome = Outcome::Unseen;
        for of in if possible.is_empty() { &own } else { possible } {
            let name = format!("Query.{}", root.name);
            let arguments = self
                .samples
                .get(&format!("{name}:{of}"))
                .or_else(|| self.samples.get(&name))
                .unwrap_or_else(|| panic!("no sample arguments for {name}"));
            let mut operation = Operation::new(self.catalogue, self.samples);
            let (text, selection) = operation.text("query", root, arguments, of, DEPTH);
            let variables = Value::Object(operation.variables);
            let body = ask(self.app, self.token, &text, variables).await;
            outcome = outcome.max(Outcome::of_root(&body, &root.name));
            if let Some(selection) = selection {
                selected.extend(selection.names());
                let path = format!("/{}", root.name);
                let value = &body["data"][&root.name];
                selection.note(value, &path, &Errors::of(&body), noted);
            }
        }
        outcome
    }

    /// The samples of a mutation: one, or several where a right depends on what is given.
    fn samples_of(&self, root: &Field) -> Vec<String> {
        let name = format!("Mutation.{}", root.name);
        let of = |sample: &&String| sample.split(':').next() == Some(&name);
        let found: Vec<_> = self.samples.keys().filter(of).cloned().collect();
        assert!(!found.is_empty(), "no sample arguments for {name}");
        found
    }

    /// Asks for a change that nothing comes of.
    async fn mutation(&self, root: &Field, name: &str) -> Outcome {
        let arguments = &self.samples[name];
        let of = &root.arguments[0].of;
        let query = format!(
            "mutation($input: {of}) {{ {}(input: $input) {{ userErrors {{ code }} }} }}",
            root.name
        );
        let body = ask(self.app, self.token, &query, arguments.clone()).await;
        let outcome = Outcome::of_root(&body, &root.name);
        let harmless = outcome != Outcome::Value || HARMLESS.contains(&root.name.as_str());
        assert!(harmless, "{name}: the sample must be refused: {body:#}");
        outcome
    }
}

/// A sample for a field that was renamed or removed proves nothing.
fn every_sample_is_of_a_field(catalogue: &Catalogue, samples: &BTreeMap<String, Value>) {
    for name in samples.keys() {
        let (of, field) = name.split_once('.').expect("type and field");
        let field = field.split(':').next().expect("a first part");
        let fields = catalogue.fields(of).unwrap_or_default();
        assert!(fields.iter().any(|f| f.name == field), "{name} is no field");
    }
}

/// Every field of every object type behind the query root is in the table.
fn every_field_was_asked_for(catalogue: &Catalogue, selected: &BTreeSet<String>) {
    let missing: Vec<_> = catalogue
        .reachable(&catalogue.query)
        .into_iter()
        .filter(|of| catalogue.possible(of).is_empty() && !of.ends_with("Edge"))
        .flat_map(|of| {
            let fields = catalogue.fields(of).unwrap_or_default();
            fields
                .iter()
                .map(move |field| format!("{of}.{}", field.name))
        })
        .filter(|name| !selected.contains(name))
        .collect();
    assert!(missing.is_empty(), "no selection comes to {missing:?}");
}

fn written(
    callers: &[&str],
    roots: &BTreeMap<String, Row>,
    fields: &BTreeMap<String, Row>,
) -> String {
    let names = roots.keys().chain(fields.keys());
    let width = names.map(String::len).max().expect("a field");
    let mut text = LEGEND.to_owned();
    for rows in [roots, fields] {
        write!(text, "\n{:width$}  {}\n", "", callers.join(" ")).expect("memory");
        for (name, row) in rows {
            let (mut cells, mut reasons) = (String::new(), Vec::new());
            for outcome in row {
                let cell = symbol(outcome, &mut reasons);
                write!(cells, " {cell}  ").expect("memory");
            }
            let letters = ('a'..='z').zip(&reasons);
            let notes: Vec<_> = letters
                .map(|(letter, code)| format!("{letter} {code}"))
                .collect();
            let line = format!("{name:width$}  {cells} {}", notes.join(", "));
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn symbol(outcome: &Outcome, reasons: &mut Vec<String>) -> char {
    let code = match outcome {
        Outcome::Unseen => return '·',
        Outcome::Null => return '∅',
        Outcome::Empty => return '0',
        Outcome::Value => return '✔',
        Outcome::Error(code) => match code.as_str() {
            "FORBIDDEN" => return '✘',
            "UNAUTHENTICATED" => return '!',
            "NOT_FOUND" => return '?',
            // Arguments that the engine or a bound refuses prove nothing about rights.
            "BAD_USER_INPUT" => "BAD_USER_INPUT".to_owned(),
            other => panic!("{other} is no answer to a question about rights"),
        },
        Outcome::Refused(code) => code.clone(),
    };
    let place = reasons.iter().position(|known| *known == code);
    let place = place.unwrap_or_else(|| {
        reasons.push(code);
        reasons.len() - 1
    });
    ('a'..='z').nth(place).expect("fewer reasons than letters")
}

/// Compares with the committed table, naming the lines that differ.
fn compare(table: &str) {
    let file = golden();
    if std::env::var("UPDATE_GOLDEN").is_ok_and(|update| update == "1") {
        std::fs::write(&file, table).expect("the table is written");
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    let (was, is): (BTreeSet<_>, BTreeSet<_>) = (stored.lines().collect(), table.lines().collect());
    let gone = was.difference(&is).map(|line| format!("- {line}"));
    let new = is.difference(&was).map(|line| format!("+ {line}"));
    let changed: Vec<_> = gone.chain(new).collect();
    assert!(
        stored == table,
        "{} says otherwise (UPDATE_GOLDEN=1 writes it anew):\n{}",
        file.display(),
        changed.join("\n")
    );
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/access.txt")
}
