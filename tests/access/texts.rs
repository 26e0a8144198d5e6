//! What may be written into a text: whatever it is, no answer says that the exchange itself has failed
//! (PostgreSQL stores no U+0000 and refuses a statement with one), and words of a caller's own, which
//! are shown to others and kept for good, name nobody's number.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use employment_exchange::platform::authn::Role;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ask;
use super::selection::Operation;
use super::world::World;
use crate::cli::privacy::arguments::{self, Builder, Leaf};
use crate::support::app::TestApp;
use crate::support::catalogue::{Catalogue, Field};
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ORIGIN};

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![on_postgres_only(
        concat!(module_path!(), "::no_text_makes_the_exchange_fail"),
        |app| Box::pin(no_text_makes_the_exchange_fail(app)),
    )];
    trials.extend(crate::trials![no_words_of_a_callers_own_name_a_number]);
    trials
}

/// A text of nothing else, and one within which it is missed more easily.
const NULS: [&str; 2] = ["\0", "王\0伟"];

async fn no_text_makes_the_exchange_fail(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let mut records = records(&app, &world).await;
    let mut asking = Asking::new(&app, &catalogue, &world);
    let (mut answered, mut failed) = (0, Vec::new());
    // A key says nothing about whether the rest is well: with one in it the change is made.
    for keys in [false, true] {
        for (kind, root) in asking.roots() {
            for leaf in asking.builder(root, &records).leaves() {
                if leaf.of != "String" || (leaf.name() == "idempotencyKey") != keys {
                    continue;
                }
                asking.refresh(&mut records, root).await;
                for told in asking.everybody((kind, root), &leaf, &NULS, &records).await {
                    answered += 1;
                    let code = |code| told.codes.iter().any(|known| known == code);
                    if code("INTERNAL") || code("") {
                        failed.push(told.what);
                    }
                }
            }
        }
    }
    assert_eq!(failed, [""; 0]);
    assert!(answered > 500, "{answered} answers");
    made_up(&app, world.worker()).await;
}

/// Words of a caller's own.
const WORDS: [&str; 12] = [
    "answer",
    "clause",
    "employerName",
    "evidence",
    "jobTitle",
    "name",
    "originAddress",
    "purpose",
    "reason",
    "remark",
    "skills",
    "source",
];
/// Texts that are a value of some kind: a new one belongs here or there.
const VALUES: [&str; 22] = [
    "bankAccount",
    "base",
    "correctsPostingMonth",
    "creditCode",
    "employerAmount",
    "employerCreditCode",
    "helperSubject",
    "hostCreditCode",
    "householdNumber",
    "idempotencyKey",
    "legalRepresentativeResidentId",
    "newNumber",
    "number",
    "payerCreditCode",
    "payerName",
    "periodMonth",
    "personalAmount",
    "phone",
    "postingMonth",
    "reference",
    "residentId",
    "values",
];
const NUMBER: &str = "原号 590101199001011234 录错";

async fn no_words_of_a_callers_own_name_a_number(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let mut records = records(&app, &world).await;
    let mut asking = Asking::new(&app, &catalogue, &world);
    let (mut places, mut wrong) = (0, Vec::new());
    for (kind, root) in asking.roots() {
        for leaf in asking.builder(root, &records).leaves() {
            if kind == "query" || leaf.of != "String" || VALUES.contains(&leaf.name()) {
                continue;
            }
            let place = format!("{} {}", root.name, leaf.path.join("."));
            assert!(WORDS.contains(&leaf.name()), "which is it? {place}");
            places += 1;
            asking.refresh(&mut records, root).await;
            let answers = asking.everybody((kind, root), &leaf, &[NUMBER], &records);
            let answers = answers.await;
            let refused = |told: &Told| {
                let codes = ["BAD_PURPOSE", "BAD_NAME", "PERSONAL_NUMBER"];
                told.codes.iter().any(|code| codes.contains(&code.as_str()))
            };
            if !answers.iter().any(refused) {
                let others: HashSet<_> = answers.iter().flat_map(|told| &told.codes).collect();
                wrong.push(format!("{place}: {others:?}"));
            }
            // People speak for themselves, whatever they say who does.
            let kept = |told: &&Told| told.codes.is_empty() && told.caller != "WRK";
            wrong.extend(answers.iter().filter(kept).map(|told| told.what.clone()));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(places >= 20, "{places} places");
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
pub(super) async fn records(app: &TestApp, world: &World) -> arguments::World {
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
    let record = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
        finding { id version } userErrors { code } } }";
    let found = json!({"subjectId": world.worker(), "clause": "第三条", "evidence": "无凭证"});
    let auditor = app.plain(Role::Auditor);
    let found = app.data(&auditor, record, json!({"input": found})).await;
    records.note("Open", &found["recordFinding"]["finding"]);
    for (name, id) in [
        ("Correction", world.correction()),
        ("NameCorrection", world.name_correction()),
    ] {
        records.note(name, &json!({"id": id, "version": 1}));
    }
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

pub(super) struct Asking<'a> {
    pub(super) app: &'a TestApp,
    pub(super) catalogue: &'a Catalogue,
    pub(super) world: &'a World,
    /// The number of somebody who is registered nowhere yet.
    pub(super) fresh: u32,
}

/// What somebody was told who may ask.
struct Told {
    caller: &'static str,
    what: String,
    /// Every code in the answer.
    codes: Vec<String>,
}

impl<'a> Asking<'a> {
    pub(super) const fn new(app: &'a TestApp, catalogue: &'a Catalogue, world: &'a World) -> Self {
        Self {
            app,
            catalogue,
            world,
            fresh: 100,
        }
    }

    /// Every root field, with the kind of its operation.
    pub(super) fn roots(&self) -> Vec<(&'static str, &'a Field)> {
        let catalogue = self.catalogue;
        let mut roots = Vec::new();
        for (kind, of) in [
            ("query", &catalogue.query),
            ("mutation", &catalogue.mutation),
        ] {
            for root in catalogue.fields(of).expect("a root") {
                roots.push((kind, root));
            }
        }
        roots
    }

    /// The records as they are now, with a finding of which it is this root field's turn.
    async fn refresh(&self, records: &mut arguments::World, root: &Field) {
        let finding = match root.name.as_str() {
            "closeFinding" => self.world.answered(),
            "reopenFinding" => self.world.closed(),
            _ => records.id("Open"),
        };
        let finding = finding.into();
        records.ids.insert("Finding".into(), finding);
        let auditor = self.app.plain(Role::Auditor);
        records.refresh(&self.app.url, &auditor).await;
    }

    pub(super) fn builder<'b>(
        &'b self,
        root: &'b Field,
        world: &'b arguments::World,
    ) -> Builder<'b> {
        Builder {
            catalogue: self.catalogue,
            world,
            root,
            fresh: self.fresh,
            everywhere: None,
        }
    }

    /// What everybody is told who may ask at all, with each text in one place.
    async fn everybody(
        &mut self,
        (kind, root): (&str, &Field),
        leaf: &Leaf,
        texts: &[&str],
        records: &arguments::World,
    ) -> Vec<Told> {
        let samples = self.world.samples();
        let mut told = Vec::new();
        for text in texts {
            for (caller, token) in self.world.callers(self.app) {
                self.fresh += 1;
                let arguments = self.builder(root, records).arguments(Some(leaf), text);
                let mut operation = Operation::new(self.catalogue, &samples);
                let arguments = Value::Object(arguments);
                // Items of a list have codes of their own.
                let depth = if leaf.path.len() > 2 { 2 } else { 1 };
                let (query, _) = operation.text(kind, root, &arguments, &root.of, depth);
                let variables = Value::Object(std::mem::take(&mut operation.variables));
                let body = ask(self.app, token.as_deref(), &query, variables).await;
                let mut codes = Vec::new();
                codes_in(&body, &mut codes);
                let may = |code: &String| code != "FORBIDDEN" && code != "UNAUTHENTICATED";
                if codes.iter().all(may) {
                    let place = leaf.path.join(".");
                    let what = format!("{} {place} {text:?} by {caller}: {codes:?}", root.name);
                    told.push(Told {
                        caller,
                        what,
                        codes,
                    });
                }
            }
        }
        told
    }
}

/// The codes of all errors of an answer, wherever they stand; an empty one for an error without.
fn codes_in(value: &Value, codes: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| codes_in(item, codes)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    // Divisions have codes as well, of digits.
                    ("code", Value::String(code)) if !code.starts_with(char::is_numeric) => {
                        codes.push(code.clone());
                    }
                    ("errors", Value::Array(errors)) => {
                        let bare = |error: &&Value| error["extensions"]["code"].is_null();
                        codes.extend(errors.iter().filter(bare).map(|_| String::new()));
                        codes_in(value, codes);
                    }
                    _ => codes_in(value, codes),
                }
            }
        }
        _ => {}
    }
}
