//! Ledgers, and what an import that nobody disturbs makes of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::process::Place;
use crate::support::people::{self, ORIGIN, VILLAGE};
use crate::support::whole::Behind;

/// Rows of a ledger: several units of work.
pub const ROWS: u32 = 1_000;
/// Rows in one unit of work of an import.
pub const BATCH: u32 = 500;
/// The report of the last import.
pub const REPORT: &str = "report.csv";
const EMPLOYERS: [&str; 3] = [
    "91590101MA9K2T3HXH",
    "92590102MA5P0A2E32",
    "91590101MA90000700",
];

/// What an undisturbed import of one ledger leaves behind.
pub struct Reference {
    pub state: Vec<String>,
    pub report: String,
    pub took: Duration,
}

/// The `number`-th ledger: other people than in any other one, some rows with a note, some refused.
pub fn ledger(number: u32) -> String {
    let mut text = "姓名,身份证号码,户籍地行政区划代码,户编号,人口类别,认定日期,联系电话,劳动能力,\
                    就业意愿,是否务工,务工地行政区划代码,务工单位,统一社会信用代码,务工开始时间,月工资\n"
        .to_owned();
    for row in 0..ROWS {
        let person = people::resident_id(number * ROWS + row);
        // A household has three members.
        let household = format!("{number:04}{:012}", row / 3);
        // Notes make the report long, so that it is written out as the import goes on.
        let phone = if row % 11 == 0 { "13930628917" } else { "123" };
        let (village, name) = match row % 97 {
            0 => ("590222999999", format!("王{number}甲{row}")),
            _ => (VILLAGE, format!("王{number}甲{row}")),
        };
        let code = EMPLOYERS[row as usize % EMPLOYERS.len()];
        let job = match row % 4 {
            0 => "否,,,,,".to_owned(),
            1 => "是,590101000000,,,2025-3-1,".to_owned(),
            _ => format!("是,590101000000,清河厂{code},{code},2025年3月1日,4200"),
        };
        writeln!(
            text,
            "{name},{person},{village},{household},脱贫户,2017-11-2,{phone},是,是,{job}"
        )
        .expect("memory");
    }
    text
}

/// Writes a ledger; the command that imports it.
pub fn import_of(place: &Place, number: u32) -> Vec<String> {
    let file = format!("ledger-{number}.csv");
    std::fs::write(place.path(&file), ledger(number)).expect("written");
    let args = ["import", "workers", &file, "--as-region", ORIGIN];
    let more = ["--now", "2026-11-23", "--report", REPORT];
    args.iter()
        .chain(&more)
        .map(|arg| (*arg).to_owned())
        .collect()
}

pub fn report(place: &Place) -> String {
    std::fs::read_to_string(place.path(REPORT)).expect("a report")
}

/// What an undisturbed import of a ledger leaves behind; made once for both engines, on SQLite.
pub fn reference(number: u32) -> Arc<Reference> {
    static KNOWN: Mutex<BTreeMap<u32, Arc<Reference>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().expect("nobody panics in here");
    Arc::clone(
        known
            .entry(number)
            .or_insert_with(|| Arc::new(undisturbed(number))),
    )
}

fn undisturbed(number: u32) -> Reference {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let manifest = env!("CARGO_MANIFEST_DIR");
    let regions = format!("{manifest}/src/capability/region/demo-province.csv");
    place.done(&["import", "regions", &regions]);
    let import = import_of(&place, number);
    let import: Vec<&str> = import.iter().map(String::as_str).collect();
    let begun = Instant::now();
    place.done(&import);
    let took = begun.elapsed();
    let url = format!("sqlite://{}", place.path("data/exchange.db").display());
    // The caller may be on a runtime of its own.
    let state = std::thread::spawn(move || super::super::process::block_on(state(&url, number)));
    Reference {
        state: state.join().expect("the state is read"),
        report: report(&place),
        took,
    }
}

/// What is compared of a person and of the household.
const PERSON: [&str; 14] = [
    "w.name",
    "w.resident_id_mask",
    "w.birth_year",
    "w.phone_mask",
    "w.education",
    "w.origin_village",
    "w.origin_county",
    "w.work_status",
    "w.work_status_since",
    "w.work_county",
    "w.work_split",
    "w.categories",
    "w.version",
    "h.household_no",
];

/// What is compared of a job.
const EMPLOYMENT: [&str; 14] = [
    "w.name",
    "e.form",
    "m.credit_code",
    "m.name",
    "m.status",
    "e.employer_name",
    "e.workplace_code",
    "e.started_on",
    "e.monthly_wage_fen",
    "e.state",
    "e.ended_on",
    "e.confirmed_by",
    "e.last_confirmed_on",
    "e.version",
];

/// All that the database says of the people of a ledger, without ids and instants, in lines that
/// both engines write alike.
pub async fn state(url: &str, ledger: u32) -> Vec<String> {
    let people = format!("w.name LIKE '王{ledger}甲%'");
    let yes = |column: &str| {
        format!("CASE WHEN {column} THEN 'y' WHEN NOT {column} THEN 'n' ELSE '-' END")
    };
    let text = |column: &str| format!("COALESCE(CAST({column} AS TEXT), '-')");
    let line = |kind: &str, columns: &[String], joins: &str| {
        let columns = columns.join(" || '|' || ");
        format!("SELECT '{kind}|' || {columns} FROM worker w {joins} WHERE {people}")
    };
    let texts = |columns: &[&str]| columns.iter().map(|c| text(c)).collect::<Vec<_>>();
    let mut person = texts(&PERSON);
    person.extend([yes("w.able"), yes("w.willing")]);
    let entered = |kind: &str, id: &str, joins: &str| {
        let columns = ["w.name", "j.record_version", "j.changes"];
        let joins = format!("{joins} JOIN journal_entry j ON j.record_id = {id}");
        line(kind, &texts(&columns), &joins)
    };
    let home = "JOIN household h ON h.id = w.household_id";
    let job = "JOIN employment e ON e.worker_id = w.id";
    let mut fact = texts(&["w.name", "f.kind", "f.since", "f.source"]);
    fact.push(yes("f.value"));
    let employment = texts(&EMPLOYMENT);
    let category = texts(&["w.name", "c.category", "c.since", "c.until", "c.source"]);
    let behind = Behind::open(url).await;
    let mut lines = Vec::new();
    for sql in [
        line("person", &person, home),
        line(
            "lives",
            &texts(&["w.name", "r.village_code", "r.since", "r.until"]),
            "JOIN residence_spell r ON r.worker_id = w.id",
        ),
        line(
            "seen",
            &texts(&["w.name", "v.ground", "v.region_code", "v.until"]),
            "JOIN worker_visibility v ON v.worker_id = w.id",
        ),
        line("fact", &fact, "JOIN labour_fact f ON f.worker_id = w.id"),
        line(
            "job",
            &employment,
            &format!("{job} LEFT JOIN employer m ON m.id = e.employer_id"),
        ),
        line(
            "category",
            &category,
            "JOIN household_category c ON c.household_id = w.household_id",
        ),
        entered("person entered", "w.id", ""),
        entered("home entered", "h.id", home),
        entered("job entered", "e.id", job),
    ] {
        lines.extend(behind.texts(&sql).await);
    }
    behind.close().await;
    lines.sort_unstable();
    lines
}
