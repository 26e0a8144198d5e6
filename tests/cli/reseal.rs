//! `exchange keys reseal` and `exchange keys retire`, beside a server and after a death.

use std::time::Instant;

use libtest_mimic::Trial;
use serde_json::json;

use super::kill::installation;
use super::kill::reference::import_of;
use super::process::{self, PATIENCE, Place};
use crate::support::app::TestApp;
use crate::support::people::{ORIGIN, resident_id};
use crate::support::whole::{Behind, assert_whole};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_key_that_nothing_is_sealed_under_is_retired,
        a_run_that_dies_is_completed_by_the_next,
    ]
}

/// People whose resident id is under a key.
async fn people_under(url: &str, key: u32) -> i64 {
    let behind = Behind::open(url).await;
    let bytes = if url.starts_with("postgres") {
        format!("'\\x01{key:08x}'::bytea")
    } else {
        format!("x'01{key:08x}'")
    };
    let count =
        format!("SELECT count(*) FROM worker WHERE substr(resident_id_sealed, 1, 5) = {bytes}");
    let found = behind.number(&count).await;
    behind.close().await;
    found
}

/// What a command says that ends with 0.
fn said(place: &Place, args: &[&str]) -> String {
    let ended = place.run(args);
    assert_eq!(ended.code, Some(0), "{args:?}: {} {}", ended.out, ended.err);
    ended.err
}

/// The line of `doctor` about what is sealed.
fn sealing(place: &Place) -> String {
    let all = place.run(&["doctor"]).out;
    let line = all.lines().find(|line| line.contains(" sealing "));
    line.unwrap_or_else(|| panic!("no such line: {all}"))
        .to_owned()
}

async fn reveal(url: &str, token: &str, person: &str) -> serde_json::Value {
    let query = "mutation($id: ID!) { revealPersonalData(input: {workerId: $id,
        fields: [RESIDENT_ID], purpose: \"rotation\"}) { personalData { residentId } } }";
    let data = process::data(url, token, query, json!({"id": person})).await;
    data["revealPersonalData"]["personalData"]["residentId"].clone()
}

/// A correction of a name has nothing sealed, and waits all the while.
async fn propose_a_name(url: &str, token: &str, person: &str) {
    let query = "mutation($id: ID!) { proposeNameCorrection(input: {workerId: $id,
        name: \"王小朋\", reason: \"登记时写错\", version: 1}) { userErrors { code } } }";
    let data = process::data(url, token, query, json!({"id": person})).await;
    assert_eq!(data["proposeNameCorrection"]["userErrors"], json!([]));
}

async fn a_key_that_nothing_is_sealed_under_is_retired(app: TestApp) {
    let (place, _) = installation(app).await;
    let token = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    let token = token.trim();
    let server = place.serve();
    let household = process::household(&server.url, token, "h1").await;
    let first = process::register(&server.url, token, &household, 1).await;
    let first = first.expect("registered");
    propose_a_name(&server.url, token, &first).await;
    assert_eq!(server.stop(), Some(0));
    let all = sealing(&place);
    assert!(all.ends_with(" values, all sealed with key 1"), "{all}");
    let current = place.refused(&["keys", "retire", "1"]);
    assert!(current.contains("key 1 is the one that seals"), "{current}");

    said(&place, &["keys", "rotate", "data/keys.json"]);
    let server = place.serve();
    let second = process::register(&server.url, token, &household, 2).await;
    let second = second.expect("registered");
    what_holds_values_or_seals_is_kept(&place);

    let done = said(&place, &["keys", "reseal"]);
    assert!(done.contains("values are sealed with key 2 now"), "{done}");
    let again = said(&place, &["keys", "reseal"]);
    assert!(again.starts_with("Nothing to do: "), "{again}");
    for (person, number) in [(&first, 1), (&second, 2)] {
        assert_eq!(
            reveal(&server.url, token, person).await,
            resident_id(number)
        );
    }
    said(&place, &["keys", "rotate", "data/keys.json", "--prepare"]);
    let next = place.refused(&["keys", "retire", "3"]);
    assert!(next.contains("not used yet"), "{next}");
    let retired = said(&place, &["keys", "retire", "1"]);
    assert!(retired.contains("key 1 is gone"), "{retired}");
    let gone = place.refused(&["keys", "retire", "1"]);
    assert!(gone.contains("there is no key 1"), "{gone}");
    assert_eq!(server.stop(), Some(0));

    // A server without the key serves all the same, and the trail says what was done.
    let server = place.serve();
    for (person, number) in [(&first, 1), (&second, 2)] {
        assert_eq!(
            reveal(&server.url, token, person).await,
            resident_id(number)
        );
    }
    assert_eq!(server.stop(), Some(0));
    let all = sealing(&place);
    assert!(
        all.starts_with("ok ") && all.ends_with("all sealed with key 2"),
        "{all}"
    );
    assert!(place.done(&["trail", "verify"]).starts_with("intact: "));
    what_the_file_has_no_key_for_is_told(&place);
}

/// What is refused while one value is sealed with key 1 and the other with key 2.
fn what_holds_values_or_seals_is_kept(place: &Place) {
    let older = sealing(place);
    assert!(
        older.starts_with("warn ") && older.contains("sealed with key 1, not with key 2"),
        "{older}"
    );
    let refused = place.refused(&["keys", "retire", "1"]);
    assert!(
        refused.contains("worker.resident_id_sealed has 1 values under key 1"),
        "{refused}"
    );
    for (key, why) in [("2", "is the one that seals"), ("9", "there is no key 9")] {
        let refused = place.refused(&["keys", "retire", key]);
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(place.run(&["keys", "retire", "one"]).code, Some(2));
}

/// The file of another installation, or one from which a key was taken by hand.
fn what_the_file_has_no_key_for_is_told(place: &Place) {
    let file = place.path("data/keys.json");
    std::fs::remove_file(&file).expect("removed");
    place.done(&["keys", "new", "data/keys.json"]);
    let lost = sealing(place);
    assert!(
        lost.starts_with("FAIL ") && lost.contains("key 2, which the key file does not have"),
        "{lost}"
    );
    let refused = place.refused(&["keys", "reseal"]);
    assert!(refused.contains("put the right key file back"), "{refused}");
}

async fn a_run_that_dies_is_completed_by_the_next(app: TestApp) {
    let (place, url) = installation(app).await;
    let import = import_of(&place, 0);
    place.done(&import.iter().map(String::as_str).collect::<Vec<_>>());
    let all = people_under(&url, 1).await;
    // As often as it takes until one dies half-way: the machine may be busy elsewhere.
    let mut half_way = None;
    let mut key = 1;
    while half_way.is_none() && key < 6 {
        key += 1;
        said(&place, &["keys", "rotate", "data/keys.json"]);
        let mut running = place.begin(&["keys", "reseal"]);
        let begun = Instant::now();
        while people_under(&url, key).await == 0 && running.ended().is_none() {
            assert!(begun.elapsed() < PATIENCE, "{}", running.last_words());
        }
        running.kill();
        let done = people_under(&url, key).await;
        half_way = (0..all)
            .contains(&done)
            .then_some(done)
            .filter(|done| *done > 0);
    }
    let done = half_way.expect("one died half-way");
    assert_eq!(people_under(&url, key - 1).await, all - done);
    assert_whole(&url, "killed").await;
    let older = sealing(&place);
    assert!(older.starts_with("warn "), "{older}");
    said(&place, &["keys", "reseal"]);
    assert_eq!(people_under(&url, key).await, all);
    said(&place, &["keys", "retire", &(key - 1).to_string()]);
    assert!(place.done(&["trail", "verify"]).starts_with("intact: "));
}
