//! Reports: what they give away, and how they come to count.

use employment_exchange::capability::employment::{policy, public, service};
use employment_exchange::kernel::ids::{WorkerId, decode};
use employment_exchange::kernel::year_month::YearMonth;
use employment_exchange::platform::authz::{Action, Caller, Permit, Write};
use employment_exchange::platform::journal::AuditEntry;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, RECORD, about, codes, decide, job, jobs, record};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_report_answers_the_same_whoever_it_is_about,
        what_is_only_reported_is_the_origins_to_see,
        a_refused_report_stays_hidden_from_its_reporter,
        the_origins_county_opens_a_record_at_once_and_those_below_report,
        a_person_reports_about_nobody_else,
        an_insurance_month_confirms_what_had_started,
        a_report_waits_for_a_registration_and_is_erased_otherwise,
        one_report_sent_again_is_kept_once,
    ]
}

fn system(app: &TestApp, action: &Action<Write>) -> Permit<Write> {
    Caller::system("test.employment", None, app.db.refusals().clone())
        .permit(action)
        .expect("granted to the system")
}

async fn a_report_answers_the_same_whoever_it_is_about(app: TestApp) {
    people::person(&app, 1).await;
    // Enters the firm, so that every report below finds it.
    record(&app, &app.officer(ELSEWHERE), job(about(3))).await;
    for (token, input) in [
        (app.officer(DESTINATION), json!({})),
        (app.officer(ELSEWHERE), json!({})),
        (app.employer(FIRM), json!({})),
        (app.helper("cadre"), json!({})),
        (app.helper("cadre"), json!({"employerCreditCode": null})),
    ] {
        let mut answers = Vec::new();
        let mut statements = Vec::new();
        // Each twice: what is on record already is answered as what is not.
        for number in [1, 2, 1, 2] {
            let mut input = job(input.clone());
            input["residentId"] = people::resident_id(number).into();
            let before = app.db.statements_sent();
            let answer = app.post(&token, RECORD, json!({"input": input})).await;
            let answer = answer.text().await.expect("a body");
            statements.push(app.db.statements_sent() - before);
            answers.push(answer);
        }
        assert_eq!(answers, [answers[0].as_str(); 4]);
        let expected = json!({"data": {"recordEmployment":
            {"status": "RECEIVED", "employment": null, "userErrors": []}}});
        let body: Value = serde_json::from_str(&answers[0]).expect("JSON");
        assert_eq!(body["data"], expected["data"]);
        assert!(body.get("errors").is_none());
        assert_eq!(statements, [statements[0]; 4]);
    }
}

async fn what_is_only_reported_is_the_origins_to_see(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.officer(DESTINATION), job(about(1))).await;
    let origin = jobs(&app, &app.officer(ORIGIN), &person).await;
    let reported = &origin["employments"]["nodes"][0];
    assert_eq!(reported["state"], "REPORTED");
    assert_eq!(origin["currentEmployments"], json!([]));
    assert_eq!(origin["workStatus"], "UNKNOWN");
    for token in [
        app.officer(DESTINATION),
        app.officer(ELSEWHERE),
        app.employer(FIRM),
    ] {
        assert_eq!(jobs(&app, &token, &person).await, json!(null));
        let one = "query($id: ID!) { employment(id: $id) { id } }";
        let seen = app.data(&token, one, json!({"id": reported["id"]})).await;
        assert_eq!(seen, json!({"employment": null}));
    }
    let worker = app.worker(decode::<WorkerId>(&person).expect("a worker id"));
    let own = jobs(&app, &worker, &person).await;
    assert_eq!(own["employments"]["nodes"][0]["state"], "REPORTED");
    let input = json!({"employmentId": reported["id"], "version": 1});
    let confirm = "mutation($input: ConfirmEmploymentInput!) {
        confirmEmployment(input: $input) { userErrors { code } } }";
    let input = json!({"input": input});
    for (token, code) in [
        (app.officer(DESTINATION), "NOT_FOUND"),
        (app.officer(VILLAGE), "FORBIDDEN"),
        (app.officer("590222101000"), "FORBIDDEN"),
        (app.officer("590200000000"), "FORBIDDEN"),
        (app.employer(FIRM), "FORBIDDEN"),
    ] {
        assert_eq!(app.code(&token, confirm, input.clone()).await, code);
    }
}

async fn a_refused_report_stays_hidden_from_its_reporter(app: TestApp) {
    let person = people::person(&app, 1).await;
    let employer = app.employer(FIRM);
    record(&app, &employer, job(about(1))).await;
    let origin = app.officer(ORIGIN);
    let id = jobs(&app, &origin, &person).await["employments"]["nodes"][0]["id"].clone();
    let input = json!({"employmentId": id, "version": 1, "reason": "查无此事"});
    let voided = decide(&app, &origin, "voidEmployment", input).await;
    assert_eq!(voided["employment"]["state"], "VOIDED");
    for token in [employer, app.officer(DESTINATION)] {
        let one = "query($id: ID!) { employment(id: $id) { id } }";
        let seen = app.data(&token, one, json!({"id": id})).await;
        assert_eq!(seen, json!({"employment": null}));
    }
}

async fn the_origins_county_opens_a_record_at_once_and_those_below_report(app: TestApp) {
    let person = people::person(&app, 1).await;
    for (region, status) in [
        (VILLAGE, "REPORTED"),
        ("590200000000", "REPORTED"),
        ("590222101000", "REPORTED"),
        (ORIGIN, "CONFIRMED"),
        ("590000000000", "CONFIRMED"),
        (ELSEWHERE, "RECEIVED"),
    ] {
        let done = record(&app, &app.officer(region), job(about(1))).await;
        assert_eq!(done["status"], status, "{region}");
        assert_eq!(
            done["employment"].is_null(),
            status == "RECEIVED",
            "{region}"
        );
    }
    let by_id = json!({"workerId": person});
    let done = record(&app, &app.officer(ORIGIN), job(by_id.clone())).await;
    assert_eq!(done["status"], "CONFIRMED");
    // Its jobs make the destination see the person; what it records is a report all the same.
    let done = record(&app, &app.officer(DESTINATION), job(by_id.clone())).await;
    assert_eq!(done["status"], "RECEIVED");
    let input = json!({"input": job(by_id)});
    let hidden = app.code(&app.officer(ELSEWHERE), RECORD, input).await;
    assert_eq!(hidden, "NOT_FOUND");
}

async fn a_person_reports_about_nobody_else(app: TestApp) {
    let person = people::person(&app, 1).await;
    people::person(&app, 2).await;
    let token = app.worker(decode::<WorkerId>(&person).expect("a worker id"));
    let own = record(&app, &token, job(about(1))).await;
    assert_eq!(own["status"], "REPORTED");
    assert_eq!(own["employment"]["state"], "REPORTED");
    for number in [2, 3] {
        let input = json!({"input": job(about(number))});
        assert_eq!(
            app.code(&token, RECORD, input).await,
            "NOT_FOUND",
            "{number}"
        );
    }
}

async fn an_insurance_month_confirms_what_had_started(app: TestApp) {
    let person = people::person(&app, 1).await;
    // Nobody knows the firm yet: it is kept by its code.
    let unknown = json!({"residentId": people::resident_id(1), "employerName": null});
    record(&app, &app.employer(FIRM), job(unknown)).await;
    let late = json!({"residentId": people::resident_id(1), "startedOn": "2026-11-01"});
    record(&app, &app.officer(DESTINATION), job(late)).await;
    let origin = app.officer(ORIGIN);
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
    let firm = app.data(&origin, firm, json!({"code": FIRM})).await;
    let firm = decode(firm["employer"]["id"].as_str().expect("an id")).expect("an employer id");
    let worker = decode::<WorkerId>(&person).expect("a worker id");
    let month = YearMonth::parse("2026-10").expect("a month");
    let confirm = async |months: &[_]| {
        let permit = system(&app, &policy::ADOPT_REPORTS);
        let mut tx = app.db.write(permit).await.expect("a unit of work");
        let confirmed = public::confirm_by_insurance_in(&mut tx, months)
            .await
            .expect("confirmed");
        let entry = AuditEntry::done(&confirmed).expect("JSON");
        tx.commit(entry).await.expect("committed");
        confirmed
    };
    assert_eq!(confirm(&[(worker, firm, month)]).await, 1);
    assert_eq!(confirm(&[(worker, firm, month)]).await, 0);
    assert_eq!(confirm(&[]).await, 0);
    let seen = jobs(&app, &app.officer(DESTINATION), &person).await;
    let nodes = seen["employments"]["nodes"].as_array().expect("a list");
    assert_eq!(
        nodes.len(),
        1,
        "the later report is still the origin's alone"
    );
    assert_eq!(nodes[0]["confirmedBy"], "INSURANCE");
    assert_eq!(
        seen["currentEmployments"][0]["employer"]["creditCode"],
        FIRM
    );
    // Both sides may void what insurance confirmed.
    let void = json!({"employmentId": nodes[0]["id"], "version": 2, "reason": "参保错误"});
    let voided = decide(&app, &app.officer(DESTINATION), "voidEmployment", void).await;
    assert_eq!(codes(&voided), [""; 0]);
}

async fn a_report_waits_for_a_registration_and_is_erased_otherwise(app: TestApp) {
    record(&app, &app.employer(FIRM), job(about(1))).await;
    record(&app, &app.employer(FIRM), job(about(2))).await;
    let kept = chrono::TimeDelta::days(30);
    let adopt = async || {
        let permit = system(&app, &policy::ADOPT_REPORTS);
        service::adopt_reports(&app.db, &permit, kept)
            .await
            .expect("adopted")
    };
    let erase = async || {
        let permit = system(&app, &policy::ERASE_REPORTS);
        let erased = service::erase_expired_reports(&app.db, &permit, kept).await;
        erased.expect("erased")
    };
    assert_eq!(adopt().await, 0);
    let person = people::person(&app, 1).await;
    assert_eq!((adopt().await, adopt().await), (1, 0));
    let seen = jobs(&app, &app.officer(ORIGIN), &person).await;
    let nodes = &seen["employments"]["nodes"];
    assert_eq!(nodes[0]["state"], "REPORTED");
    assert_eq!(nodes.as_array().map(Vec::len), Some(1));
    app.clock
        .set("2026-12-22T02:00:00Z".parse().expect("valid"));
    assert_eq!(erase().await, 0);
    app.clock
        .set("2026-12-23T02:00:00Z".parse().expect("valid"));
    people::person(&app, 2).await;
    assert_eq!(adopt().await, 0, "the report's term is over");
    assert_eq!((erase().await, erase().await), (1, 0));
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test looks behind the exchange's back at what it keeps"
)]
async fn kept(app: &TestApp) -> usize {
    use sea_orm::EntityTrait as _;
    let database = sea_orm::Database::connect(&app.database_url).await;
    let database = database.expect("opens");
    let rows = entity::job_report::Entity::find().all(&database).await;
    database.close().await.expect("closes");
    rows.expect("readable").len()
}

async fn one_report_sent_again_is_kept_once(app: TestApp) {
    let firm = app.employer(FIRM);
    let wage = json!({"residentId": people::resident_id(1), "monthlyWage": "6000.00"});
    for (token, input, expected) in [
        (&firm, about(1), 1),
        (&firm, about(1), 1),
        (&firm, wage, 2),
        (&firm, about(2), 3),
        (&app.officer(DESTINATION), about(1), 4),
        (&firm, about(1), 4),
    ] {
        record(&app, token, job(input)).await;
        assert_eq!(kept(&app).await, expected);
    }
    // It is kept for its term from when it was said last.
    let term = chrono::TimeDelta::days(30);
    let at = |instant: &str| app.clock.set(instant.parse().expect("an instant"));
    at("2026-12-20T02:00:00Z");
    record(&app, &app.employer(FIRM), job(about(1))).await;
    at("2026-12-23T02:00:00Z");
    let permit = system(&app, &policy::ERASE_REPORTS);
    let erased = service::erase_expired_reports(&app.db, &permit, term).await;
    assert_eq!(erased.expect("erased"), 3);
    people::person(&app, 1).await;
    let permit = system(&app, &policy::ADOPT_REPORTS);
    let adopted = service::adopt_reports(&app.db, &permit, term).await;
    assert_eq!(adopted.expect("adopted"), 1);
}
