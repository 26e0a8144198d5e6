//! The trail: a person's own access log, and everything for auditors.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};

use self::chain::{
    an_entry_is_shown_with_its_place_in_the_chain, pages_join_while_entries_find_their_places,
    what_commits_late_is_above_what_was_seen,
};
use self::households::{
    a_household_shown_by_a_repeated_registration_is_in_the_trail,
    an_opened_household_is_in_the_trail,
    whoever_is_shown_beside_somebody_of_the_household_has_an_entry,
};
use self::reached::{
    who_is_reached_through_another_record_has_an_entry_once,
    who_stands_in_a_list_of_other_records_has_no_entry_of_their_own,
};
use crate::support::app::TestApp;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

mod chain;
mod households;
mod reached;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![
        people_see_who_looked_at_them_and_what_for,
        a_refused_or_repeated_change_that_shows_somebody_is_in_their_log,
        an_opened_household_is_in_the_trail,
        a_household_shown_by_a_repeated_registration_is_in_the_trail,
        whoever_is_shown_beside_somebody_of_the_household_has_an_entry,
        people_see_nobody_elses_log_and_officers_none,
        an_auditor_reads_and_narrows_the_whole_trail,
        pages_of_the_trail_join_without_gap_or_overlap,
        every_filter_gives_what_the_whole_trail_has_of_it_page_by_page,
        whoever_looks_for_what_is_out_of_reach_is_in_the_trail,
        no_personal_value_enters_the_trail,
        an_entry_is_shown_with_its_place_in_the_chain,
        pages_join_while_entries_find_their_places,
        who_is_reached_through_another_record_has_an_entry_once,
        who_stands_in_a_list_of_other_records_has_no_entry_of_their_own,
    ];
    trials.push(on_postgres_only(
        concat!(module_path!(), "::what_commits_late_is_above_what_was_seen"),
        |app| Box::pin(what_commits_late_is_above_what_was_seen(app)),
    ));
    trials
}

const LOG: &str = "query($id: ID, $first: Int, $after: String) {
    accessLog(workerId: $id, first: $first, after: $after) {
        nodes { position at role subject action fields recordVersion purpose outcome }
        pageInfo { hasNextPage endCursor } } }";
const TRAIL: &str = "query($filter: TrailFilter, $first: Int, $after: String) {
    trail(filter: $filter, first: $first, after: $after) {
        nodes { position at issuer subject role action recordType recordId recordVersion fields purpose
                outcome repeats requestId }
        pageInfo { hasNextPage endCursor } } }";
const REVEAL: &str = "mutation($input: RevealPersonalDataInput!) {
    revealPersonalData(input: $input) { personalData { phone residentId } userErrors { code } } }";

fn wish(id: &str, fields: &[&str]) -> Value {
    json!({"input": {"workerId": id, "fields": fields, "purpose": "核发交通补贴"}})
}

/// What happened, in the order of an answer: role, subject, action, fields, outcome.
fn told(nodes: &Value) -> Vec<Value> {
    let nodes = nodes.as_array().expect("a list").iter();
    nodes
        .map(|n| {
            json!([
                n["role"],
                n["subject"],
                n["action"],
                n["fields"],
                n["outcome"]
            ])
        })
        .collect()
}

async fn people_see_who_looked_at_them_and_what_for(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let own = app.worker(ids::decode::<WorkerId>(&id).expect("an id"));
    let open = "query($id: ID!) { worker(id: $id) { name } }";
    app.data(&app.plain(Role::Auditor), open, json!({"id": id}))
        .await;
    app.data(&origin, REVEAL, wish(&id, &["PHONE", "RESIDENT_ID"]))
        .await;
    let log = app.data(&own, LOG, json!({})).await;
    let officer = format!("officer-{ORIGIN}");
    assert_eq!(
        told(&log["accessLog"]["nodes"]),
        [
            json!([
                "OFFICER",
                officer,
                "worker.reveal",
                ["RESIDENT_ID", "PHONE"],
                "REVEALED"
            ]),
            json!(["AUDITOR", null, "worker.read", [], "SHOWN"]),
            json!([
                "OFFICER",
                officer,
                "worker.register",
                ["registration"],
                "DONE"
            ]),
        ]
    );
    assert_eq!(log["accessLog"]["nodes"][0]["purpose"], "核发交通补贴");
    assert_eq!(log["accessLog"]["nodes"][2]["recordVersion"], 1);
    let again = app.data(&own, LOG, json!({"id": id, "first": 1})).await;
    assert_eq!(
        told(&again["accessLog"]["nodes"]),
        [json!([
            "WORKER",
            null,
            "trail.read_access_log",
            [],
            "SHOWN"
        ])],
        "reading the log is an entry"
    );
    assert_eq!(again["accessLog"]["pageInfo"]["hasNextPage"], true);
    let township = app.officer("590222101000");
    let refused = app
        .data(&township, REVEAL, wish(&id, &["RESIDENT_ID"]))
        .await;
    assert_eq!(refused["revealPersonalData"]["personalData"], json!(null));
    let log = app.data(&own, LOG, json!({"first": 1})).await;
    assert_eq!(log["accessLog"]["nodes"][0]["outcome"], "FIELD_NOT_ALLOWED");
}

async fn a_refused_or_repeated_change_that_shows_somebody_is_in_their_log(app: TestApp) {
    const UPDATE: &str = "mutation($input: UpdateWorkerInput!) {
        updateWorker(input: $input) { worker { name } userErrors { code } } }";
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let own = app.worker(ids::decode::<WorkerId>(&id).expect("an id"));
    let update = |version: i64| json!({"input": {"workerId": id, "version": version, "skills": ["焊接"], "idempotencyKey": "k"}});
    let entries = async || {
        let log = app.data(&own, LOG, json!({"first": 100})).await;
        told(&log["accessLog"]["nodes"])
            .iter()
            .filter(|entry| entry[2] == "worker.update" || entry[2] == "worker.read")
            .map(|entry| format!("{} {}", entry[2], entry[4]))
            .collect::<Vec<_>>()
    };
    let stale = app.data(&origin, UPDATE, update(-1)).await;
    assert_eq!(
        stale["updateWorker"]["userErrors"],
        json!([{"code": "STALE_VERSION"}])
    );
    assert!(stale["updateWorker"]["worker"]["name"].is_string());
    let look = "\"worker.read\" \"SHOWN\"";
    assert_eq!(entries().await, [look], "the refused one showed the record");
    app.data(&origin, UPDATE, update(1)).await;
    let change = "\"worker.update\" \"DONE\"";
    assert_eq!(entries().await, [change, look], "one entry for the change");
    app.data(&origin, UPDATE, update(1)).await;
    assert_eq!(
        entries().await,
        [look, change, look],
        "the repeated one showed the record again"
    );
}

async fn people_see_nobody_elses_log_and_officers_none(app: TestApp) {
    let id = people::person(&app, 1).await;
    let other = people::person(&app, 2).await;
    let own = app.worker(ids::decode::<WorkerId>(&id).expect("an id"));
    let missing = ids::encode(app.db.ids().next::<WorkerId>());
    for whose in [&other, &missing] {
        let log = app.data(&own, LOG, json!({"id": whose})).await;
        assert_eq!(log, json!({"accessLog": null}));
    }
    let auditor = app.plain(Role::Auditor);
    let log = app.data(&auditor, LOG, json!({"id": missing})).await;
    assert_eq!(log, json!({"accessLog": null}));
    let log = app.data(&auditor, LOG, json!({"id": id})).await;
    assert_eq!(
        log["accessLog"]["nodes"][0]["subject"],
        format!("officer-{ORIGIN}")
    );
    assert_eq!(app.code(&auditor, LOG, json!({})).await, "BAD_USER_INPUT");
    for token in [
        app.officer(ORIGIN),
        app.plain(Role::Admin),
        app.helper("h-1"),
        app.agency(Agency::Agriculture),
    ] {
        assert_eq!(app.code(&token, LOG, json!({"id": id})).await, "FORBIDDEN");
        assert_eq!(app.code(&token, TRAIL, json!({})).await, "FORBIDDEN");
    }
    assert_eq!(app.code(&own, TRAIL, json!({})).await, "FORBIDDEN");
}

async fn whoever_looks_for_what_is_out_of_reach_is_in_the_trail(app: TestApp) {
    let id = people::person(&app, 1).await;
    let elsewhere = app.officer(ELSEWHERE);
    let by_number = "query($id: String) { worker(residentId: $id) { id } }";
    for number in [1, 1, 2] {
        let found = app
            .data(
                &elsewhere,
                by_number,
                json!({"id": people::resident_id(number)}),
            )
            .await;
        assert_eq!(found, json!({"worker": null}));
    }
    assert_eq!(
        app.code(&elsewhere, REVEAL, wish(&id, &["PHONE"])).await,
        "NOT_FOUND"
    );
    app.db.refusals().finish().await.expect("written");
    let filter = json!({"filter": {"outcome": "NOT_FOUND"}});
    let data = app.data(&app.plain(Role::Auditor), TRAIL, filter).await;
    let nodes = data["trail"]["nodes"].as_array().expect("a list").iter();
    let mut told: Vec<_> = nodes
        .map(|n| json!([n["subject"], n["action"], n["recordId"], n["repeats"]]))
        .collect();
    told.sort_by_key(Value::to_string);
    let officer = format!("officer-{ELSEWHERE}");
    assert_eq!(
        told,
        [
            json!([officer, "worker.read", null, 1]),
            json!([officer, "worker.read", null, 2]),
            json!([officer, "worker.reveal", null, 1]),
        ],
        "the first at once, the others together, and nothing of what was looked for"
    );
}

async fn an_auditor_reads_and_narrows_the_whole_trail(app: TestApp) {
    let id = people::person(&app, 1).await;
    people::person(&app, 2).await;
    let (origin, auditor) = (app.officer(ORIGIN), app.plain(Role::Auditor));
    app.data(&origin, REVEAL, wish(&id, &["PHONE"])).await;
    app.data(
        &app.officer(DESTINATION),
        "{ workers { nodes { id } } }",
        json!({}),
    )
    .await;
    app.code(&app.helper("h-1"), TRAIL, json!({})).await;
    let narrowed = async |filter: Value| {
        let data = app.data(&auditor, TRAIL, json!({"filter": filter})).await;
        data["trail"]["nodes"].as_array().expect("a list").clone()
    };
    let reveals = narrowed(json!({"action": "worker.reveal", "recordId": id})).await;
    assert_eq!(reveals.len(), 1);
    assert_eq!(reveals[0]["recordId"], json!(id));
    assert_eq!(reveals[0]["recordType"], "Worker");
    assert_eq!(reveals[0]["purpose"], "核发交通补贴");
    assert_eq!(narrowed(json!({"recordId": id})).await.len(), 2);
    let lists = narrowed(json!({"subject": format!("officer-{DESTINATION}")})).await;
    assert_eq!(lists.len(), 1);
    assert_eq!(lists[0]["outcome"], "LISTED");
    let refused = narrowed(json!({"outcome": "REFUSED"})).await;
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (&refused[0]["subject"], &refused[0]["action"]),
        (&json!("h-1"), &json!("trail.read"))
    );
    let now = "2026-11-23T02:00:00Z";
    assert!(narrowed(json!({"until": now})).await.is_empty());
    assert!(narrowed(json!({"since": now})).await.len() >= 6);
    assert!(
        narrowed(json!({"subject": format!("officer-{ELSEWHERE}")}))
            .await
            .is_empty()
    );
    let looks = narrowed(json!({"action": "trail.read", "outcome": "LISTED"})).await;
    assert_eq!(looks.len(), 7, "every look into the trail is an entry");
    let foreign = json!({"filter": {"recordId": "%%"}});
    assert_eq!(app.code(&auditor, TRAIL, foreign).await, "BAD_USER_INPUT");
}

async fn pages_of_the_trail_join_without_gap_or_overlap(app: TestApp) {
    for number in 1..=3 {
        people::person(&app, number).await;
    }
    let auditor = app.plain(Role::Auditor);
    let filter = json!({"subject": format!("officer-{ORIGIN}")});
    let whole = app.data(&auditor, TRAIL, json!({"filter": filter})).await;
    let whole = whole["trail"]["nodes"].as_array().expect("a list").clone();
    let (mut joined, mut after) = (Vec::new(), json!(null));
    loop {
        let page = json!({"filter": filter, "first": 2, "after": after});
        let mut data = app.data(&auditor, TRAIL, page).await;
        let nodes = data["trail"]["nodes"].take();
        joined.extend(nodes.as_array().expect("a list").clone());
        if data["trail"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = data["trail"]["pageInfo"]["endCursor"].take();
    }
    assert_eq!(whole.len(), 6, "three households, three people");
    assert_eq!(joined, whole);
}

/// The whole trail that fits a filter, two entries at a time.
async fn in_pages(app: &TestApp, filter: &Value) -> Vec<Value> {
    let auditor = app.plain(Role::Auditor);
    let (mut joined, mut after) = (Vec::new(), json!(null));
    loop {
        let page = json!({"filter": filter, "first": 2, "after": after});
        let mut data = app.data(&auditor, TRAIL, page).await;
        let nodes = data["trail"]["nodes"].take();
        joined.extend(nodes.as_array().expect("a list").clone());
        if data["trail"]["pageInfo"]["hasNextPage"] == json!(false) {
            return joined;
        }
        after = data["trail"]["pageInfo"]["endCursor"].take();
    }
}

/// The clock is put back between, so that the order of time is not that of entry.
async fn four_people_out_of_order(app: &TestApp, origin: &str) {
    for (number, at) in [(1, "05"), (2, "03"), (3, "04"), (4, "03")] {
        let instant = format!("2026-11-23T{at}:00:00Z").parse();
        app.clock.set(instant.expect("an instant"));
        let id = people::person(app, number).await;
        app.data(origin, REVEAL, wish(&id, &["PHONE"])).await;
        let township = app.officer("590222101000");
        app.data(&township, REVEAL, wish(&id, &["RESIDENT_ID"]))
            .await;
        let open = "query($id: ID!) { worker(id: $id) { name } }";
        app.data(origin, open, json!({"id": id})).await;
    }
    app.clock
        .set("2026-11-23T06:00:00Z".parse().expect("an instant"));
}

async fn every_filter_gives_what_the_whole_trail_has_of_it_page_by_page(app: TestApp) {
    let (origin, auditor) = (app.officer(ORIGIN), app.plain(Role::Auditor));
    four_people_out_of_order(&app, &origin).await;
    // Five of each person; the divisions, which came first, are not among the latest.
    let whole = app.data(&auditor, TRAIL, json!({"first": 20})).await;
    let whole = whole["trail"]["nodes"].as_array().expect("a list").clone();
    let has = |name: &'static str, value: &'static str| move |e: &&Value| e[name] == value;
    let before = |hour: &'static str| move |e: &&Value| e["at"].as_str() < Some(hour);
    let (people, three, five) = (
        "2026-11-23T02:30:00Z",
        "2026-11-23T03:00:00Z",
        "2026-11-23T05:00:00Z",
    );
    type Fits<'a> = &'a (dyn Fn(&&Value) -> bool + Sync);
    let cases: [(Value, Fits, usize); 9] = [
        (
            json!({"action": "worker.reveal"}),
            &has("action", "worker.reveal"),
            8,
        ),
        (json!({"action": "worker.rev"}), &|_| false, 0),
        (
            json!({"outcome": "REVEALED"}),
            &has("outcome", "REVEALED"),
            4,
        ),
        (
            json!({"outcome": "DONE", "since": people}),
            &has("outcome", "DONE"),
            8,
        ),
        (
            json!({"action": "worker.reveal", "outcome": "FIELD_NOT_ALLOWED"}),
            &has("outcome", "FIELD_NOT_ALLOWED"),
            4,
        ),
        (
            json!({"action": "worker.register", "outcome": "DONE"}),
            &has("action", "worker.register"),
            4,
        ),
        (json!({"since": people, "until": five}), &before(five), 15),
        (
            json!({"since": three, "until": five, "action": "worker.reveal"}),
            &|e| has("action", "worker.reveal")(e) && before(five)(e),
            6,
        ),
        (json!({"since": five, "until": five}), &|_| false, 0),
    ];
    for (filter, fits, count) in cases {
        let mut expected: Vec<Value> = whole.iter().filter(fits).cloned().collect();
        assert_eq!(expected.len(), count, "{filter}");
        if filter.get("since").is_some() {
            // Stable: where the time is equal the order of entry stays.
            expected.sort_by(|a, b| b["at"].as_str().cmp(&a["at"].as_str()));
        }
        assert_eq!(in_pages(&app, &filter).await, expected, "{filter}");
    }
}

async fn no_personal_value_enters_the_trail(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    app.data(
        &origin,
        REVEAL,
        wish(&id, &["PHONE", "RESIDENT_ID", "BIRTH_DATE"]),
    )
    .await;
    let auditor = app.plain(Role::Auditor);
    let trail = app
        .data(&auditor, TRAIL, json!({"first": 100}))
        .await
        .to_string();
    for value in [
        people::resident_id(1).as_str(),
        "13930628917",
        "1990-01-01",
        "王小1",
    ] {
        assert!(!trail.contains(value), "{value}");
    }
    assert!(trail.contains("BIRTH_DATE"));
}
