//! Counties that end: their successor answers their findings.

use employment_exchange::capability::{audit, region};
use employment_exchange::platform::authn::Role;
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FINDING, for_county, found, run};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_finding_for_a_county_that_ended_is_its_successors_to_answer]
}

/// The county ends with the day.
const TABLE: &str = "code,level,parent,name_zh,valid_to,successor
590222000000,COUNTY,590200000000,甲县,2026-11-23,590322000000
";

/// Runs the job; how many findings followed.
async fn apply(app: &TestApp) -> u64 {
    let caller = Caller::system("test.successors", None, app.db.refusals().clone());
    let permit = caller
        .permit(&audit::policy::APPLY_SUCCESSORS)
        .expect("granted");
    let done = audit::service::apply_successors(&app.db, &permit).await;
    done.expect("done")
}

async fn seen(app: &TestApp, token: &str, id: &Value) -> Value {
    let query = format!("query($id: ID!) {{ finding(id: $id) {{ {FINDING} }} }}");
    let mut told = app.data(token, &query, json!({"id": id})).await;
    told["finding"].take()
}

async fn a_finding_for_a_county_that_ended_is_its_successors_to_answer(app: TestApp) {
    let old = app.officer(ORIGIN);
    let answered = found(&app, for_county(ORIGIN)).await["id"].take();
    let open = found(&app, for_county(ORIGIN)).await["id"].take();
    let other = found(&app, for_county(DESTINATION)).await["id"].take();
    let input = json!({"id": answered, "version": 1, "answer": "已核"});
    run(&app, &old, "answerFinding", input).await;

    let caller = Caller::system("test.regions", None, app.db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT).expect("granted");
    let mut silent = |_| {};
    let loaded = region::service::import(&app.db, &permit, TABLE.as_bytes(), false, &mut silent);
    assert_eq!(loaded.await.expect("loads").updated, 1);
    assert_eq!(apply(&app).await, 0, "the last day counts");
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
    assert_eq!(apply(&app).await, 2);
    assert_eq!(apply(&app).await, 0, "once is enough");

    let new = app.officer(ELSEWHERE);
    for id in [&answered, &open] {
        assert_eq!(seen(&app, &old, id).await, json!(null));
        assert_eq!(seen(&app, &new, id).await["responsibleCounty"], ELSEWHERE);
    }
    let kept = seen(&app, &new, &answered).await;
    assert_eq!(kept["answer"]["regionCode"], ORIGIN, "who answered stays");
    assert_eq!(kept["version"], 3);
    let untouched = seen(&app, &app.plain(Role::Auditor), &other).await;
    assert_eq!(
        (&untouched["responsibleCounty"], &untouched["version"]),
        (&json!(DESTINATION), &json!(1))
    );
    let input = json!({"id": open, "version": 2, "answer": "由新县答复"});
    let told = run(&app, &new, "answerFinding", input).await;
    assert_eq!(told["finding"]["state"], "ANSWERED", "{told}");
    let entries = journal::of_action(&app, "audit.apply_successors").await;
    let about = entries
        .iter()
        .filter(|entry| entry.record_kind.as_deref() == Some("Finding"));
    assert_eq!(about.count(), 2);
}
