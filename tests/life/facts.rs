//! What was stated about people: readable with day and source, and taken back when it was wrong.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};

use super::{assert_hidden, codes, rejected, worker_id};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        who_stated_what_and_since_when_can_be_read,
        a_wrong_statement_is_taken_back_and_stays_on_record,
        a_death_is_taken_back_by_a_second_person,
        a_death_on_another_day_waits_until_the_first_is_taken_back,
        a_death_that_was_reported_is_recorded_for_its_day_alone,
        the_last_statement_counts_whatever_the_clock_of_its_server_says,
        a_statement_is_taken_back_by_its_county_alone,
    ]
}

const FACTS: &str = "query($id: ID!) { worker(id: $id) { workStatus willing version labourFacts {
    id kind value since source recordedBy voidedAt voidReason } } }";
const VOID: &str = "mutation($input: VoidLabourFactInput!) { voidLabourFact(input: $input) {
    worker { workStatus willing version } userErrors { field code message } } }";
const DEATH: &str = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
    receipt userErrors { code } } }";
const UPDATE: &str = "mutation($input: UpdateWorkerInput!) { updateWorker(input: $input) {
    worker { version } userErrors { code } } }";

async fn facts(app: &TestApp, token: &str, id: &str) -> Value {
    let mut seen = app.data(token, FACTS, json!({"id": id})).await;
    seen["worker"]["labourFacts"].take()
}

/// States that the person is unwilling from a day on.
async fn unwilling(app: &TestApp, id: &str, version: i64, since: &str) {
    let stated = json!({"value": false, "since": since, "source": "入户走访"});
    let input = json!({"input": {"workerId": id, "version": version, "willing": stated}});
    let told = app.data(&app.officer(ORIGIN), UPDATE, input).await;
    assert_eq!(told["updateWorker"]["userErrors"], json!([]));
}

async fn void(app: &TestApp, token: &str, id: &str, fact: &Value) -> Value {
    let input = json!({"workerId": id, "factId": fact, "reason": "录入错误"});
    let mut told = app.data(token, VOID, json!({"input": input})).await;
    told["voidLabourFact"].take()
}

fn colleague(app: &TestApp) -> String {
    app.token(&TokenRequest {
        region: Some(ORIGIN.parse().expect("a region code")),
        ..app.request(Role::Officer, "a-colleague")
    })
}

async fn the_last_statement_counts_whatever_the_clock_of_its_server_says(app: TestApp) {
    let id = people::person(&app, 1).await;
    let officer = app.officer(ORIGIN);
    // Each of the servers is behind the one before.
    for (version, at, value) in [
        (1, "2026-11-23T04:00:00Z", true),
        (2, "2026-11-23T03:00:00Z", false),
        (3, "2026-11-23T02:30:00Z", true),
        (4, "2026-11-23T02:00:00Z", false),
    ] {
        app.clock.set(at.parse().expect("a valid instant"));
        let stated = json!({"value": value, "since": "2026-05-01", "source": "入户"});
        let input = json!({"workerId": id, "version": version, "willing": stated});
        let told = app.data(&officer, UPDATE, json!({"input": input})).await;
        assert_eq!(told["updateWorker"]["worker"]["version"], version + 1);
        let seen = app.data(&officer, FACTS, json!({"id": id})).await;
        assert_eq!(seen["worker"]["willing"], value, "{at}");
        let facts = seen["worker"]["labourFacts"].as_array().expect("a list");
        assert_eq!(facts.last().expect("one")["value"], value, "in their order");
    }
}

async fn who_stated_what_and_since_when_can_be_read(app: TestApp) {
    let id = people::person(&app, 1).await;
    unwilling(&app, &id, 1, "2026-05-01").await;
    let officer = app.officer(ORIGIN);
    let mut seen = facts(&app, &officer, &id).await;
    let fact = seen[0]["id"].take();
    assert!(fact.is_string(), "{fact}");
    assert_eq!(
        seen,
        json!([{"id": null, "kind": "WILLING", "value": false, "since": "2026-05-01",
                "source": "入户走访", "recordedBy": format!("officer-{ORIGIN}"),
                "voidedAt": null, "voidReason": null}])
    );
    let own = facts(&app, &app.worker(worker_id(&id)), &id).await;
    assert_eq!(own[0]["source"], "入户走访");
}

async fn a_wrong_statement_is_taken_back_and_stays_on_record(app: TestApp) {
    let id = people::person(&app, 1).await;
    unwilling(&app, &id, 1, "2026-05-01").await;
    let officer = app.officer(ORIGIN);
    let fact = facts(&app, &officer, &id).await[0]["id"].take();
    let done = void(&app, &officer, &id, &fact).await;
    assert_eq!(
        done,
        json!({"worker": {"workStatus": "UNKNOWN", "willing": null, "version": 3},
               "userErrors": []})
    );
    let seen = facts(&app, &officer, &id).await;
    assert_eq!(seen[0]["voidReason"], "录入错误");
    assert!(seen[0]["voidedAt"].is_string());
    let again = void(&app, &officer, &id, &fact).await;
    assert_eq!(codes(&again), rejected("input.factId", "ALREADY_VOIDED"));
    let entries = journal::of_action(&app, "worker.void_labour_fact").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].purpose.as_deref(), Some("录入错误"));
    let other = people::person(&app, 2).await;
    let input = json!({"input": {"workerId": other, "factId": fact, "reason": "录入错误"}});
    assert_eq!(app.code(&officer, VOID, input).await, "NOT_FOUND");
}

async fn a_death_is_taken_back_by_a_second_person(app: TestApp) {
    let id = people::person(&app, 1).await;
    let officer = app.officer(ORIGIN);
    let death = json!({"input": {"workerId": id, "diedOn": "2026-11-01", "source": "村委会"}});
    app.data(&officer, DEATH, death).await;
    let fact = facts(&app, &officer, &id).await[0]["id"].take();
    let alone = void(&app, &officer, &id, &fact).await;
    let expected = rejected("input.factId", "SECOND_PERSON_REQUIRED");
    assert_eq!(codes(&alone), expected);
    assert_eq!(alone["worker"]["workStatus"], "DECEASED");
    let done = void(&app, &colleague(&app), &id, &fact).await;
    assert_eq!(codes(&done), []);
    assert_eq!(done["worker"]["workStatus"], "UNKNOWN");
}

async fn a_death_on_another_day_waits_until_the_first_is_taken_back(app: TestApp) {
    let id = people::person(&app, 1).await;
    let (officer, colleague) = (app.officer(ORIGIN), colleague(&app));
    let die = async |token: &str, day: &str, source: &str| {
        let input = json!({"input": {"workerId": id, "diedOn": day, "source": source}});
        app.data(token, DEATH, input).await["recordDeath"].take()
    };
    let recorded = json!({"receipt": "RECORDED", "userErrors": []});
    assert_eq!(die(&officer, "2026-11-01", "村委会").await, recorded);
    // Whoever says the same again, with whatever source, changes nothing.
    assert_eq!(die(&colleague, "2026-11-01", "死亡证明").await, recorded);
    for token in [&officer, &colleague] {
        let refused = json!({"receipt": null, "userErrors": [{"code": "PERSON_DECEASED"}]});
        assert_eq!(die(token, "2026-11-02", "死亡证明").await, refused);
    }
    let known = facts(&app, &officer, &id).await;
    assert_eq!(known.as_array().expect("a list").len(), 1, "{known}");
    let done = void(&app, &colleague, &id, &known[0]["id"]).await;
    assert_eq!(done["worker"]["workStatus"], "UNKNOWN");
    assert_eq!(die(&officer, "2026-11-02", "死亡证明").await, recorded);
}

/// What civil affairs reports goes with the resident id under which it came; what the county states of
/// the same day does not, and so it is kept beside it.
async fn a_death_that_was_reported_is_recorded_for_its_day_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let officer = app.officer(ORIGIN);
    let agency = app.agency(Agency::CivilAffairs);
    let report = |day: &str| json!({"input": {"residentId": people::resident_id(1), "diedOn": day, "source": "殡葬登记"}});
    let told = app.data(&agency, DEATH, report("2026-11-01")).await;
    let die = |day: &str| json!({"input": {"workerId": id, "diedOn": day, "source": "村委会"}});
    let refused = app.data(&officer, DEATH, die("2026-11-02")).await;
    assert_eq!(
        refused["recordDeath"]["userErrors"],
        json!([{"code": "PERSON_DECEASED"}])
    );
    let done = app.data(&officer, DEATH, die("2026-11-01")).await;
    assert_eq!(done["recordDeath"]["receipt"], "RECORDED");
    let known = facts(&app, &officer, &id).await;
    assert_eq!(known.as_array().expect("a list").len(), 2, "{known}");
    // The agency is told nothing of what stands.
    assert_eq!(app.data(&agency, DEATH, report("2026-11-03")).await, told);
}

async fn a_statement_is_taken_back_by_its_county_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    unwilling(&app, &id, 1, "2026-05-01").await;
    let fact = facts(&app, &app.officer(ORIGIN), &id).await[0]["id"].take();
    let input = json!({"workerId": id, "factId": fact, "reason": "录入错误"});
    for region in [DESTINATION, ELSEWHERE] {
        assert_hidden(&app, &app.officer(region), VOID, &input, &id).await;
    }
    for token in [
        app.officer(VILLAGE),
        app.officer("590222101000"),
        app.worker(worker_id(&id)),
        app.helper("h-1"),
        app.agency(Agency::CivilAffairs),
        app.plain(Role::Admin),
    ] {
        let code = app.code(&token, VOID, json!({"input": input})).await;
        assert_eq!(code, "FORBIDDEN");
    }
}
