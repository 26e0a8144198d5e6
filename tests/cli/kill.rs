//! A process that dies in the middle of its work.
//!
//! A few rounds in the suite; many with `EXCHANGE_KILL_ROUNDS=200 cargo test --test exchange kill`.

use std::collections::BTreeMap;

use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::process::{self, Place, Running, block_on};
use crate::support::people;

/// Requests under way at once.
const AT_ONCE: u32 = 8;
/// Requests of each of them in a round.
const EACH: u32 = 8;
/// The first person's number; the rounds' people follow.
const FIRST: u32 = 1_000;
/// The most rounds: people of working age run out after them.
const MOST_ROUNDS: u32 = 200;

pub fn trials() -> Vec<Trial> {
    crate::plain![what_was_answered_survives_a_kill]
}

fn rounds() -> u32 {
    let wanted = std::env::var("EXCHANGE_KILL_ROUNDS").ok();
    let rounds = wanted.map_or(2, |text| text.parse().expect("a number of rounds"));
    assert!(rounds <= MOST_ROUNDS, "at most {MOST_ROUNDS} rounds");
    rounds
}

fn what_was_answered_survives_a_kill() {
    let place = Place::new();
    let mut demo = place.demo(&["--workers", "20"]);
    let household = block_on(process::household(&demo.url, demo.origin(), "kill"));
    for round in 0..rounds() {
        // Each round dies at another moment.
        let answers = 5 + (round as usize * 17) % 50;
        let answered = block_on(register_until_killed(demo, &household, round, answers));
        assert!(answered.len() >= answers, "{}", answered.len());
        assert_eq!(half_written(&place), Some(0), "round {round}");
        demo = place.demo(&[]);
        block_on(the_rest_goes_in_and_the_answered_is_there(
            &demo, &household, round, &answered,
        ));
    }
    assert_eq!(demo.stop(), Some(0));
    let verdict = place.done(&["trail", "verify"]);
    assert!(verdict.starts_with("intact: "), "{verdict}");
}

/// Registered people without what is written in the same transaction: residence, visibility,
/// journal. The demo's own people come in bulk and are left out.
fn half_written(place: &Place) -> Option<i64> {
    let whole = "SELECT count(*) FROM worker
        WHERE household_id IN (SELECT id FROM household WHERE household_no = 'kill') AND NOT (
        id IN (SELECT worker_id FROM residence_spell)
        AND id IN (SELECT worker_id FROM worker_visibility WHERE ground = 'ORIGIN')
        AND id IN (SELECT record_id FROM journal_entry WHERE record_kind = 'Worker'))";
    process::meddle(&place.path("data/exchange.db"), &[whole])
}

/// Registers people from several sides and kills the process while requests are under way; the
/// ids of those whose registration was answered, by number.
async fn register_until_killed(
    demo: Running,
    household: &str,
    round: u32,
    answers: usize,
) -> BTreeMap<u32, String> {
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    for side in 0..AT_ONCE {
        let (url, token) = (demo.url.clone(), demo.origin().to_owned());
        let (household, sender) = (household.to_owned(), sender.clone());
        tokio::spawn(async move {
            let mine = (0..EACH).map(|turn| number(round, turn * AT_ONCE + side));
            for number in mine {
                match register(&url, &token, &household, number).await {
                    Some(person) => sender.send((number, person)).expect("the test listens"),
                    None => return,
                }
            }
        });
    }
    drop(sender);
    let mut answered = BTreeMap::new();
    let mut demo = Some(demo);
    while let Some((number, person)) = received.recv().await {
        answered.insert(number, person);
        if answered.len() == answers {
            demo.take().expect("killed once").kill();
        }
    }
    answered
}

const fn number(round: u32, place: u32) -> u32 {
    FIRST + round * AT_ONCE * EACH + place
}

/// Every request of the round once more, with its key: what was answered is answered the same, and
/// what was not is done now.
async fn the_rest_goes_in_and_the_answered_is_there(
    demo: &Running,
    household: &str,
    round: u32,
    answered: &BTreeMap<u32, String>,
) {
    let numbers = (0..AT_ONCE * EACH).map(|place| number(round, place));
    let again = numbers.map(async |number| {
        let person = register(&demo.url, demo.origin(), household, number).await;
        (number, person.expect("the process runs"))
    });
    let again: BTreeMap<_, _> = join_all(again).await.into_iter().collect();
    for (number, person) in answered {
        assert_eq!(again.get(number), Some(person), "{number}");
    }
    for person in again.values() {
        assert!(
            process::sees(&demo.url, demo.origin(), person).await,
            "{person}"
        );
    }
}

/// Registers the `number`-th person under a key of their own; their id, or `None` when no whole
/// answer came.
async fn register(url: &str, token: &str, household: &str, number: u32) -> Option<String> {
    let query = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id } userErrors { code } } }";
    let input = json!({"input": {"idempotencyKey": number.to_string(), "householdId": household,
        "name": format!("王小{number}"), "residentId": people::resident_id(number)}});
    let response = process::post(url, token, query, input).await.ok()?;
    let body: Value = response.json().await.ok()?;
    let id = body["data"]["registerWorker"]["worker"]["id"].as_str();
    Some(id.unwrap_or_else(|| panic!("refused: {body:#}")).to_owned())
}
