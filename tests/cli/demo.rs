//! `exchange demo`.

use libtest_mimic::Trial;

use super::process::{self, Place, block_on};
use crate::support::people::DESTINATION;

pub fn trials() -> Vec<Trial> {
    crate::plain![
        every_printed_token_is_accepted,
        everybody_sees_somebody,
        a_second_start_keeps_what_the_first_was_told,
        one_directory_has_one_demo,
        keys_that_are_not_the_demos_are_left_alone,
        the_domain_clock_starts_where_it_is_told_to,
        what_a_demo_makes_is_its_owners_alone,
        a_stopped_demo_leaves_nothing_pending,
    ]
}

fn every_printed_token_is_accepted() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    let roles = [
        "OFFICER", "EMPLOYER", "HELPER", "WORKER", "AUDITOR", "ADMIN", "AGENCY",
    ];
    let tokens = demo.tokens();
    for role in roles {
        assert!(
            tokens.iter().any(|(line, _)| line.starts_with(role)),
            "{role}"
        );
    }
    block_on(async {
        for (line, token) in tokens {
            let answer = process::post(&demo.url, token, "{ __typename }", ().into()).await;
            assert_eq!(answer.expect("an answer").status(), 200, "{line}");
        }
        let explorer = reqwest::get(format!("{}/", demo.url)).await;
        assert_eq!(explorer.expect("an answer").status(), 200);
        let ready = reqwest::get(format!("{}/readyz", demo.url)).await;
        assert_eq!(ready.expect("an answer").status(), 200);
    });
}

/// Whether the token's holder gets a list of people that is not empty.
async fn sees_people(url: &str, token: &str) -> bool {
    let query = "{ workers(first: 5) { nodes { id name } } }";
    let seen = process::data(url, token, query, ().into()).await;
    seen["workers"]["nodes"]
        .as_array()
        .is_some_and(|nodes| !nodes.is_empty())
}

fn everybody_sees_somebody() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    block_on(async {
        for role in [
            "OFFICER", "EMPLOYER", "HELPER", "WORKER", "AUDITOR", "ADMIN",
        ] {
            let mut tokens = demo.tokens();
            tokens.retain(|(line, _)| line.starts_with(role));
            assert!(!tokens.is_empty(), "{role}");
            for (line, token) in tokens {
                assert!(sees_people(&demo.url, token).await, "{line}");
            }
        }
    });
    assert_eq!(demo.stop(), Some(0));
}

fn a_second_start_keeps_what_the_first_was_told() {
    let place = Place::new();
    let first = place.demo(&["--workers", "20"]);
    let token = first.origin().to_owned();
    let person = block_on(async {
        let household = process::household(&first.url, &token, "cli").await;
        process::register(&first.url, &token, &household, 900).await
    });
    let person = person.expect("an answer");
    assert_eq!(first.stop(), Some(0));

    let second = place.demo(&[]);
    assert!(block_on(process::sees(&second.url, &token, &person)));
    let elsewhere = second.token("OFFICER", DESTINATION);
    assert!(!block_on(process::sees(&second.url, elsewhere, &person)));
    assert_eq!(second.stop(), Some(0));

    let third = place.demo(&["--fresh", "--workers", "20"]);
    assert!(!block_on(process::sees(
        &third.url,
        third.origin(),
        &person
    )));
}

fn one_directory_has_one_demo() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    let again = place.refused(&["demo", "--listen", "127.0.0.1:0", "--fresh"]);
    assert!(again.contains("another demo runs on data"), "{again}");

    let address = demo.url.strip_prefix("http://").expect("an address");
    let elsewhere = ["demo", "--data", "elsewhere", "--listen", address];
    let taken = place.refused(&elsewhere);
    assert!(taken.contains("cannot be listened on"), "{taken}");
    assert!(!place.path("elsewhere").exists());
}

fn keys_that_are_not_the_demos_are_left_alone() {
    let place = Place::new();
    place.done(&["keys", "new", "data/keys.json"]);
    let before = std::fs::read(place.path("data/keys.json")).expect("made");
    for args in [vec!["demo"], vec!["demo", "--fresh"]] {
        let args = [args, vec!["--listen", "127.0.0.1:0"]].concat();
        let refused = place.refused(&args);
        assert!(refused.contains("keys of real data"), "{refused}");
    }
    assert_eq!(
        std::fs::read(place.path("data/keys.json")).ok(),
        Some(before)
    );

    std::fs::remove_file(place.path("data/keys.json")).expect("removed");
    std::fs::write(place.path("data/exchange.db"), b"").expect("written");
    let lost = place.refused(&["demo", "--listen", "127.0.0.1:0"]);
    assert!(lost.contains("--fresh"), "{lost}");
}

fn the_domain_clock_starts_where_it_is_told_to() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20", "--now", "2025-03-01T09:00:00+08:00"]);
    assert_eq!(demo.stop(), Some(0));
    // The head of the domain's day is signed at the start.
    assert!(place.path("data/anchors/2025-03-01.jws").exists());
    let usage = place.run(&["demo", "--now", "yesterday"]);
    assert_eq!(usage.code, Some(2), "{}", usage.err);
}

#[cfg(unix)]
fn what_a_demo_makes_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let _demo = place.demo(&["--workers", "20"]);
    for name in ["", "keys.json", "exchange.db", "exchange.db-wal"] {
        let about = std::fs::metadata(place.path("data").join(name)).expect("made");
        assert_eq!(about.permissions().mode() & 0o077, 0, "data/{name}");
    }
}

#[cfg(not(unix))]
fn what_a_demo_makes_is_its_owners_alone() {}

fn a_stopped_demo_leaves_nothing_pending() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    let admin = demo.token("ADMIN", "").to_owned();
    block_on(async {
        // Refused, again and again: counted in memory until it is written.
        for number in 0..3 {
            let query = "mutation($input: RegisterHouseholdInput!) {
                registerHousehold(input: $input) { householdId } }";
            let input = serde_json::json!({"input": {"village": crate::support::people::VILLAGE,
                "number": format!("{number}"), "category": "LIFTED_OUT_OF_POVERTY",
                "categorySince": "2017-11-02"}});
            let answer = process::post(&demo.url, &admin, query, input).await;
            let body: serde_json::Value = answer.expect("an answer").json().await.expect("JSON");
            assert_eq!(
                body["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{body}"
            );
        }
    });
    assert_eq!(demo.stop(), Some(0));
    let file = place.path("data/exchange.db");
    let pending = process::meddle(&file, &["SELECT count(*) FROM journal_pending"]);
    assert_eq!(pending, Some(0));
    let refusals = "SELECT sum(repeats) FROM journal_entry WHERE outcome = 'REFUSED'";
    assert_eq!(process::meddle(&file, &[refusals]), Some(3));
}
