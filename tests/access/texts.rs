//! Whatever is written into a text, no answer says that the exchange itself has failed: PostgreSQL
//! stores no U+0000 and refuses a statement with one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use employment_exchange::platform::authn::Role;
use libtest_mimic::Trial;
use serde_json::{Map, Value, json};

use super::ask;
use super::selection::Operation;
use super::world::World;
use crate::cli::privacy::arguments::{self, Builder, Leaf};
use crate::support::app::TestApp;
use crate::support::catalogue::{Catalogue, Field};
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ORIGIN};

pub fn trials() -> Vec<Trial> {
    vec![on_postgres_only(
        concat!(module_path!(), "::no_text_makes_the_exchange_fail"),
        |app| Box::pin(no_text_makes_the_exchange_fail(app)),
    )]
}

/// A text of nothing else, and one within which it is missed more easily.
const TEXTS: [&str; 2] = ["\0", "王\0伟"];

async fn no_text_makes_the_exchange_fail(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let mut records = records(&app, &world).await;
    let mut asked = Asked {
        app: &app,
        catalogue: &catalogue,
        world: &world,
        fresh: 100,
        answered: 0,
        failed: Vec::new(),
    };
    let mut roots = Vec::new();
    for (kind, of) in [
        ("query", &catalogue.query),
        ("mutation", &catalogue.mutation),
    ] {
        for root in catalogue.fields(of).expect("a root") {
            roots.push((kind, root));
        }
    }
    // A key says nothing about whether the rest is well: with one in it the change is made.
    for keys in [false, true] {
        for &(kind, root) in &roots {
            for leaf in asked.builder(root, &records).leaves() {
                if leaf.of == "String" && (leaf.name() == "idempotencyKey") == keys {
                    records.refresh(&app.url, &asked.auditor()).await;
                    asked.everybody(kind, root, &leaf, &records).await;
                }
            }
        }
    }
    assert_eq!(asked.failed, [""; 0]);
    made_up(&app, world.worker()).await;
    assert!(asked.answered > 500, "{} answers", asked.answered);
}

/// Cursors and ids hold texts of their own, which nobody but the exchange should write.
async fn made_up(app: &TestApp, worker: &str) {
    let cursor = json!({"field": "NAME", "value": "\0", "id": uuid::Uuid::nil()});
    let query = "query($after: String) {
        workers(orderBy: {field: NAME}, after: $after) { nodes { id } } }";
    let after = json!({"after": URL_SAFE_NO_PAD.encode(cursor.to_string())});
    let code = app.code(&app.officer(ORIGIN), query, after).await;
    assert_eq!(code, "BAD_USER_INPUT");
    let real = URL_SAFE_NO_PAD.decode(worker).expect("an id");
    let id = URL_SAFE_NO_PAD.encode([b"W\0", &real[1..]].concat());
    let query = "query($id: ID) { trail(filter: {recordId: $id}) { nodes { at } } }";
    let auditor = app.plain(Role::Auditor);
    let code = app.code(&auditor, query, json!({"id": id})).await;
    assert_eq!(code, "BAD_USER_INPUT");
}

/// The world's records as arguments name them, and those that it lacks.
async fn records(app: &TestApp, world: &World) -> arguments::World {
    let mut records = arguments::World::default();
    let origin = app.officer(ORIGIN);
    let query = "query($id: ID!) { worker(id: $id) { id version household { id version }
        currentEmployments { id version employer { id version } } labourFacts { id } } }";
    let seen = app
        .data(&origin, query, json!({"id": world.worker()}))
        .await;
    let worker = &seen["worker"];
    records.note("Worker", worker);
    records.note("Household", &worker["household"]);
    records.note("Employment", &worker["currentEmployments"][0]);
    records.note("Employer", &worker["currentEmployments"][0]["employer"]);
    records.note("LabourFact", &worker["labourFacts"][0]);
    records.note("Finding", &json!({"id": world.finding()}));
    records.note("Correction", &json!({"id": world.correction()}));
    let other = people::person(app, 50).await;
    let seen = app.data(&origin, query, json!({"id": other})).await;
    records.note("Household2", &seen["worker"]["household"]);
    records.ids.insert("Today".into(), "2026-11-23".into());
    let record = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
        employment { id version } userErrors { code } } }";
    for (name, started_on, more) in [
        ("Reported", "2024-01-01", json!({"form": "FLEXIBLE"})),
        (
            "Written",
            "2024-03-01",
            json!({"form": "EMPLOYED", "employerName": "河边店"}),
        ),
    ] {
        let mut input = json!({"workerId": other, "workplace": DESTINATION,
            "startedOn": started_on});
        for (field, value) in more.as_object().expect("an object") {
            input[field] = value.clone();
        }
        let token = if name == "Reported" {
            app.officer("590222101000")
        } else {
            origin.clone()
        };
        let done = app.data(&token, record, json!({"input": input})).await;
        records.note(name, &done["recordEmployment"]["employment"]);
    }
    records
}

struct Asked<'a> {
    app: &'a TestApp,
    catalogue: &'a Catalogue,
    world: &'a World,
    /// The number of somebody who is registered nowhere yet.
    fresh: u32,
    answered: usize,
    failed: Vec<String>,
}

impl Asked<'_> {
    fn auditor(&self) -> String {
        self.app.plain(Role::Auditor)
    }

    fn builder<'a>(&'a self, root: &'a Field, world: &'a arguments::World) -> Builder<'a> {
        Builder {
            catalogue: self.catalogue,
            world,
            root,
            fresh: self.fresh,
            everywhere: None,
        }
    }

    /// Each text in one place, by everybody who may ask at all.
    async fn everybody(
        &mut self,
        kind: &str,
        root: &Field,
        leaf: &Leaf,
        records: &arguments::World,
    ) {
        let samples = self.world.samples();
        for text in TEXTS {
            for (caller, token) in self.world.callers(self.app) {
                self.fresh += 1;
                let arguments = self.builder(root, records).arguments(Some(leaf), text);
                let mut operation = Operation::new(self.catalogue, &samples);
                let arguments = Value::Object(arguments);
                let (query, _) = operation.text(kind, root, &arguments, &root.of, 0);
                let variables =
                    Value::Object(std::mem::replace(&mut operation.variables, Map::new()));
                let body = ask(self.app, token.as_deref(), &query, variables).await;
                let errors = body["errors"].as_array();
                let codes: Vec<_> = errors
                    .into_iter()
                    .flatten()
                    .map(|error| error["extensions"]["code"].as_str().unwrap_or_default())
                    .collect();
                if !codes.contains(&"FORBIDDEN") && !codes.contains(&"UNAUTHENTICATED") {
                    self.answered += 1;
                }
                if codes.contains(&"INTERNAL") || codes.contains(&"") {
                    let place = leaf.path.join(".");
                    let told = format!("{} {place} by {caller}: {codes:?}", root.name);
                    self.failed.push(told);
                }
            }
        }
    }
}
