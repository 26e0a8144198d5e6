//! Divisions that end: the employers seated there belong to what took their place.

use employment_exchange::capability::employer::{policy, service};
use employment_exchange::capability::{audit, employment, region, worker};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{REGISTER, UPDATE, input};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{DESTINATION, ELSEWHERE, ORIGIN, VILLAGE, credit_code};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        an_employer_follows_its_division_whatever_became_of_it,
        what_nobody_has_to_follow_keeps_no_writer_waiting,
        an_employer_enters_itself_in_what_took_the_place_of_its_codes_division,
    ]
}

/// A township and a village beside [`VILLAGE`].
const TOWNSHIP: &str = "590222101000";
const NEIGHBOUR: &str = "590222101208";
/// A county that is merged, and one that takes another code.
const MERGED: &str = "590102000000";
const RENAMED: &str = "590323000000";
/// What ends without anybody taking its place.
const GIVEN_UP: &str = "590301000000";

/// With the day one county is merged into its neighbour, one takes another code, one is split
/// between two (one of its villages goes elsewhere), and one ends without a successor.
const TABLE: &str = "code,level,parent,name_zh,valid_from,valid_to,successor
590102000000,COUNTY,590100000000,乙区,,2026-11-23,590101000000
590323000000,COUNTY,590300000000,旧县,,2026-11-23,590391000000
590391000000,COUNTY,590300000000,新县,2026-11-24,,
590222000000,COUNTY,590200000000,甲县,,2026-11-23,590322000000
590222101209,VILLAGE,590222101000,乙村,,2026-11-23,590322100200
590301000000,COUNTY,590300000000,丁区,,2026-11-23,
";

/// Runs the job; how many employers followed.
async fn apply(app: &TestApp) -> u64 {
    let caller = Caller::system("test.successors", None, app.db.refusals().clone());
    let permit = caller.permit(&policy::APPLY_SUCCESSORS).expect("granted");
    let done = service::apply_successors(&app.db, &permit).await;
    done.expect("done")
}

async fn load(app: &TestApp, table: &str) {
    let caller = Caller::system("test.regions", None, app.db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT).expect("granted");
    let mut silent = |_| {};
    let loaded = region::service::import(&app.db, &permit, table.as_bytes(), false, &mut silent);
    assert_eq!(loaded.await.expect("loads").refused, 0);
}

async fn seat(app: &TestApp, number: u32) -> (String, i64) {
    let query = "query($code: CreditCode) { employer(creditCode: $code) { regionCode version } }";
    let officer = app.officer("590000000000");
    let told = app
        .data(&officer, query, json!({"code": credit_code(number)}))
        .await;
    let Value::String(region) = &told["employer"]["regionCode"] else {
        panic!("{told}");
    };
    let version = told["employer"]["version"].as_i64().expect("a version");
    (region.clone(), version)
}

async fn an_employer_follows_its_division_whatever_became_of_it(app: TestApp) {
    let province = app.officer("590000000000");
    let seats = [
        (MERGED, DESTINATION),
        (RENAMED, "590391000000"),
        (ORIGIN, ELSEWHERE),
        (TOWNSHIP, ELSEWHERE),
        (NEIGHBOUR, ELSEWHERE),
        (VILLAGE, "590322100200"),
        (GIVEN_UP, GIVEN_UP),
        (DESTINATION, DESTINATION),
    ];
    for (number, (from, _)) in (0..).zip(seats) {
        let new = input(&credit_code(number), "ENTERPRISE", from);
        let done = app.data(&province, REGISTER, new).await;
        assert_eq!(done["registerEmployer"]["userErrors"], json!([]), "{from}");
    }
    load(&app, TABLE).await;
    assert_eq!(apply(&app).await, 0, "the last day counts");
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
    assert_eq!(apply(&app).await, 6);
    assert_eq!(apply(&app).await, 0, "once is enough");
    for (number, (from, to)) in (0..).zip(seats) {
        let version = if from == to { 1 } else { 2 };
        assert_eq!(seat(&app, number).await, (to.to_owned(), version), "{from}");
    }
    let entries = journal::of_action(&app, "employer.apply_successors").await;
    let told = entries.iter().filter(|entry| {
        entry.record_kind.as_deref() == Some("Employer")
            && entry.changes.as_deref() == Some("[\"regionCode\"]")
    });
    assert_eq!(told.count(), 6);

    let listed =
        "query($in: RegionCode) { employers(filter: {region: $in}) { nodes { creditCode } } }";
    let seen = app
        .data(&app.officer(ELSEWHERE), listed, json!({"in": ELSEWHERE}))
        .await;
    let nodes = seen["employers"]["nodes"].as_array().expect("a list");
    assert_eq!(nodes.len(), 4, "{seen}");
    // Whoever took over decides about it, and the one before no more.
    let query = "query($code: CreditCode) { employer(creditCode: $code) { id } }";
    let id = app
        .data(&province, query, json!({"code": credit_code(2)}))
        .await["employer"]["id"]
        .take();
    let change = json!({"input": {"id": id, "version": 2, "kind": "COOPERATIVE"}});
    let before = app.officer(ORIGIN);
    let refused = app.refusal(&before, UPDATE, change.clone()).await;
    assert_eq!(refused, "COUNTY_DECIDES");
    let done = app.data(&app.officer(ELSEWHERE), UPDATE, change).await;
    assert_eq!(done["updateEmployer"]["employer"]["version"], 3, "{done}");
}

async fn what_nobody_has_to_follow_keeps_no_writer_waiting(app: TestApp) {
    load(&app, TABLE).await;
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
    let caller = Caller::system("test.successors", None, app.db.refusals().clone());
    let permit = caller.permit(&policy::APPLY_SUCCESSORS).expect("granted");
    // On SQLite there is one writer: whoever opened another unit of work would wait for this one.
    let writer = app.db.write(permit.clone()).await.expect("a session");
    let followed = service::apply_successors(&app.db, &permit).await;
    assert_eq!(followed.expect("nobody is waited for"), 0);
    let permit = caller.permit(&worker::policy::APPLY_SUCCESSORS);
    let permit = permit.expect("granted");
    let followed = worker::service::apply_successors(&app.db, &permit).await;
    assert_eq!(followed.expect("nobody is waited for"), 0);
    let permit = caller.permit(&employment::policy::APPLY_SUCCESSORS);
    let permit = permit.expect("granted");
    let followed = employment::service::apply_successors(&app.db, &permit).await;
    assert_eq!(followed.expect("nobody is waited for"), 0);
    let permit = caller.permit(&audit::policy::APPLY_SUCCESSORS);
    let permit = permit.expect("granted");
    let followed = audit::service::apply_successors(&app.db, &permit).await;
    assert_eq!(followed.expect("nobody is waited for"), 0);
    drop(writer);
}

async fn an_employer_enters_itself_in_what_took_the_place_of_its_codes_division(app: TestApp) {
    // The codes are of 590101; one of its townships goes elsewhere.
    let table = "code,level,parent,name_zh,valid_from,valid_to,successor
590101000000,COUNTY,590100000000,甲区,,2026-11-23,590102000000
590101001000,TOWNSHIP,590101000000,城关街道,,2026-11-23,590322100000
";
    load(&app, table).await;
    let enter = async |number: u32, region: &str| {
        let code = credit_code(number);
        let new = input(&code, "ENTERPRISE", region);
        let mut done = app.data(&app.employer(&code), REGISTER, new).await;
        let payload = done["registerEmployer"].take();
        match payload["userErrors"][0]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => payload["employer"]["regionCode"]
                .as_str()
                .expect("a seat")
                .to_owned(),
        }
    };
    assert_eq!(
        enter(1, MERGED).await,
        "COUNTY_DECIDES",
        "not before the last day"
    );
    assert_eq!(enter(2, DESTINATION).await, DESTINATION);
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
    for (number, (region, expected)) in (3..).zip([
        (MERGED, MERGED),
        ("590102001000", "590102001000"),
        (DESTINATION, MERGED),
        ("590101001000", "590322100000"),
        ("590101001200", "590322100000"),
        (ELSEWHERE, "COUNTY_DECIDES"),
        ("590100000000", "COUNTY_DECIDES"),
    ]) {
        assert_eq!(enter(number, region).await, expected, "{region}");
    }
    // An officer says where the seat is now.
    let new = input(&credit_code(20), "ENTERPRISE", DESTINATION);
    let refused = app.data(&app.officer("590000000000"), REGISTER, new).await;
    let code = &refused["registerEmployer"]["userErrors"][0]["code"];
    assert_eq!(code, "UNKNOWN_REGION");
}
