//! Who decides about a job: its origin and its workplace, and nobody who only sees the person.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, about, codes, decide, job, record, working};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

/// Where a household moves to, in a county that has nothing else to do with it.
const NEW_VILLAGE: &str = "590322100200";

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_county_decides_about_no_job_elsewhere_of_a_person_it_sees,
        a_former_origin_decides_about_no_job,
        a_report_of_a_confirmed_job_is_not_confirmed_beside_it,
        a_workplace_that_ends_a_job_learns_that_it_is_done_and_sees_no_more,
        a_workplace_sees_nobody_who_has_died,
    ]
}

/// Every decision about a job that counts, each as `token` tries it on a job at version 1.
async fn refused(app: &TestApp, token: &str, id: &str) {
    for (mutation, more) in [
        (
            "endEmployment",
            json!({"endedOn": "2026-11-20", "reason": "OTHER"}),
        ),
        ("renewContract", json!({"contractStart": "2027-03-01"})),
        ("confirmEmployment", json!({})),
        ("resolveEmployer", json!({"creditCode": FIRM})),
        ("voidEmployment", json!({"reason": "误登"})),
    ] {
        let mut input = more;
        input["employmentId"] = id.into();
        input["version"] = 1.into();
        let tried = decide(app, token, mutation, input).await;
        assert_eq!(codes(&tried), ["NOT_RECORDING_SIDE"], "{mutation}");
        assert_eq!(tried["employment"]["version"], 1, "{mutation}");
    }
}

async fn update(app: &TestApp, token: &str, input: Value) {
    let query = "mutation($input: UpdateWorkerInput!) { updateWorker(input: $input) {
        userErrors { field code } } }";
    let data = app.data(token, query, json!({"input": input})).await;
    assert_eq!(data["updateWorker"]["userErrors"], json!([]), "{data}");
}

async fn a_county_decides_about_no_job_elsewhere_of_a_person_it_sees(app: TestApp) {
    let (person, id) = working(&app).await;
    let (origin, elsewhere) = (app.officer(ORIGIN), app.officer(ELSEWHERE));
    // Seen by a stay.
    let version = "query($id: ID!) { worker(id: $id) { version } }";
    let seen = app.data(&origin, version, json!({"id": person})).await;
    let stay = json!({"workerId": person, "version": seen["worker"]["version"], "stay": ELSEWHERE});
    update(&app, &origin, stay).await;
    refused(&app, &elsewhere, &id).await;
    // Seen by another job at the same time.
    let beside = json!({"residentId": people::resident_id(1), "workplace": ELSEWHERE,
        "startedOn": "2026-04-01"});
    let done = record(&app, &origin, job(beside)).await;
    assert_eq!(done["status"], "CONFIRMED", "{done}");
    refused(&app, &elsewhere, &id).await;
    // Its own it decides about, and so does the workplace of the other.
    let end = |id: &Value| {
        json!({"employmentId": id, "version": 1, "endedOn": "2026-11-20",
        "reason": "RESIGNED"})
    };
    let own = decide(
        &app,
        &elsewhere,
        "endEmployment",
        end(&done["employment"]["id"]),
    );
    assert_eq!(codes(&own.await), [""; 0]);
    let destination = app.officer(DESTINATION);
    let other = decide(&app, &destination, "endEmployment", end(&json!(id)));
    assert_eq!(codes(&other.await), [""; 0]);
}

async fn a_former_origin_decides_about_no_job(app: TestApp) {
    let (person, id) = working(&app).await;
    let origin = app.officer(ORIGIN);
    let query = "query($id: ID!) { worker(id: $id) { household { id version } } }";
    let seen = app.data(&origin, query, json!({"id": person})).await;
    let household = &seen["worker"]["household"];
    let moving = "mutation($input: MoveHouseholdInput!) { moveHousehold(input: $input) {
        userErrors { field code } } }";
    let input = json!({"householdId": household["id"], "version": household["version"],
        "toVillage": NEW_VILLAGE, "movedOn": "2026-11-23", "reason": "易地搬迁"});
    let moved = app.data(&origin, moving, json!({"input": input})).await;
    assert_eq!(moved["moveHousehold"]["userErrors"], json!([]), "{moved}");
    refused(&app, &origin, &id).await;
}

async fn a_report_of_a_confirmed_job_is_not_confirmed_beside_it(app: TestApp) {
    let person = people::person(&app, 1).await;
    let later = json!({"residentId": people::resident_id(1), "startedOn": "2026-03-05"});
    record(&app, &app.employer(FIRM), job(about(1))).await;
    record(&app, &app.officer(DESTINATION), job(later)).await;
    let origin = app.officer(ORIGIN);
    let reported = super::jobs(&app, &origin, &person).await;
    let nodes = reported["employments"]["nodes"].as_array().expect("a list");
    let confirm = |node: &Value| json!({"employmentId": node["id"], "version": 1});
    let first = decide(&app, &origin, "confirmEmployment", confirm(&nodes[0])).await;
    assert_eq!(codes(&first), [""; 0]);
    let second = decide(&app, &origin, "confirmEmployment", confirm(&nodes[1])).await;
    assert_eq!(codes(&second), ["ALREADY_CONFIRMED"]);
    assert_eq!(second["employment"]["state"], "REPORTED");
}

const END: &str = "mutation($input: EndEmploymentInput!) { endEmployment(input: $input) {
    done employment { id } userErrors { code } } }";
const SEEN: &str = "query($person: ID!, $job: ID!) {
    worker(id: $person) { id } employment(id: $job) { id } }";

async fn a_workplace_that_ends_a_job_learns_that_it_is_done_and_sees_no_more(app: TestApp) {
    let (person, id) = working(&app).await;
    let destination = app.officer(DESTINATION);
    let end = |version: i64, key: &str| {
        json!({"input": {"employmentId": id, "version": version, "endedOn": "2026-11-20",
            "reason": "RESIGNED", "idempotencyKey": key}})
    };
    let stale = app.data(&destination, END, end(9, "k1")).await;
    let refused = json!({"done": false, "employment": {"id": id},
        "userErrors": [{"code": "STALE_VERSION"}]});
    assert_eq!(stale["endEmployment"], refused);
    for _ in 0..2 {
        let ended = app.data(&destination, END, end(1, "k2")).await;
        let done = json!({"done": true, "employment": null, "userErrors": []});
        assert_eq!(ended["endEmployment"], done);
    }
    let ids = json!({"person": person, "job": id});
    let seen = app.data(&destination, SEEN, ids.clone()).await;
    assert_eq!(seen, json!({"worker": null, "employment": null}));
    let origin = app.data(&app.officer(ORIGIN), SEEN, ids).await;
    assert_eq!(origin["employment"]["id"], id);
}

async fn a_workplace_sees_nobody_who_has_died(app: TestApp) {
    let (person, id) = working(&app).await;
    let ids = json!({"person": person, "job": id});
    let destination = app.officer(DESTINATION);
    let before = app.data(&destination, SEEN, ids.clone()).await;
    assert_eq!(before["worker"]["id"], person);
    let death = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) { receipt } }";
    let input = json!({"workerId": person, "diedOn": "2026-11-20", "source": "死亡证明"});
    app.data(&app.officer(ORIGIN), death, json!({"input": input}))
        .await;
    let seen = app.data(&destination, SEEN, ids).await;
    assert_eq!(seen, json!({"worker": null, "employment": null}));
}
