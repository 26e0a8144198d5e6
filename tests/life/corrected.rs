//! A resident id that is corrected while somebody is matched by it: what is told of the id's holder is
//! not told of whoever had it by mistake.

use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};
use crate::support::waiting::Holding;

pub fn trials() -> Vec<Trial> {
    vec![
        on_postgres_only(
            concat!(module_path!(), "::no_death_reaches_whoever_had_the_id"),
            |app| Box::pin(no_death_reaches_whoever_had_the_id(app)),
        ),
        on_postgres_only(
            concat!(
                module_path!(),
                "::no_job_of_a_ledger_reaches_whoever_had_the_id"
            ),
            |app| Box::pin(no_job_of_a_ledger_reaches_whoever_had_the_id(app)),
        ),
    ]
}

/// Person 1, the only one, gets another resident id as soon as somebody waits for it.
async fn corrected(app: &TestApp) -> Holding {
    let other = "UPDATE worker SET resident_id_index = decode(repeat('07', 32), 'hex')";
    Holding::change(app, other).await
}

async fn status(app: &TestApp, id: &str) -> Value {
    let query = "query($id: ID!) { worker(id: $id) { workStatus } }";
    let seen = app
        .data(&app.officer(ORIGIN), query, json!({"id": id}))
        .await;
    seen["worker"]["workStatus"].clone()
}

async fn no_death_reaches_whoever_had_the_id(app: TestApp) {
    let id = people::person(&app, 1).await;
    let correction = corrected(&app).await;
    let report = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
        receipt userErrors { code } } }";
    let input = json!({"input": {"residentId": people::resident_id(1), "diedOn": "2026-11-01",
        "source": "殡葬登记"}});
    let agency = app.agency(Agency::CivilAffairs);
    let (told, ()) = futures::join!(
        app.data(&agency, report, input),
        correction.end_when_waited_for(&app)
    );
    assert_eq!(told["recordDeath"]["receipt"], "RECEIVED", "{told}");
    assert_eq!(status(&app, &id).await, "UNKNOWN");
}

async fn no_job_of_a_ledger_reaches_whoever_had_the_id(app: TestApp) {
    let id = people::person(&app, 1).await;
    let number = people::resident_id(1);
    let path = app.directory.join("ledger.csv");
    let text = format!(
        "household_no,name,resident_id,origin_region_code,category,workplace_region_code,\
         job_start\nh1,王小1,{number},{VILLAGE},脱贫户,{DESTINATION},2026-03-01\n"
    );
    std::fs::write(&path, text).expect("writable");
    let correction = corrected(&app).await;
    let ((summary, reports), ()) = futures::join!(
        crate::ledger::run(&app, &path, ORIGIN, false),
        correction.end_when_waited_for(&app)
    );
    // The row is about somebody new by then.
    assert_eq!(
        (summary.accepted, summary.registered),
        (1, 1),
        "{reports:?}"
    );
    assert_eq!(status(&app, &id).await, "UNKNOWN");
}
