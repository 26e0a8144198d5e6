//! Changing what is known of a person.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};

use super::{codes, rejected, worker_id};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        the_origin_changes_every_field_and_null_clears,
        what_is_known_already_changes_nothing,
        of_two_updates_of_one_version_one_is_stale_and_shows_the_current_record,
        people_change_their_own_contact_data_and_willingness_only,
        a_township_leaves_the_account_to_its_county,
        a_township_registers_without_the_account,
        whoever_may_not_update_is_told_nothing_about_the_record,
        a_stay_lets_its_region_see_the_person_until_it_ends,
        a_repeated_update_happens_once,
        a_key_tells_a_field_that_is_cleared_from_one_that_is_left_out,
        a_phone_leaves_the_rows_that_say_who_sees_the_person,
    ]
}

const UPDATE: &str = "mutation($input: UpdateWorkerInput!) { updateWorker(input: $input) {
    worker { version phoneMask bankAccountMask education skills originAddress stayCode
             able willing workStatus workStatusSince }
    userErrors { field code message } } }";

async fn update(app: &TestApp, token: &str, id: &str, version: i64, change: Value) -> Value {
    let mut data = app.data(token, UPDATE, input(id, version, change)).await;
    data["updateWorker"].take()
}

fn input(id: &str, version: i64, change: Value) -> Value {
    let mut input = json!({"workerId": id, "version": version});
    input
        .as_object_mut()
        .expect("an object")
        .extend(change.as_object().expect("an object").clone());
    json!({"input": input})
}

async fn the_origin_changes_every_field_and_null_clears(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let stated = |value, since| json!({"value": value, "since": since, "source": "村委会"});
    let changed = update(
        &app,
        &origin,
        &id,
        1,
        json!({"phone": "13800001234", "bankAccount": "6222000011112222", "education": "BACHELOR",
               "skills": ["焊工", " 电工 "], "originAddress": "三组12号", "stay": DESTINATION,
               "able": stated(true, "2026-01-01"), "willing": stated(false, "2026-02-01"),
               "notWorkingSince": "2026-03-01"}),
    )
    .await;
    assert_eq!(
        changed,
        json!({"worker": {"version": 2, "phoneMask": "138****1234",
               "bankAccountMask": "************2222", "education": "BACHELOR",
               "skills": ["焊工", "电工"], "originAddress": "三组12号", "stayCode": DESTINATION,
               "able": true, "willing": false, "workStatus": "NOT_WORKING",
               "workStatusSince": "2026-03-01"}, "userErrors": []})
    );
    let cleared = update(
        &app,
        &origin,
        &id,
        2,
        json!({"phone": null, "bankAccount": null, "education": null, "skills": [],
               "originAddress": null, "stay": null,
               "leftLabourForce": stated(true, "2026-10-01")}),
    )
    .await;
    assert_eq!(
        cleared,
        json!({"worker": {"version": 3, "phoneMask": null, "bankAccountMask": null,
               "education": null, "skills": [], "originAddress": null, "stayCode": null,
               "able": true, "willing": false, "workStatus": "LEFT_LABOUR_FORCE",
               "workStatusSince": "2026-10-01"}, "userErrors": []})
    );
    let same = update(&app, &origin, &id, 3, json!({"education": null})).await;
    assert_eq!(same["worker"]["version"], 3, "nothing changed");
    bad_values_change_nothing(&app, &origin, &id).await;
}

async fn bad_values_change_nothing(app: &TestApp, origin: &str, id: &str) {
    let tomorrow = json!({"value": true, "since": "2026-11-24", "source": "村委会"});
    for (change, field, code) in [
        (json!({"phone": "12"}), "input.phone", "BAD_PHONE"),
        (
            json!({"bankAccount": "12"}),
            "input.bankAccount",
            "BAD_BANK_ACCOUNT",
        ),
        (
            json!({"stay": "598888000000"}),
            "input.stay",
            "UNKNOWN_REGION",
        ),
        (json!({"able": tomorrow}), "input.able", "DATE_IN_FUTURE"),
        (
            json!({"originAddress": " "}),
            "input.originAddress",
            "BAD_TEXT",
        ),
        (
            json!({"willing": {"value": true, "since": "2026-01-01", "source": ""}}),
            "input.willing",
            "BAD_TEXT",
        ),
    ] {
        let refused = update(app, origin, id, 3, change).await;
        assert_eq!(codes(&refused), rejected(field, code));
        assert_eq!(refused["worker"]["version"], 3);
    }
}

async fn what_is_known_already_changes_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let nothing = json!({"phone": "139 3062 8917", "bankAccount": null, "education": null,
        "originAddress": null, "stay": null, "skills": []});
    let same = update(&app, &origin, &id, 1, nothing).await;
    assert_eq!(codes(&same), []);
    assert_eq!(same["worker"]["version"], 1, "as it was registered");

    let stated = |value| json!({"value": value, "since": "2026-01-01", "source": "村委会"});
    let everything = json!({"phone": "13800001234", "bankAccount": "6222000011112222",
        "education": "BACHELOR", "skills": ["焊工"], "originAddress": "三组12号",
        "stay": DESTINATION, "able": stated(true), "willing": stated(false),
        "leftLabourForce": stated(false), "notWorkingSince": "2026-03-01"});
    let first = update(&app, &origin, &id, 1, everything.clone()).await;
    assert_eq!(first["worker"]["version"], 2);
    let record = "query($id: ID!) { worker(id: $id) { version updatedAt labourFacts { id } } }";
    let before = app.data(&origin, record, json!({"id": id})).await;
    app.clock
        .set("2026-11-23T03:00:00Z".parse().expect("a valid instant"));
    let again = update(&app, &origin, &id, 2, everything.clone()).await;
    assert_eq!(again, first, "it says what is known");
    assert_eq!(app.data(&origin, record, json!({"id": id})).await, before);
    let entries = journal::of_action(&app, "worker.update").await;
    let changes: Vec<_> = entries.iter().map(|entry| entry.record_version).collect();
    assert_eq!(
        changes,
        [None, Some(2), None],
        "two of three changed nothing"
    );

    // What was said otherwise since is not what is known.
    for (version, value) in [(2, false), (3, true), (4, true)] {
        let able = json!({"able": stated(value)});
        let told = update(&app, &origin, &id, version, able).await;
        assert_eq!(told["worker"]["able"], value);
        let expected = if version == 4 { 4 } else { version + 1 };
        assert_eq!(told["worker"]["version"], expected, "{version}");
    }
    // The same end of a number is not the same number.
    let other = json!({"phone": "13899991234", "bankAccount": "7222000011112222"});
    let told = update(&app, &origin, &id, 4, other).await;
    assert_eq!(told["worker"]["version"], 5);
}

async fn of_two_updates_of_one_version_one_is_stale_and_shows_the_current_record(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let twins = futures::future::join_all(["13800000001", "13800000002"].map(|phone| {
        let change = json!({"phone": phone});
        update(&app, &origin, &id, 1, change)
    }))
    .await;
    let stale: Vec<_> = twins
        .iter()
        .filter(|twin| !codes(twin).is_empty())
        .collect();
    assert_eq!(stale.len(), 1, "{twins:?}");
    assert_eq!(codes(stale[0]), rejected("input.version", "STALE_VERSION"));
    assert_eq!(stale[0]["worker"]["version"], 2);
}

async fn people_change_their_own_contact_data_and_willingness_only(app: TestApp) {
    let id = people::person(&app, 1).await;
    let other = people::person(&app, 2).await;
    let own = app.worker(worker_id(&id));
    let willing = json!({"value": true, "since": "2026-11-01", "source": "县医院"});
    let changed = update(
        &app,
        &own,
        &id,
        1,
        json!({"phone": "13800001234", "bankAccount": "6222000011112222", "willing": willing}),
    )
    .await;
    assert_eq!(codes(&changed), []);
    assert_eq!(changed["worker"]["willing"], true);
    let refused = update(
        &app,
        &own,
        &id,
        2,
        json!({"phone": "13800001299", "education": "BACHELOR", "stay": DESTINATION}),
    )
    .await;
    assert_eq!(
        codes(&refused),
        ["input.education", "input.stay"].map(|field| (field.into(), "FIELD_NOT_ALLOWED".into()))
    );
    assert_eq!(
        refused["worker"]["phoneMask"], "138****1234",
        "nothing of it was taken"
    );
    let others = app
        .code(&own, UPDATE, input(&other, 1, json!({"phone": null})))
        .await;
    assert_eq!(others, "NOT_FOUND");
}

async fn a_township_leaves_the_account_to_its_county(app: TestApp) {
    let id = people::person(&app, 1).await;
    let township = app.officer("590222101000");
    for account in [json!("6222000011112222"), json!(null)] {
        let change = json!({"phone": "13800001234", "bankAccount": account});
        let told = update(&app, &township, &id, 1, change).await;
        assert_eq!(told["userErrors"][0]["code"], "FIELD_NOT_ALLOWED");
        assert_eq!(
            told["userErrors"][0]["field"],
            json!(["input", "bankAccount"])
        );
        assert_eq!(told["worker"]["version"], 1, "nothing was written");
    }
    let done = update(&app, &township, &id, 1, json!({"phone": "13800001234"})).await;
    assert_eq!(done["worker"]["version"], 2);
}

async fn a_township_registers_without_the_account(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let query = "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
        worker { id } userErrors { field code } } }";
    let mut person = json!({"householdId": household, "name": "王小1",
        "residentId": people::resident_id(1), "bankAccount": "6222000011112222"});
    let township = app.officer("590222101000");
    let told = app.data(&township, query, json!({"input": person})).await;
    let error = json!([{"field": ["input", "bankAccount"], "code": "FIELD_NOT_ALLOWED"}]);
    assert_eq!(told["registerWorker"]["userErrors"], error);
    assert_eq!(told["registerWorker"]["worker"], json!(null));
    person["bankAccount"] = json!(null);
    let told = app.data(&township, query, json!({"input": person})).await;
    assert_eq!(told["registerWorker"]["userErrors"], json!([]));
    assert!(told["registerWorker"]["worker"]["id"].is_string());
}

async fn whoever_may_not_update_is_told_nothing_about_the_record(app: TestApp) {
    let id = people::person(&app, 1).await;
    let missing = ids::encode(app.db.ids().next::<WorkerId>());
    let change = json!({"phone": "13800001234"});
    for region in [DESTINATION, ELSEWHERE, "590322100000"] {
        let token = app.officer(region);
        let hidden = app.gql(&token, UPDATE, input(&id, 1, change.clone())).await;
        let absent = app
            .gql(&token, UPDATE, input(&missing, 1, change.clone()))
            .await;
        assert_eq!(hidden["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(
            hidden["errors"][0]["message"],
            absent["errors"][0]["message"]
        );
        assert!(!hidden.to_string().contains("13800001234"));
    }
    for token in [
        app.officer(VILLAGE),
        app.officer("590200000000"),
        app.plain(Role::Admin),
        app.plain(Role::Auditor),
        app.helper("h-1"),
        app.agency(Agency::Agriculture),
    ] {
        let code = app
            .code(&token, UPDATE, input(&id, 1, change.clone()))
            .await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn a_stay_lets_its_region_see_the_person_until_it_ends(app: TestApp) {
    let id = people::person(&app, 1).await;
    let query = "query($id: ID!) { worker(id: $id) { name } }";
    let seen = |region: &'static str| {
        let (app, id) = (&app, &id);
        async move {
            let token = app.officer(region);
            let data = app.data(&token, query, json!({"id": id})).await;
            !data["worker"].is_null()
        }
    };
    assert!(!seen(DESTINATION).await);
    let origin = app.officer(ORIGIN);
    update(&app, &origin, &id, 1, json!({"stay": DESTINATION})).await;
    assert!(seen(DESTINATION).await);
    assert!(!seen(ELSEWHERE).await);
    update(&app, &origin, &id, 2, json!({"stay": ELSEWHERE})).await;
    assert!(!seen(DESTINATION).await);
    assert!(seen(ELSEWHERE).await);
    update(&app, &origin, &id, 3, json!({"stay": null})).await;
    assert!(!seen(ELSEWHERE).await);
}

async fn a_repeated_update_happens_once(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let change = json!({"idempotencyKey": "k1", "phone": "13800001234"});
    for _ in 0..2 {
        let done = update(&app, &origin, &id, 1, change.clone()).await;
        assert_eq!(codes(&done), []);
        assert_eq!(done["worker"]["version"], 2);
    }
    let other = json!({"idempotencyKey": "k1", "phone": "13800001235"});
    let code = app.code(&origin, UPDATE, input(&id, 1, other)).await;
    assert_eq!(code, "CONFLICT");
}

async fn a_key_tells_a_field_that_is_cleared_from_one_that_is_left_out(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let kept = json!({"idempotencyKey": "k1", "phone": "13800001234"});
    let done = update(&app, &origin, &id, 1, kept.clone()).await;
    assert_eq!(codes(&done), []);
    for cleared in ["bankAccount", "education", "originAddress", "stay"] {
        let mut other = kept.clone();
        other[cleared] = json!(null);
        let code = app.code(&origin, UPDATE, input(&id, 1, other)).await;
        assert_eq!(code, "CONFLICT", "{cleared}");
    }
    let again = update(&app, &origin, &id, 1, kept).await;
    assert_eq!(
        (codes(&again).len(), &again["worker"]["version"]),
        (0, &json!(2))
    );
}

/// Lets nobody take away a row that says who sees somebody.
#[expect(
    clippy::disallowed_methods,
    reason = "rows that are written anew as they were look like rows that were left alone"
)]
async fn keep_every_row(app: &TestApp) {
    use sea_orm::ConnectionTrait as _;
    let database = sea_orm::Database::connect(&app.database_url).await;
    let database = database.expect("opens");
    let keep = if app.database_url.starts_with("sqlite") {
        "CREATE TRIGGER keep BEFORE DELETE ON worker_visibility
           BEGIN SELECT RAISE(ABORT, 'kept'); END"
    } else {
        "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'kept'; END $$;
         CREATE TRIGGER keep BEFORE DELETE ON worker_visibility
           FOR EACH ROW EXECUTE FUNCTION keep()"
    };
    database.execute_unprepared(keep).await.expect("a trigger");
    database.close().await.expect("closes");
}

async fn a_phone_leaves_the_rows_that_say_who_sees_the_person(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let job = json!({"input": {"workerId": id, "form": "FLEXIBLE", "workplace": DESTINATION,
        "startedOn": "2026-03-01"}});
    let record = "mutation($input: RecordEmploymentInput!) {
        recordEmployment(input: $input) { status } }";
    let done = app.data(&origin, record, job).await;
    assert_eq!(done["recordEmployment"]["status"], "CONFIRMED");
    keep_every_row(&app).await;
    let phone = json!({"phone": "13800001234"});
    let changed = update(&app, &origin, &id, 2, phone).await;
    assert_eq!(changed["userErrors"], json!([]), "{changed}");
}
