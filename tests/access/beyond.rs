//! Writes about what a caller reads and may not change say so; about what it does not read they say
//! what they say about nothing.

use employment_exchange::kernel::ids::{self, HouseholdId, LabourFactId, RecordId as _, WorkerId};
use employment_exchange::platform::authn::Role;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};
use crate::support::waiting::Holding;

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![on_postgres_only(
        concat!(
            module_path!(),
            "::nobody_waits_for_a_household_out_of_reach"
        ),
        |app| Box::pin(nobody_waits_for_a_household_out_of_reach(app)),
    )];
    trials.extend(crate::trials![
        a_destination_is_told_that_the_origin_decides,
        a_former_origin_is_told_that_the_origin_decides,
        the_workplace_is_told_that_the_origin_checks_and_its_superiors_return,
        an_ended_household_of_ones_own_is_named_as_ended,
    ]);
    trials
}

/// Whoever waited would learn that the household is there; the bound on waiting would end in an error.
async fn nobody_waits_for_a_household_out_of_reach(app: TestApp) {
    let (worker, household, _) = working(&app).await;
    let own = people::household(&app, NEW_VILLAGE, "e1").await;
    let about = About {
        worker: &worker,
        household: &household,
        own: &own,
    };
    let busy = "UPDATE household SET version = version WHERE household_no = 'h1'";
    let busy = Holding::change(&app, busy).await;
    for (name, _, input) in of_households(&about) {
        let answer = ask(&app, &app.officer(ELSEWHERE), name, &input).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "NOT_FOUND", "{name}: {answer}");
    }
    drop(busy);
}

const NEW_VILLAGE: &str = "590322100200";

/// Somebody of [`ORIGIN`] with their household, and one that the caller may change.
struct About<'a> {
    worker: &'a str,
    household: &'a str,
    own: &'a str,
}

/// A mutation, the field of its input that names the record, and the input.
type Change = (&'static str, &'static str, Value);

/// Every change of a person or household that is the origin's alone.
fn changes(about: &About<'_>) -> Vec<Change> {
    [of_people(about), of_households(about)].concat()
}

fn of_people(about: &About<'_>) -> Vec<Change> {
    let fact = ids::encode(LabourFactId::from_uuid(uuid::Uuid::from_u128(7)));
    let id = people::resident_id(9);
    let to =
        json!({"version": 1, "movedOn": "2026-11-23", "reason": "搬迁", "toVillage": NEW_VILLAGE});
    [
        (
            "recordDeath",
            json!({"diedOn": "2026-11-01", "source": "证明"}),
        ),
        (
            "leavePublicPost",
            json!({"leftOn": "2026-11-01", "source": "协议"}),
        ),
        (
            "assignHelper",
            json!({"helperSubject": "h", "since": "2026-11-01"}),
        ),
        ("voidLabourFact", json!({"factId": fact, "reason": "误登"})),
        (
            "proposeResidentIdCorrection",
            json!({"residentId": id, "version": 1, "reason": "录错"}),
        ),
        (
            "proposeNameCorrection",
            json!({"name": "王小明", "version": 1, "reason": "录错"}),
        ),
        ("moveWorker", to),
    ]
    .map(|(name, more)| {
        (
            name,
            "workerId",
            with(json!({"workerId": about.worker}), more),
        )
    })
    .to_vec()
}

fn of_households(about: &About<'_>) -> Vec<Change> {
    let household = |more: Value| with(json!({"householdId": about.household}), more);
    let merge = |from: &str, into: &str| {
        json!({"fromId": from, "intoId": into, "fromVersion": 1, "intoVersion": 1,
            "mergedOn": "2026-11-23", "reason": "合户"})
    };
    let to =
        json!({"version": 1, "movedOn": "2026-11-23", "reason": "搬迁", "toVillage": NEW_VILLAGE});
    let split = json!({"memberIds": [about.worker], "version": 1, "splitOn": "2026-11-23",
        "reason": "分户"});
    let member = json!({"name": "王八", "residentId": people::resident_id(8)});
    vec![
        ("moveHousehold", "householdId", household(to)),
        ("splitHousehold", "householdId", household(split)),
        (
            "mergeHouseholds",
            "fromId",
            merge(about.household, about.own),
        ),
        (
            "mergeHouseholds",
            "intoId",
            merge(about.own, about.household),
        ),
        ("registerWorker", "householdId", household(member)),
    ]
}

fn update(worker: &str) -> Change {
    let input = json!({"workerId": worker, "version": 1, "phone": null});
    ("updateWorker", "workerId", input)
}

fn with(mut input: Value, more: Value) -> Value {
    let fields = input.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    input
}

async fn ask(app: &TestApp, token: &str, name: &str, input: &Value) -> Value {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{
           userErrors {{ field code message }} }} }}"
    );
    app.gql(token, &query, json!({"input": input})).await
}

/// Asks for each change as somebody who reads the record, and is told `code` at its field.
async fn told(app: &TestApp, token: &str, changes: Vec<Change>, code: &str) {
    for (name, field, input) in changes {
        let answer = ask(app, token, name, &input).await;
        let error = &answer["data"][name]["userErrors"][0];
        assert_eq!(error["code"], code, "{name} {field}: {answer}");
        assert_eq!(error["field"], json!(["input", field]), "{name}");
        let all = answer["data"][name]["userErrors"].as_array();
        assert_eq!(all.map(Vec::len), Some(1), "{name}");
    }
}

/// The actions that somebody was refused who reads the record, as the trail has them.
async fn refusals(app: &TestApp) -> Vec<String> {
    app.db.refusals().finish().await.expect("written");
    let query = "{ trail(filter: {outcome: \"ANOTHER_DECIDES\"}) { nodes { action } } }";
    let mut data = app.data(&app.plain(Role::Auditor), query, json!({})).await;
    let entries = data["trail"]["nodes"].as_array_mut().expect("a list");
    let mut actions = entries.iter_mut().map(|entry| entry["action"].take());
    let named = actions
        .by_ref()
        .filter_map(|action| Some(action.as_str()?.to_owned()));
    named.collect()
}

/// The same changes for somebody who does not read the record: as of a record that nobody has.
async fn hidden(app: &TestApp, token: &str, there: &About<'_>, own: &str) {
    let worker = ids::encode(WorkerId::from_uuid(uuid::Uuid::from_u128(1)));
    let household = ids::encode(HouseholdId::from_uuid(uuid::Uuid::from_u128(1)));
    let nowhere = About {
        worker: &worker,
        household: &household,
        own,
    };
    let there = About { own, ..*there };
    let mut asked = changes(&there)
        .into_iter()
        .zip(changes(&nowhere))
        .collect::<Vec<_>>();
    asked.push((update(there.worker), update(nowhere.worker)));
    for ((name, _, hidden), (_, _, missing)) in asked {
        let mut hidden = ask(app, token, name, &hidden).await;
        let mut missing = ask(app, token, name, &missing).await;
        let code = &hidden["errors"][0]["extensions"]["code"];
        assert_eq!(code, "NOT_FOUND", "{name}: {hidden}");
        for answer in [&mut hidden, &mut missing] {
            answer["errors"][0]["extensions"]["requestId"].take();
        }
        assert_eq!(hidden, missing, "{name}");
    }
}

/// Somebody of [`ORIGIN`] at work in [`DESTINATION`]: the person, the household and the job.
async fn working(app: &TestApp) -> (String, String, String) {
    let household = people::household(app, VILLAGE, "h1").await;
    let origin = app.officer(ORIGIN);
    let payload = people::register(app, &origin, &household, 1).await;
    let worker = payload["worker"]["id"].as_str().expect("an id").to_owned();
    let record = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
        employment { id state } userErrors { field code } } }";
    let input = json!({"workerId": worker, "form": "EMPLOYED", "workplace": DESTINATION,
        "employerName": "南泽电子有限公司", "startedOn": "2026-03-01"});
    let done = app.data(&origin, record, json!({"input": input})).await;
    let job = &done["recordEmployment"]["employment"];
    assert_eq!(job["state"], "CONFIRMED", "{done}");
    (
        worker,
        household,
        job["id"].as_str().expect("an id").to_owned(),
    )
}

async fn a_destination_is_told_that_the_origin_decides(app: TestApp) {
    let (worker, household, _) = working(&app).await;
    let (there, far) = (
        people::household(&app, "590101001000", "d1").await,
        people::household(&app, NEW_VILLAGE, "e1").await,
    );
    let about = About {
        worker: &worker,
        household: &household,
        own: &there,
    };
    let destination = app.officer(DESTINATION);
    let mut asked = changes(&about);
    asked.push(update(&worker));
    told(&app, &destination, asked, "ORIGIN_DECIDES").await;
    let refused = refusals(&app).await;
    assert!(
        refused.contains(&"worker.record_death".into()),
        "{refused:?}"
    );
    assert!(
        refused.contains(&"worker.move_household".into()),
        "{refused:?}"
    );
    hidden(&app, &app.officer(ELSEWHERE), &about, &far).await;
    // Nothing of it happened.
    let query = "query($id: ID!) { worker(id: $id) { version household { id version } } }";
    let seen = app
        .data(&app.officer(ORIGIN), query, json!({"id": worker}))
        .await;
    assert_eq!(
        seen["worker"]["household"],
        json!({"id": household, "version": 1})
    );
}

async fn a_former_origin_is_told_that_the_origin_decides(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let own = people::household(&app, VILLAGE, "h2").await;
    let origin = app.officer(ORIGIN);
    let payload = people::register(&app, &origin, &household, 1).await;
    let worker = payload["worker"]["id"].as_str().expect("an id").to_owned();
    let input = json!({"householdId": household, "version": 1, "toVillage": NEW_VILLAGE,
        "movedOn": "2026-11-23", "reason": "易地搬迁"});
    let moved = ask(&app, &origin, "moveHousehold", &input).await;
    assert_eq!(
        moved["data"]["moveHousehold"]["userErrors"],
        json!([]),
        "{moved}"
    );
    let about = About {
        worker: &worker,
        household: &household,
        own: &own,
    };
    told(&app, &origin, changes(&about), "ORIGIN_DECIDES").await;
    app.clock
        .set("2026-12-25T02:00:00Z".parse().expect("a valid instant"));
    hidden(&app, &origin, &about, &own).await;
}

async fn the_workplace_is_told_that_the_origin_checks_and_its_superiors_return(app: TestApp) {
    let (_, _, job) = working(&app).await;
    let input = |id: &str| json!({"employmentId": id, "version": 1});
    let returning = |id: &str| with(input(id), json!({"reason": "与流水不符"}));
    let of_workplace = [
        (
            app.officer(DESTINATION),
            ("checkEmployment", "employmentId", input(&job)),
        ),
        (
            app.officer("590100000000"),
            ("returnEmployment", "employmentId", returning(&job)),
        ),
    ];
    for (token, change) in of_workplace {
        told(&app, &token, vec![change], "NOT_RECORDING_SIDE").await;
    }
    let of_nobody = [
        (app.officer(ELSEWHERE), ("checkEmployment", input(&job))),
        (
            app.officer("590300000000"),
            ("returnEmployment", returning(&job)),
        ),
    ];
    for (token, (name, input)) in of_nobody {
        let answer = ask(&app, &token, name, &input).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "NOT_FOUND", "{name}: {answer}");
    }
}

async fn an_ended_household_of_ones_own_is_named_as_ended(app: TestApp) {
    let left = people::household(&app, VILLAGE, "h1").await;
    let entered = people::household(&app, VILLAGE, "h2").await;
    let origin = app.officer(ORIGIN);
    let payload = people::register(&app, &origin, &left, 1).await;
    let input = json!({"workerId": payload["worker"]["id"], "toHouseholdId": entered, "version": 1,
        "movedOn": "2026-11-23", "reason": "结婚"});
    ask(&app, &origin, "moveWorker", &input).await;
    let again = json!({"householdId": left, "name": "王八", "residentId": people::resident_id(8)});
    let into = vec![("registerWorker", "householdId", again)];
    told(&app, &origin, into, "HOUSEHOLD_DISSOLVED").await;
}
