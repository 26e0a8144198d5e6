//! The same job told or decided by many at once: it stays one job, and nobody waits for another in
//! a circle.

use chrono::TimeDelta;
use employment_exchange::capability::employment::{policy, public, service};
use employment_exchange::capability::worker::public as registry;
use employment_exchange::kernel::error::Refusal;
use employment_exchange::kernel::ids::{EmploymentId, WorkerId, decode};
use employment_exchange::kernel::year_month::YearMonth;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::AuditEntry;
use futures::future::join_all;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, about, at, codes, decide, job, record, records};
use crate::support::app::TestApp;
use crate::support::callers::officer;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};
use crate::support::waiting::somebody_waits;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![
        the_countys_word_said_many_times_at_once_is_one_job,
        of_many_reports_confirmed_at_once_one_counts,
        a_ledger_imported_many_times_at_once_records_one_job,
    ];
    trials.push(on_postgres_only(
        concat!(module_path!(), "::a_report_waits_for_nobody_out_of_reach"),
        |app| Box::pin(a_report_waits_for_nobody_out_of_reach(app)),
    ));
    trials.push(on_postgres_only(
        concat!(
            module_path!(),
            "::a_decision_and_a_delivery_do_not_wait_for_each_other"
        ),
        |app| Box::pin(a_decision_and_a_delivery_do_not_wait_for_each_other(app)),
    ));
    trials
}

/// More than a server of the tests has connections.
const MANY: usize = 12;

fn of_state<'a>(records: &'a [Value], state: &str) -> Vec<&'a Value> {
    let jobs = records.iter().filter(|job| job["state"] == state);
    jobs.collect()
}

async fn the_countys_word_said_many_times_at_once_is_one_job(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    // Enters the firm, for which they would wait in line.
    record(&app, &origin, job(about(77))).await;
    let all = join_all((0..MANY).map(|_| record(&app, &origin, job(about(1))))).await;
    assert!(all.iter().all(|done| *done == all[0]), "{all:#?}");
    assert_eq!(all[0]["status"], "CONFIRMED");
    assert_eq!(records(&app, &person).await.len(), 1);
}

async fn of_many_reports_confirmed_at_once_one_counts(app: TestApp) {
    let person = people::person(&app, 1).await;
    for day in 1..=6 {
        let since = json!({"residentId": people::resident_id(1),
            "startedOn": format!("2026-03-{day:02}")});
        record(&app, &app.officer(VILLAGE), job(since)).await;
    }
    let reported = records(&app, &person).await;
    assert_eq!(of_state(&reported, "REPORTED").len(), 6);
    let origin = app.officer(ORIGIN);
    let confirm = |report| decide(&app, &origin, "confirmEmployment", at(report));
    let all = join_all(reported.iter().map(confirm)).await;
    let mut outcomes: Vec<_> = all.iter().map(codes).collect();
    outcomes.sort_unstable();
    let mut expected = vec![vec!["ALREADY_CONFIRMED"]; 6];
    expected[0] = Vec::new();
    assert_eq!(outcomes, expected);
    let known = records(&app, &person).await;
    assert_eq!(of_state(&known, "CONFIRMED").len(), 1, "{known:#?}");
}

async fn a_ledger_imported_many_times_at_once_records_one_job(app: TestApp) {
    let person = people::person(&app, 1).await;
    let id = people::resident_id(1);
    let path = app.directory.join("ledger.csv");
    let text = format!(
        "household_no,name,resident_id,origin_region_code,category,workplace_region_code,\
         employer_credit_code,job_start\n\
         h1,王小1,{id},{VILLAGE},脱贫户,{DESTINATION},{FIRM},2026-03-01\n"
    );
    std::fs::write(&path, text).expect("writable");
    let import = || crate::ledger::run(&app, &path, ORIGIN, false);
    join_all((0..MANY).map(|_| import())).await;
    let known = records(&app, &person).await;
    assert_eq!(known.len(), 1, "{known:#?}");
}

async fn a_report_waits_for_nobody_out_of_reach(app: TestApp) {
    let person = people::person(&app, 1).await;
    // Enters the firm, for which the report would wait.
    record(&app, &app.officer(ORIGIN), job(about(77))).await;
    let worker = decode::<WorkerId>(&person).expect("a worker id");
    let system = Caller::system("test.races", None, app.db.refusals().clone());
    let adopts = || system.permit(&policy::ADOPT_REPORTS).expect("granted");
    let busy = app.db.write(adopts()).await.expect("a unit of work");
    let locked = registry::lock_in(&busy, &[worker]).await;
    assert_eq!(locked.expect("locked").len(), 1);

    let stranger = app.employer(FIRM);
    let told = record(&app, &stranger, job(about(1))).await;
    let unregistered = record(&app, &stranger, job(about(2))).await;
    assert_eq!(told["status"], "RECEIVED");
    assert_eq!(
        told, unregistered,
        "as about somebody who is not registered"
    );
    drop(busy);

    assert_eq!(records(&app, &person).await, [json!(null); 0]);
    let kept = TimeDelta::days(30);
    let adopted = service::adopt_reports(&app.db, &adopts(), kept).await;
    assert_eq!(adopted.expect("adopted"), 1);
    let known = records(&app, &person).await;
    assert_eq!(of_state(&known, "REPORTED").len(), 1, "{known:#?}");
}

async fn a_decision_and_a_delivery_do_not_wait_for_each_other(app: TestApp) {
    let person = people::person(&app, 1).await;
    // A job whose employer is only written, until a month of insurance tells who it is.
    let written = json!({"residentId": people::resident_id(1), "employerName": null});
    record(&app, &app.officer(ORIGIN), job(written)).await;
    record(&app, &app.officer(ORIGIN), job(about(77))).await;
    let known = records(&app, &person).await;
    let worker = decode::<WorkerId>(&person).expect("a worker id");
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
    let firm = app
        .data(&app.officer(ORIGIN), firm, json!({"code": FIRM}))
        .await;
    let firm = decode(firm["employer"]["id"].as_str().expect("an id")).expect("an employer id");
    let system = Caller::system("test.races", None, app.db.refusals().clone());
    let delivers = system.permit(&policy::ADOPT_REPORTS).expect("granted");
    let mut delivery = app.db.write(delivers).await.expect("a unit of work");
    let locked = registry::lock_in(&delivery, &[worker]).await;
    assert_eq!(locked.expect("locked").len(), 1);

    let job = known[0]["id"].as_str().expect("an id");
    let end = service::EndEmployment {
        target: service::Target {
            id: decode::<EmploymentId>(job).expect("a job's id"),
            version: 1,
        },
        ended_on: "2026-11-20".parse().expect("a day"),
        reason: public::EndReason::Resigned,
    };
    let ends = officer(&app, ORIGIN)
        .await
        .permit(&policy::END)
        .expect("granted");
    let decision = app.db.write(ends).await.expect("a unit of work");
    let decision = tokio::spawn(service::end(decision, end));
    somebody_waits(&app).await;
    let month = YearMonth::parse("2026-10").expect("a month");
    public::confirm_by_insurance_in(&mut delivery, &[(worker, firm, month)])
        .await
        .expect("the delivery holds what it needs");
    let entry = AuditEntry::done(&()).expect("JSON");
    delivery.commit(entry).await.expect("committed");
    // Whoever waited finds what the delivery left.
    match decision.await.expect("no panic") {
        Err(Refusal::Expected(errors)) => {
            assert_eq!(errors[0].code, "STALE_VERSION", "{errors:?}");
        }
        other => panic!("{other:?}"),
    }
    let known = records(&app, &person).await;
    assert_eq!(known[0]["employer"], json!({"creditCode": FIRM}));
}
