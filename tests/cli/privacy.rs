//! Personal values reach neither logs nor metrics nor the text of an error, whatever becomes of
//! the request that carries them.

use libtest_mimic::Trial;
use reqwest::Method;
use serde_json::{Value, json};

use super::process::{self, Place, block_on};
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::plain![marked_values_are_in_no_log_line_metric_or_error]
}

/// The number of the marked person.
const MARKED: u32 = 777;
const PHONE: &str = "13987650421";
const BANK_ACCOUNT: &str = "6222021234567890128";

/// What must not be found: the values, what the mask hides of the resident id, and one that is
/// not even well-formed.
fn marks() -> [String; 5] {
    let resident_id = people::resident_id(MARKED);
    let hidden = resident_id[6..14].to_owned() + &resident_id[14..17];
    [
        hidden,
        mistyped(),
        PHONE.to_owned(),
        BANK_ACCOUNT.to_owned(),
        resident_id,
    ]
}

/// The resident id with two digits swapped, as people mistype it.
fn mistyped() -> String {
    let right = people::resident_id(MARKED);
    format!("{}91{}", &right[..6], &right[8..])
}

fn marked_values_are_in_no_log_line_metric_or_error() {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let regions = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/capability/region/demo-province.csv"
    );
    place.done(&["import", "regions", regions]);
    let officer = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    let agency = place.done(&["token", "--role", "agency", "--agency", "SOCIAL_INSURANCE"]);
    let auditor = place.done(&["token", "--role", "auditor"]);
    place.set("EXCHANGE_TELEMETRY__LOG_FILTER", "trace");
    place.set("EXCHANGE_HTTP__METRICS_TOKEN", process::SCRAPER);
    let server = place.serve();
    let metrics = block_on(async {
        let asking = Asking {
            url: &server.url,
            officer: officer.trim(),
            agency: agency.trim(),
            auditor: auditor.trim(),
        };
        asking.everything().await;
        process::metrics(&server.url).await
    });
    assert!(metrics.contains("registerWorker"), "{metrics}");
    let log = server.stopped_log();
    assert!(log.iter().any(|line| line.contains("registerWorker")));
    for mark in marks() {
        assert!(!metrics.contains(&mark), "{mark} is in the metrics");
        let line = log.iter().find(|line| line.contains(&mark));
        assert!(line.is_none(), "{mark} is in the log: {line:?}");
    }
}

struct Asking<'a> {
    url: &'a str,
    officer: &'a str,
    agency: &'a str,
    auditor: &'a str,
}

const REGISTER: &str = "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
    worker { id residentIdMask phoneMask bankAccountMask } userErrors { field code message } } }";
const REPORT: &str = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
    status userErrors { field code message } } }";
const MONTHS: &str = "mutation($input: SubmitContributionsInput!) {
    submitContributions(input: $input) { results { outcome error { code message } } } }";
const FIND: &str = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
    finding { clause evidence } userErrors { field code message } } }";
const MATCH: &str = "mutation($input: MatchRecordsInput!) { matchRecords(input: $input) {
    matched results { workers { residentIdMask bankAccountMask } error { field code message } }
    userErrors { field code message } } }";
const WORKER: &str = "query($id: String) { worker(residentId: $id) { id residentIdMask } }";

impl Asking<'_> {
    /// Every way in for a value: taken, refused by a rule, by the engine and by the transport.
    async fn everything(&self) {
        let household = process::household(self.url, self.officer, "marked").await;
        self.rules(&household).await;
        self.audit().await;
        self.engine(&household).await;
        self.transport().await;
    }

    async fn rules(&self, household: &str) {
        let right = people::resident_id(MARKED);
        let person = |id: &str, phone: &str, account: &str| {
            json!({"input": {"idempotencyKey": right, "householdId": household, "name": "王小明",
                "residentId": id, "phone": phone, "bankAccount": account}})
        };
        let taken = self
            .ask(REGISTER, person(&right, PHONE, BANK_ACCOUNT))
            .await;
        assert_eq!(
            taken["data"]["registerWorker"]["userErrors"],
            json!([]),
            "{taken:#}"
        );
        for (id, phone, account) in [
            (right.as_str(), PHONE, BANK_ACCOUNT),
            (&mistyped(), PHONE, BANK_ACCOUNT),
            (&right, &format!("{PHONE}1"), BANK_ACCOUNT),
            (&right, PHONE, &format!("{BANK_ACCOUNT}x")),
            (PHONE, BANK_ACCOUNT, &right),
        ] {
            self.ask(REGISTER, person(id, phone, account)).await;
        }
        for id in [right.as_str(), &mistyped(), PHONE] {
            self.ask(WORKER, json!({"id": id})).await;
            let job = json!({"residentId": id, "form": "FLEXIBLE", "workplace": ORIGIN,
                "startedOn": "2026-01-01"});
            self.ask(REPORT, json!({"input": job})).await;
            let month = json!({"residentId": id, "kind": "PENSION", "entry": "NORMAL",
                "periodMonth": "2026-10", "postingMonth": "2026-10", "base": PHONE,
                "employerAmount": "0.00", "personalAmount": BANK_ACCOUNT});
            let delivery = json!({"input": {"items": [month]}});
            self.checked(self.agency, MONTHS, delivery).await;
        }
    }

    /// Lists that are compared with the records, and words that hold what they must not.
    async fn audit(&self) {
        let right = people::resident_id(MARKED);
        let values = [right.as_str(), &mistyped(), PHONE, BANK_ACCOUNT];
        for kind in ["RESIDENT_ID", "BANK_ACCOUNT", PHONE] {
            for purpose in ["核查补贴发放", &right] {
                let list = json!({"idempotencyKey": right, "purpose": purpose, "kind": kind,
                    "values": values});
                self.checked(self.auditor, MATCH, json!({"input": list}))
                    .await;
            }
        }
        for words in values {
            let finding = json!({"responsibleCounty": ORIGIN, "clause": words, "evidence": words});
            self.checked(self.auditor, FIND, json!({"input": finding}))
                .await;
        }
    }

    async fn engine(&self, household: &str) {
        let right = people::resident_id(MARKED);
        for query in [
            format!("{{ worker(residentId: \"{right}\") {{ id "),
            format!("{{ worker(residentId: \"{right}\") {{ noSuchField }} }}"),
            format!("{{ worker(residentId: {right}) {{ id }} }}"),
            format!("{{ worker(residentId: [\"{right}\"]) {{ id }} }}"),
            format!("{{ worker(id: \"{right}\") {{ id }} }}"),
            format!("{{ employer(creditCode: \"{right}\") {{ id }} }}"),
            format!("{{ region(code: \"{BANK_ACCOUNT}\") {{ id }} }}"),
            format!("{{ workers(after: \"{right}\") {{ nodes {{ id }} }} }}"),
            format!("{{ workers(filter: {{workStatus: \"{right}\"}}) {{ nodes {{ id }} }} }}"),
        ] {
            self.ask(&query, json!({})).await;
        }
        for variables in [
            json!({"id": [right]}),
            json!({"id": {"value": right}}),
            json!({"other": PHONE}),
        ] {
            self.ask(WORKER, variables).await;
        }
        let wrong = json!({"input": {"householdId": household, "name": PHONE, "residentId": right,
            "education": BANK_ACCOUNT, "notWorkingSince": right}});
        self.ask(REGISTER, wrong).await;
    }

    async fn transport(&self) {
        let right = people::resident_id(MARKED);
        let (officer, endpoint) = (self.officer, format!("{}/graphql", self.url));
        let query = format!("{{ worker(residentId: \"{right}\") {{ id }} }}");
        let variables = json!({"id": right}).to_string();
        let client = reqwest::Client::new();
        let get = |address: &str| client.request(Method::GET, address).bearer_auth(officer);
        let post = || client.post(&endpoint);
        let with = |parameters: &[(&str, &str)]| {
            let url = reqwest::Url::parse_with_params(&endpoint, parameters);
            url.expect("an address").to_string()
        };
        let json_type = ("content-type", "application/json");
        for request in [
            get(&with(&[("query", query.as_str())])),
            get(&with(&[("query", WORKER), ("variables", &variables)])),
            get(&format!("{}/{right}", self.url)),
            post().bearer_auth(&right).json(&json!({"query": query})),
            post()
                .bearer_auth(officer)
                .header(json_type.0, json_type.1)
                .body(format!("{{\"query\": \"{right}")),
            post()
                .bearer_auth(officer)
                .json(&json!({"query": query, "operationName": right})),
            post()
                .bearer_auth(officer)
                .header("x-request-id", &right)
                .header("accept-language", &right)
                .header("user-agent", PHONE)
                .json(&json!({"query": query})),
        ] {
            let answer = request.send().await.expect("an answer");
            let text = answer.text().await.expect("text");
            free_of_marks(&text);
        }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.checked(self.officer, query, variables).await
    }

    /// Posts an operation and checks the text of its answer.
    async fn checked(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = process::post(self.url, token, query, variables).await;
        let text = answer.expect("an answer").text().await.expect("text");
        free_of_marks(&text);
        serde_json::from_str(&text).expect("JSON")
    }
}

fn free_of_marks(text: &str) {
    for mark in marks() {
        assert!(!text.contains(&mark), "{mark} is in an answer: {text}");
    }
}
