//! A server that is killed while a thousand mutations are on their way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rand::Rng as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::super::process::{self, CLIENT, Place, Running};
use super::{assert_intact, installation, moments, rounds};
use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN, VILLAGE};
use crate::support::whole::{Behind, assert_whole};

/// Mutations of a round, each with a key of its own.
const MUTATIONS: u32 = 1_000;
/// Files that the process of the tests, and a server beside its callers, may have open besides.
const OTHER_FILES: u32 = 300;
/// People of a round who are there before and get jobs.
const STAFF: u32 = 20;
/// Numbers of people in a round: one mutation in two registers somebody.
const PEOPLE: u32 = STAFF + MUTATIONS / 2;

const REGISTER: &str = "mutation($input: RegisterWorkerInput!) {
    done: registerWorker(input: $input) { record: worker { id } userErrors { code } } }";
const JOB: &str = "mutation($input: RecordEmploymentInput!) {
    done: recordEmployment(input: $input) { record: employment { id } userErrors { code } } }";
const HOUSEHOLD: &str = "mutation($input: RegisterHouseholdInput!) {
    done: registerHousehold(input: $input) { record: householdId userErrors { code } } }";

/// What the mutations of a round are about.
struct Round {
    number: u32,
    household: String,
    staff: Vec<String>,
}

/// Where mutations go.
#[derive(Clone)]
struct Server {
    url: String,
    token: String,
}

/// Ids by the number of the mutation that made them.
type Answers = BTreeMap<u32, String>;

pub async fn what_was_answered_survives_a_kill(app: TestApp) {
    let (mut place, url) = installation(app).await;
    // All are sent at once: the last one is answered when the others are, on a machine that is busy.
    place.set("EXCHANGE_DATABASE__ACQUIRE_TIMEOUT_S", "60");
    place.set("EXCHANGE_HTTP__REQUEST_TIMEOUT_S", "240");
    place.set("EXCHANGE_HTTP__SHUTDOWN_GRACE_S", "240");
    // Somebody is there already, as in any county.
    place.done(&["generate", "--workers", "40"]);
    let mut moments = moments(1);
    for number in 0..rounds() {
        let running = place.serve();
        let server = server(&place, &running);
        let round = begin(&server, number).await;
        let moment = moments.random_range(1..MUTATIONS as usize);
        let when = format!("round {number}, killed after {moment} answers");
        let answered = until_killed(running, &server, &round, moment).await;
        assert!(answered.len() >= moment, "{when}: {}", answered.len());

        let running = place.serve();
        let server = self::server(&place, &running);
        assert_intact(&place, &when);
        assert_whole(&url, &when).await;
        everything_is_there(&server, &answered).await;
        let again = once_more(running, &server, &round).await;
        for (mutation, id) in &answered {
            assert_eq!(again.get(mutation), Some(id), "{when}: {mutation}");
        }
        nothing_is_there_twice(&url, number, &when).await;
        assert_whole(&url, &when).await;
        assert_intact(&place, &when);
    }
}

fn server(place: &Place, running: &Running) -> Server {
    let token = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    Server {
        url: running.url.clone(),
        token: token.trim().to_owned(),
    }
}

/// The `place`-th person of a round.
fn resident_id(round: u32, place: u32) -> String {
    people::resident_id(round * PEOPLE + place)
}

async fn begin(server: &Server, number: u32) -> Round {
    let Server { url, token } = server;
    let household = process::household(url, token, &format!("kill-{number}")).await;
    let person = |place| {
        json!({"householdId": household, "name": format!("王小{place}"),
            "residentId": resident_id(number, place)})
    };
    let query = "mutation($input: RegisterWorkersInput!) { registerWorkers(input: $input) {
        results { worker { id } } } }";
    let people: Vec<_> = (0..STAFF).map(person).collect();
    let made = process::data(url, token, query, json!({"input": {"workers": people}})).await;
    let results = made["registerWorkers"]["results"].as_array();
    let id = |result: &Value| result["worker"]["id"].as_str().map(str::to_owned);
    let staff = results.and_then(|results| results.iter().map(id).collect());
    Round {
        number,
        household,
        staff: staff.unwrap_or_else(|| panic!("somebody was refused: {made:#}")),
    }
}

impl Round {
    /// The `mutation`-th request.
    fn request(&self, mutation: u32) -> Value {
        let name = format!("{}-{mutation}", self.number);
        let (query, mut input) = match mutation % 4 {
            0 => (
                HOUSEHOLD,
                json!({"village": VILLAGE, "number": format!("made-{name}"),
                    "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}),
            ),
            1 => {
                // A second job of one person on one day would be the first one told again.
                let nth = (mutation / 4) as usize;
                let (day, of) = (1 + nth / self.staff.len(), nth % self.staff.len());
                let of = &self.staff[of];
                (
                    JOB,
                    json!({"workerId": of, "form": "FLEXIBLE", "workplace": ORIGIN,
                        "jobTitle": format!("made-{name}"), "startedOn": format!("2026-01-{day:02}")}),
                )
            }
            _ => (
                REGISTER,
                json!({"householdId": self.household, "name": format!("王{mutation}"),
                    "residentId": resident_id(self.number, STAFF + mutation / 4 * 2 + mutation % 2)}),
            ),
        };
        input["idempotencyKey"] = json!(format!("key-{name}"));
        json!({"query": query, "variables": {"input": input}})
    }
}

impl Server {
    /// The id that a mutation answers; an error when no whole answer came. Of a thousand at once some
    /// wait for longer than a server waits for the first words on a connection, or for a connection to
    /// the database: they are told to come again, and do under the same key.
    async fn ask(&self, request: &Value) -> reqwest::Result<String> {
        let Self { url, token } = self;
        loop {
            let post = CLIENT.post(format!("{url}/graphql")).bearer_auth(token);
            let answer = post.json(request).send().await?;
            if answer.status() == reqwest::StatusCode::REQUEST_TIMEOUT {
                continue;
            }
            let body: Value = answer.json().await?;
            if body["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
                continue;
            }
            let record = &body["data"]["done"]["record"];
            let id = record.as_str().or_else(|| record["id"].as_str());
            let id = id.unwrap_or_else(|| panic!("refused: {body:#}\n{request}"));
            return Ok(id.to_owned());
        }
    }
}

/// How many mutations are under way at once: all of them, where a process may hold so many connections.
fn at_once() -> u32 {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|limits| limits.split_whitespace().next())
        .map_or(Some(OTHER_FILES + 100), |soft| soft.parse().ok());
    // Without a number there is no limit.
    files.map_or(MUTATIONS, |files| {
        files.saturating_sub(OTHER_FILES).clamp(32, MUTATIONS)
    })
}

/// Sends all mutations of a round, [`at_once`] together, and hands each outcome to `each` until
/// it says to stop.
async fn send(
    server: &Server,
    round: &Round,
    mut each: impl FnMut(u32, reqwest::Result<String>) -> bool,
) {
    let requests: Arc<Vec<_>> = Arc::new((0..MUTATIONS).map(|n| round.request(n)).collect());
    let next = Arc::new(AtomicU32::new(0));
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    let mut sides = JoinSet::new();
    for _ in 0..at_once() {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        let (server, sender) = (server.clone(), sender.clone());
        sides.spawn(async move {
            loop {
                let mutation = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(mutation as usize) else {
                    return;
                };
                let answer = server.ask(request).await;
                let over = answer.is_err();
                if sender.send((mutation, answer)).is_err() || over {
                    return;
                }
            }
        });
    }
    drop(sender);
    while let Some((mutation, answer)) = received.recv().await {
        if !each(mutation, answer) {
            break;
        }
    }
    drop(received);
    while let Some(side) = sides.join_next().await {
        side.expect("a side of the round does not panic");
    }
}

/// Kills the server at the `moment`-th answer, with the next mutations under way; what was
/// answered, to the last answer that came through.
async fn until_killed(running: Running, server: &Server, round: &Round, moment: usize) -> Answers {
    let mut answered = Answers::new();
    let mut running = Some(running);
    send(server, round, |mutation, answer| {
        match (answer, &mut running) {
            (Ok(id), _) => {
                answered.insert(mutation, id);
            }
            (Err(error), Some(running)) => panic!("{error:?}: {}", running.last_words()),
            (Err(_), None) => {}
        }
        if answered.len() == moment
            && let Some(running) = running.take()
        {
            running.kill();
        }
        true
    })
    .await;
    answered
}

/// Every mutation of the round under its key again, all of which must be answered.
async fn once_more(mut running: Running, server: &Server, round: &Round) -> Answers {
    let mut answered = Answers::new();
    send(server, round, |mutation, answer| {
        let id = answer.unwrap_or_else(|error| panic!("{error:?}: {}", running.last_words()));
        answered.insert(mutation, id);
        true
    })
    .await;
    assert_eq!(answered.len(), MUTATIONS as usize);
    assert_eq!(running.stop(), Some(0));
    answered
}

/// Whoever and whatever was answered is there.
async fn everything_is_there(server: &Server, answered: &Answers) {
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids: Vec<_> = answered.iter().collect();
    for some in ids.chunks(100) {
        let asked: Vec<_> = some.iter().map(|(_, id)| id).collect();
        let seen = process::data(&server.url, &server.token, query, json!({"ids": asked})).await;
        for ((mutation, id), node) in some.iter().zip(seen["nodes"].as_array().expect("a list")) {
            assert_eq!(node["id"], json!(id), "mutation {mutation}");
        }
    }
}

async fn nothing_is_there_twice(url: &str, round: u32, when: &str) {
    let (jobs, people) = (i64::from(MUTATIONS / 4), i64::from(PEOPLE));
    let of_round = format!("LIKE 'made-{round}-%'");
    let home = format!("(SELECT id FROM household WHERE household_no = 'kill-{round}')");
    let behind = Behind::open(url).await;
    for (count, sql) in [
        (
            jobs,
            format!("SELECT count(*) FROM household WHERE household_no {of_round}"),
        ),
        (
            jobs,
            format!("SELECT count(*) FROM employment WHERE job_title {of_round}"),
        ),
        (
            jobs,
            format!("SELECT count(DISTINCT job_title) FROM employment WHERE job_title {of_round}"),
        ),
        (
            people,
            format!("SELECT count(*) FROM worker WHERE household_id IN {home}"),
        ),
        (
            i64::from((round + 1) * MUTATIONS),
            "SELECT count(*) FROM idempotency".to_owned(),
        ),
    ] {
        assert_eq!(behind.number(&sql).await, count, "{when}: {sql}");
    }
    behind.close().await;
}
