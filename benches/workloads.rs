//! The workloads, each with the statement that does the same without the exchange.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bare;
use crate::database::{self, Database};
use crate::server::{Cost, Server, done, exchange};

/// Counties of the demo province, over which reads are spread.
const COUNTIES: [i64; 22] = [
    590_101, 590_102, 590_122, 590_123, 590_124, 590_125, 590_201, 590_202, 590_222, 590_223,
    590_224, 590_301, 590_302, 590_322, 590_323, 590_324, 590_401, 590_402, 590_422, 590_423,
    590_424, 590_425,
];
/// A village of the county in which people are registered.
const VILLAGE: &str = "590222101209";
/// Rows of the imported ledger.
const LEDGER: u32 = 5_000;
/// People that are looked up by resident id.
const KNOWN: u64 = 200;

const PAGE: &str =
    "query($county: RegionCode!) { workers(filter: {origin: $county}, first: 50) { nodes {
    name workStatus currentEmployments { jobTitle startedOn employer { name } }
    contributions(first: 3) { periodMonth kind base } } } }";
const LOOK_UP: &str = "query($id: String!) { worker(residentId: $id) { name workStatus } }";
const SUMMARY: &str =
    "query($county: RegionCode!) { regionSummary(region: $county) { people working } }";
const HOUSEHOLD: &str = "mutation($input: RegisterHouseholdInput!) {
    registerHousehold(input: $input) { householdId } }";
const REGISTER: &str = "mutation($input: RegisterWorkerInput!) {
    registerWorker(input: $input) { worker { id } userErrors { code } } }";
const REGISTER_MANY: &str = "mutation($input: RegisterWorkersInput!) {
    registerWorkers(input: $input) { results { userErrors { code } } } }";

/// A valid resident id for each number below 100 million, of people born in 1990 and after.
pub fn resident_id(number: u64) -> String {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (sequence, rest) = (number % 999 + 1, number / 999);
    let (day, rest) = (rest % 28 + 1, rest / 28);
    let (month, rest) = (rest % 12 + 1, rest / 12);
    let county = COUNTIES[(rest % 22) as usize];
    let year = 1960 + rest / 22 % 45;
    let body = format!("{county}{year}{month:02}{day:02}{sequence:03}");
    let sum: u64 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u64::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", b"10X98765432"[(sum % 11) as usize] as char)
}

fn county(number: u64) -> i64 {
    COUNTIES[(number % 22) as usize] * 1_000_000
}

/// Everything a workload needs.
pub struct Run<'a> {
    server: &'a Server,
    bare: Bare<'a>,
    admin: String,
    /// Of the county in which people are registered.
    officer: String,
}

impl<'a> Run<'a> {
    pub fn new(
        server: &'a Server,
        directory: &'a Path,
        database: &'a Database,
        period: Duration,
    ) -> Self {
        let token = |args: &[&str]| {
            let args = [&["token", "--ttl", "1d"], args].concat();
            let printed = done(exchange(directory, &database.url, &args));
            printed.trim().to_owned()
        };
        Self {
            server,
            bare: Bare {
                directory,
                database,
                period,
            },
            admin: token(&["--role", "ADMIN"]),
            officer: token(&["--role", "OFFICER", "--region", "590222000000"]),
        }
    }

    async fn load(&self, token: &str, query: &str, next: impl Fn(u64) -> Value) -> Cost {
        let Bare {
            database, period, ..
        } = self.bare;
        self.server.load(database, token, query, period, next).await
    }

    /// Runs every workload and hands over a row of the table for each.
    pub async fn every(&self, mut tell: impl FnMut(String)) {
        let (server, bare, officer) = (self.server, &self.bare, &self.officer);
        let by_county = |n| json!({"county": county(n).to_string()});
        let page = bare.page().await;
        let cost = self.load(&self.admin, PAGE, by_county).await;
        tell(row("page of 50 with job, employer, months", &cost, &page));
        let own = |_| json!({"county": "590222000000"});
        let cost = self.load(officer, PAGE, own).await;
        tell(row("the same, asked by the county's officer", &cost, &page));

        let household = household(server, officer).await;
        for number in 0..KNOWN {
            let person = person(&household, number);
            server.call(officer, REGISTER, person).await;
        }
        let by_id = |n: u64| json!({"id": resident_id(n % KNOWN)});
        let cost = self.load(officer, LOOK_UP, by_id).await;
        tell(row("look-up by resident id", &cost, &bare.look_up().await));

        let cost = self.load(&self.admin, SUMMARY, by_county).await;
        tell(row("region summary", &cost, &bare.summary().await));

        let new = |n: u64| person(&household, 1_000_000 + n);
        let cost = self.load(officer, REGISTER, new).await;
        tell(row("one registration", &cost, &bare.registration().await));

        let many = |n: u64| bulk(&household, 5_000_000 + n * 1_000);
        let cost = self.load(officer, REGISTER_MANY, many).await;
        tell(format!(
            "bulk of 1,000 registrations | {:.2} | {:.0} | – | – |",
            cost.per_second(),
            cost.cpu_ms()
        ));
    }

    /// How fast entries come into the journal while bulk registrations run, and how soon after the
    /// last commit they all have their place; as a sentence.
    pub async fn journal(&self) -> String {
        let connection = database::open(&self.bare.database.url).await;
        let count = || database::number(&connection, "SELECT max(id) FROM journal_entry");
        let household = household(self.server, &self.officer).await;
        let many = |n: u64| bulk(&household, 12_000_000 + n * 1_000);
        let (before, start) = (count().await, Instant::now());
        self.load(&self.officer, REGISTER_MANY, many).await;
        let rate = (count().await - before) as f64 / start.elapsed().as_secs_f64();
        let start = Instant::now();
        let waiting = "SELECT count(*) FROM journal_pending";
        while database::number(&connection, waiting).await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let lag = start.elapsed().as_millis();
        format!("journal {rate:.0} entries/s in bulk, all placed {lag} ms after the last commit")
    }
}

fn row(name: &str, cost: &Cost, bare: &Cost) -> String {
    format!(
        "{name} | {:.0} | {:.2} | {:.2} | {:.1} |",
        cost.per_second(),
        cost.cpu_ms(),
        bare.cpu_ms(),
        cost.cpu_ms() / bare.cpu_ms()
    )
}

async fn household(server: &Server, officer: &str) -> String {
    let input = json!({"input": {"village": VILLAGE, "category": "LIFTED_OUT_OF_POVERTY",
        "categorySince": "2017-11-02"}});
    let data = server.call(officer, HOUSEHOLD, input).await;
    let id = data["registerHousehold"]["householdId"].as_str();
    id.expect("a household").to_owned()
}

fn one(household: &str, number: u64) -> Value {
    json!({"householdId": household, "name": "王小明", "residentId": resident_id(number),
           "phone": "13930628917"})
}

fn person(household: &str, number: u64) -> Value {
    json!({"input": one(household, number)})
}

fn bulk(household: &str, first: u64) -> Value {
    let workers: Vec<Value> = (first..first + 1_000).map(|n| one(household, n)).collect();
    json!({"input": {"workers": workers}})
}

/// Imports a ledger by the command line; what it cost, as a sentence.
pub fn import(directory: &Path, database: &str) -> String {
    let header = "household_no,name,resident_id,origin_region_code,category,working,\
        workplace_region_code,employer_name,employer_credit_code,job_start,monthly_wage_yuan,phone";
    let rows = (0..u64::from(LEDGER)).map(|n| {
        format!(
            "b{},李明,{},{VILLAGE},脱贫户,是,590101000000,清河电子有限公司,91590101MA1PX0B87F,\
             2026-03-01,4200,13930628917",
            n / 3,
            resident_id(20_000_000 + n)
        )
    });
    let text = std::iter::once(header.to_owned())
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n");
    std::fs::write(directory.join("ledger.csv"), text).expect("writable");
    let args = [
        "import",
        "workers",
        "ledger.csv",
        "--as-region",
        "590222000000",
    ];
    let start = Instant::now();
    done(exchange(directory, database, &args));
    let per_second = f64::from(LEDGER) / start.elapsed().as_secs_f64();
    format!("ledger import {per_second:.0} rows/s")
}

/// The bare statements.
struct Bare<'a> {
    directory: &'a Path,
    database: &'a Database,
    period: Duration,
}

impl Bare<'_> {
    /// On PostgreSQL `$county` is drawn by pgbench, on SQLite by number.
    async fn run(&self, set: &str, statement: impl Fn(&str) -> String) -> Cost {
        if self.database.is_sqlite() {
            return bare::sqlite(self.database, self.period, |n| {
                vec![statement(&county(n).to_string())]
            })
            .await;
        }
        let script = format!("{set}\n{};\n", statement(":county"));
        bare::pgbench(self.directory, self.database, &script, self.period)
    }

    async fn page(&self) -> Cost {
        // One statement: the page first, its relations after the LIMIT.
        let json = if self.database.is_sqlite() {
            [
                "json_group_array(json_object('title', e.job_title, 'start', e.started_on, 'employer', f.name))",
                "json_group_array(json_object('month', c.period_month, 'kind', c.kind, 'base', c.base_fen))",
            ]
        } else {
            [
                "json_agg(json_build_object('title', e.job_title, 'start', e.started_on, 'employer', f.name))",
                "json_agg(json_build_object('month', c.period_month, 'kind', c.kind, 'base', c.base_fen))",
            ]
        };
        self.run(DRAW, |county| {
            format!(
                "SELECT w.name, w.work_status, \
             (SELECT {} FROM employment e LEFT JOIN employer f ON f.id = e.employer_id \
               WHERE e.worker_id = w.id AND e.state = 'CONFIRMED' AND e.ended_on IS NULL), \
             (SELECT {} FROM (SELECT period_month, kind, base_fen FROM contribution \
               WHERE worker_id = w.id ORDER BY period_month DESC LIMIT 3) c) \
             FROM (SELECT id, name, work_status FROM worker WHERE origin_county = {county} \
               ORDER BY id LIMIT 51) w ORDER BY w.id",
                json[0], json[1]
            )
        })
        .await
    }

    async fn look_up(&self) -> Cost {
        // The index column by a value that is not there costs the same descent.
        let key = if self.database.is_sqlite() {
            "x'00'"
        } else {
            "'\\x00'::bytea"
        };
        self.run("", |_| {
            format!("SELECT name, work_status FROM worker WHERE resident_id_index = {key}")
        })
        .await
    }

    async fn summary(&self) -> Cost {
        self.run(DRAW, |county| {
            format!(
                "SELECT work_status, work_split, able, willing, categories, count(*) FROM worker \
             WHERE origin_county = {county} \
             GROUP BY work_status, work_split, able, willing, categories"
            )
        })
        .await
    }

    /// The same rows by hand: person, residence, visibility and journal.
    async fn registration(&self) -> Cost {
        if self.database.is_sqlite() {
            return bare::sqlite(self.database, self.period, |n| {
                let mut all = vec!["BEGIN IMMEDIATE".to_owned()];
                all.extend(registration(
                    "randomblob(16)",
                    &format!("x'{n:032x}'"),
                    &format!("x'{n:064x}'"),
                ));
                all.push("COMMIT".to_owned());
                all
            })
            .await;
        }
        let statements = registration(
            "gen_random_uuid()",
            "lpad(to_hex((:n)::bigint), 32, '0')::uuid",
            "decode(lpad(to_hex((:n)::bigint), 64, '0'), 'hex')",
        );
        let script = format!(
            "\\set n random(1, 1000000000000)\nBEGIN;\n{};\nCOMMIT;\n",
            statements.join(";\n")
        );
        bare::pgbench(self.directory, self.database, &script, self.period)
    }
}

/// One county for all: pgbench draws from numbers only, and codes are no range.
const DRAW: &str = "\\set county 590222000000";

/// The rows of one registration: `uuid` is a random id, `worker` and `key` those of the person.
fn registration(uuid: &str, worker: &str, key: &str) -> Vec<String> {
    let household = "(SELECT id FROM household LIMIT 1)";
    let now = "CURRENT_TIMESTAMP";
    vec![
        format!(
            "INSERT INTO worker (id, household_id, name, resident_id_index, resident_id_sealed, \
             resident_id_mask, birth_year, phone_sealed, phone_mask, origin_village, \
             origin_township, origin_county, origin_prefecture, work_status, categories, \
             created_at, updated_at) VALUES ({worker}, {household}, 'bare', {key}, {key}, \
             '590222********0000', 1990, {key}, '139****8917', {VILLAGE}, 590222101000, \
             590222000000, 590200000000, 'UNKNOWN', 1, {now}, {now})"
        ),
        format!(
            "INSERT INTO residence_spell (id, worker_id, household_id, village_code, since, \
             recorded_at) VALUES ({uuid}, {worker}, {household}, {VILLAGE}, '2026-11-23', {now})"
        ),
        format!(
            "INSERT INTO worker_visibility (region_code, worker_id, ground) VALUES \
             ({VILLAGE}, {worker}, 'ORIGIN'), (590222101000, {worker}, 'ORIGIN'), \
             (590222000000, {worker}, 'ORIGIN'), (590200000000, {worker}, 'ORIGIN')"
        ),
        format!(
            "INSERT INTO journal_entry (commit_id, at, issuer, subject, role, action, \
             record_kind, record_id, record_version, changes, outcome, request_id) VALUES \
             ({uuid}, {now}, 'bench', 'bench', 'OFFICER', 'worker.register', 'Worker', {worker}, \
             1, '[]', 'DONE', 'bench')"
        ),
    ]
}
