//! Jobs that are reported again: one record, and what each report adds to it.

use chrono::TimeDelta;
use employment_exchange::capability::employment::{policy, service};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, about, at, codes, decide, job, jobs, record, records};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        the_same_report_again_is_no_second_record,
        a_report_adds_what_the_record_lacks,
        a_reporter_says_anew_until_the_township_has_checked,
        what_contradicts_or_is_over_stands_beside,
        a_job_that_counts_is_not_reported_beside_itself,
        the_origin_opens_a_job_of_its_own_in_another_county,
        what_the_origin_says_otherwise_of_a_job_that_counts_is_in_the_trail,
        what_a_bulk_says_twice_is_one_record,
        reports_that_were_kept_are_joined,
    ]
}

const TOWNSHIP: &str = "590222101000";

/// A job of person 1 at the firm, of which only the necessary is said.
fn bare(more: Value) -> Value {
    let mut input = json!({"residentId": people::resident_id(1), "form": "EMPLOYED",
        "employerCreditCode": FIRM, "employerName": "南泽电子有限公司",
        "workplace": DESTINATION, "startedOn": "2026-03-01"});
    for (field, value) in more.as_object().expect("an object") {
        input[field] = value.clone();
    }
    input
}

async fn only(app: &TestApp, person: &str) -> Value {
    let known = records(app, person).await;
    assert_eq!(known.len(), 1, "{known:#?}");
    known[0].clone()
}

/// Outcome, version and fields of the entries about jobs, oldest first.
async fn told(app: &TestApp) -> Vec<(String, Option<i64>, String)> {
    let entries = journal::of_action(app, "employment.record").await;
    let about_jobs = entries
        .into_iter()
        .filter(|entry| entry.record_kind.as_deref() == Some("Employment"));
    about_jobs
        .map(|entry| {
            let fields = entry.changes.unwrap_or_default();
            (entry.outcome, entry.record_version, fields)
        })
        .collect()
}

fn entry(outcome: &str, version: Option<i64>, fields: &str) -> (String, Option<i64>, String) {
    (outcome.to_owned(), version, fields.to_owned())
}

async fn the_same_report_again_is_no_second_record(app: TestApp) {
    let person = people::person(&app, 1).await;
    // Enters the firm, which a village may not.
    record(&app, &app.officer(ORIGIN), job(about(77))).await;
    let village = app.officer(VILLAGE);
    let first = record(&app, &village, job(about(1))).await;
    assert_eq!(first["status"], "REPORTED");
    assert_eq!(record(&app, &village, job(about(1))).await, first);
    for token in [app.employer(FIRM), app.officer(DESTINATION)] {
        let done = record(&app, &token, job(about(1))).await;
        assert_eq!(done["status"], "RECEIVED");
        assert_eq!(done["employment"], json!(null));
    }
    let known = only(&app, &person).await;
    assert_eq!(known["id"], first["employment"]["id"]);
    assert_eq!(known["version"], 1);
    assert_eq!(
        told(&app).await,
        [
            entry("REPORTED", Some(1), "[\"record\"]"),
            entry("REPEATED", None, ""),
            entry("REPEATED", None, ""),
            entry("REPEATED", None, ""),
        ]
    );
    // It waits for the county like any other.
    let confirmed = decide(&app, &app.officer(ORIGIN), "confirmEmployment", at(&known)).await;
    assert_eq!(codes(&confirmed), [""; 0]);
}

async fn a_report_adds_what_the_record_lacks(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.officer(VILLAGE), bare(json!({}))).await;
    let wage = |yuan: &str| bare(json!({"monthlyWage": yuan}));
    record(&app, &app.employer(FIRM), wage("5200.00")).await;
    let known = only(&app, &person).await;
    assert_eq!(
        (&known["monthlyWage"], &known["version"]),
        (&json!("5200.00"), &json!(2))
    );
    // Nobody overwrites what another said; who says otherwise is in the trail.
    record(&app, &app.officer(DESTINATION), wage("4000.00")).await;
    let known = only(&app, &person).await;
    assert_eq!(
        (&known["monthlyWage"], &known["version"]),
        (&json!("5200.00"), &json!(2))
    );
    assert_eq!(
        told(&app).await[1..],
        [
            entry("RECEIVED", Some(2), "[\"employer\",\"monthlyWage\"]"),
            entry("REPEATED", None, "[\"monthlyWage\"]"),
        ]
    );
}

async fn a_reporter_says_anew_until_the_township_has_checked(app: TestApp) {
    let person = people::person(&app, 1).await;
    let (village, township) = (app.officer(VILLAGE), app.officer(TOWNSHIP));
    let wage = |yuan: &str| bare(json!({"monthlyWage": yuan, "employerName": null}));
    record(&app, &village, wage("5200.00")).await;
    record(&app, &village, wage("4800.00")).await;
    let known = only(&app, &person).await;
    assert_eq!(
        (&known["monthlyWage"], &known["version"]),
        (&json!("4800.00"), &json!(2))
    );
    // The township reports it too: that is its check, and its word goes before the village's.
    let done = record(&app, &township, wage("4900.00")).await;
    assert_eq!(done["status"], "REPORTED");
    assert_eq!(done["employment"]["id"], known["id"]);
    let known = only(&app, &person).await;
    assert_eq!(known["checkedByCode"], TOWNSHIP);
    assert_eq!(known["monthlyWage"], "4900.00");
    record(&app, &village, wage("5200.00")).await;
    let kept = only(&app, &person).await;
    assert_eq!(kept, known);
}

async fn what_contradicts_or_is_over_stands_beside(app: TestApp) {
    let person = people::person(&app, 1).await;
    let (village, origin) = (app.officer(VILLAGE), app.officer(ORIGIN));
    record(&app, &village, bare(json!({}))).await;
    // Another county says that the job is there.
    let there = bare(json!({"workplace": ELSEWHERE}));
    record(&app, &app.officer(ELSEWHERE), there.clone()).await;
    record(&app, &app.officer(ELSEWHERE), there).await;
    let known = records(&app, &person).await;
    assert_eq!(known.len(), 2, "{known:#?}");
    for report in &known {
        let mut mistake = at(report);
        mistake["reason"] = "查无此事".into();
        decide(&app, &origin, "voidEmployment", mistake).await;
    }
    // What was refused may be reported anew.
    record(&app, &village, bare(json!({}))).await;
    assert_eq!(records(&app, &person).await.len(), 3);
}

async fn a_job_that_counts_is_not_reported_beside_itself(app: TestApp) {
    let person = people::person(&app, 1).await;
    let opened = record(&app, &app.officer(ORIGIN), job(about(1))).await;
    let told = record(&app, &app.officer(VILLAGE), job(about(1))).await;
    assert_eq!(told, opened);
    record(&app, &app.employer(FIRM), job(about(1))).await;
    let known = only(&app, &person).await;
    assert_eq!(
        (&known["state"], &known["version"]),
        (&json!("CONFIRMED"), &json!(1))
    );
    let mut end = at(&known);
    end["endedOn"] = "2026-09-30".into();
    end["reason"] = "RESIGNED".into();
    decide(&app, &app.officer(ORIGIN), "endEmployment", end).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    assert_eq!(records(&app, &person).await.len(), 2);
}

async fn the_origin_opens_a_job_of_its_own_in_another_county(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let flexible = |workplace: &str| {
        bare(
            json!({"form": "FLEXIBLE", "employerCreditCode": null, "employerName": null,
            "workplace": workplace}),
        )
    };
    let first = record(&app, &origin, flexible(DESTINATION)).await;
    let second = record(&app, &origin, flexible(ELSEWHERE)).await;
    assert_eq!(second["status"], "CONFIRMED");
    assert_ne!(second["employment"]["id"], first["employment"]["id"]);
    for county in [DESTINATION, ELSEWHERE] {
        let seen = jobs(&app, &app.officer(county), &person).await;
        assert_eq!(seen["workStatus"], "WORKING", "{county}");
    }
    // Each said again is the one in its county.
    for (workplace, known) in [(DESTINATION, &first), (ELSEWHERE, &second)] {
        let again = record(&app, &origin, flexible(workplace)).await;
        assert_eq!(again, *known, "{workplace}");
    }
    assert_eq!(records(&app, &person).await.len(), 2);
}

async fn what_the_origin_says_otherwise_of_a_job_that_counts_is_in_the_trail(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let first = record(&app, &origin, bare(json!({"monthlyWage": "5200.00"}))).await;
    let street = json!({"monthlyWage": "4800.00", "workplace": "590101001000"});
    for said in [bare(street), bare(json!({}))] {
        assert_eq!(record(&app, &origin, said).await, first);
    }
    let known = only(&app, &person).await;
    assert_eq!(known["monthlyWage"], "5200.00");
    assert_eq!(
        told(&app).await,
        [
            entry("CONFIRMED", Some(1), "[\"record\"]"),
            entry("REPEATED", None, "[\"monthlyWage\",\"workplaceCode\"]"),
            entry("REPEATED", None, ""),
        ]
    );
}

async fn what_a_bulk_says_twice_is_one_record(app: TestApp) {
    let person = people::person(&app, 1).await;
    let query = "mutation($input: RecordEmploymentsInput!) { recordEmployments(input: $input) {
        results { status employment { id } } } }";
    let input = json!({"input": {"items": [job(about(1)), job(about(1)), job(about(2))]}});
    let done = app.data(&app.officer(VILLAGE), query, input).await;
    let results = &done["recordEmployments"]["results"];
    assert_eq!(results[0]["status"], "REPORTED");
    assert_eq!(results[1], results[0]);
    assert_eq!(
        results[2],
        json!({"status": "RECEIVED", "employment": null})
    );
    only(&app, &person).await;
}

async fn reports_that_were_kept_are_joined(app: TestApp) {
    // Nobody knows the firm yet, nor the person.
    let by_code = bare(json!({"employerName": null}));
    record(&app, &app.officer(VILLAGE), by_code.clone()).await;
    record(&app, &app.employer(FIRM), by_code.clone()).await;
    let wage = bare(json!({"monthlyWage": "5200.00"}));
    record(&app, &app.employer(FIRM), wage).await;
    let person = people::person(&app, 1).await;
    let system = Caller::system("test.retold", None, app.db.refusals().clone());
    let permit = system.permit(&policy::ADOPT_REPORTS).expect("granted");
    let adopted = service::adopt_reports(&app.db, &permit, TimeDelta::days(30)).await;
    assert_eq!(adopted.expect("adopted"), 3);
    let known = only(&app, &person).await;
    assert_eq!(known["employer"], json!({"creditCode": FIRM}));
    assert_eq!(known["monthlyWage"], "5200.00");
    record(&app, &app.officer(VILLAGE), by_code).await;
    assert_eq!(only(&app, &person).await, known);
}
