//! One job told by several: the township's check, the county's word, the months that confirm, and
//! employers that are only written.

use employment_exchange::capability::employment::{policy, public};
use employment_exchange::kernel::ids::{WorkerId, decode};
use employment_exchange::kernel::year_month::YearMonth;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::AuditEntry;
use libtest_mimic::Trial;
use serde_json::json;

use super::{FIRM, about, at, codes, decide, job, jobs, record, records, working};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_township_checks_and_its_county_decides,
        the_origins_word_confirms_the_report_that_is_there,
        one_hire_that_three_report_becomes_one_job,
        an_employer_that_was_only_written_is_resolved,
        nobody_gets_a_second_job_with_an_employer_by_resolving_it,
        who_may_not_register_an_employer_only_writes_it,
        a_township_enters_employers_of_its_own_county_only,
        a_mistake_is_nothing_to_the_employer,
        one_job_that_two_items_name_is_shown_for_both,
    ]
}

const TOWNSHIP: &str = "590222101000";
async fn a_township_checks_and_its_county_decides(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.officer(VILLAGE), job(about(1))).await;
    let reported = &records(&app, &person).await[0];
    assert_eq!(reported["checkedOn"], json!(null));
    let township = app.officer(TOWNSHIP);
    let checked = decide(&app, &township, "checkEmployment", at(reported)).await;
    assert_eq!(codes(&checked), [""; 0]);
    let reported = &records(&app, &person).await[0];
    assert_eq!(reported["state"], "REPORTED");
    assert_eq!(reported["checkedOn"], "2026-11-23");
    assert_eq!(reported["checkedByCode"], TOWNSHIP);
    let confirm = "mutation($input: ConfirmEmploymentInput!) {
        confirmEmployment(input: $input) { userErrors { code } } }";
    let input = json!({"input": at(reported)});
    assert_eq!(app.code(&township, confirm, input).await, "FORBIDDEN");
    let county = app.officer(ORIGIN);
    let confirmed = decide(&app, &county, "confirmEmployment", at(reported)).await;
    assert_eq!(confirmed["employment"]["state"], "CONFIRMED");
    let decided = &records(&app, &person).await[0];
    let again = decide(&app, &township, "checkEmployment", at(decided)).await;
    assert_eq!(codes(&again), ["NOT_REPORTED"]);
    // What a township reports itself it has looked at.
    let own = json!({"residentId": people::resident_id(1), "startedOn": "2026-05-01"});
    let done = record(&app, &township, job(own)).await;
    assert_eq!(done["status"], "REPORTED");
    assert_eq!(records(&app, &person).await[0]["checkedByCode"], TOWNSHIP);
}

async fn the_origins_word_confirms_the_report_that_is_there(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    let reported = records(&app, &person).await;
    let origin = app.officer(ORIGIN);
    let said = json!({"residentId": people::resident_id(1), "monthlyWage": "6000.00"});
    let done = record(&app, &origin, job(said.clone())).await;
    assert_eq!(done["status"], "CONFIRMED");
    assert_eq!(done["employment"]["id"], reported[0]["id"]);
    assert_eq!(done["employment"]["confirmedBy"], "ORIGIN");
    record(&app, &origin, job(said)).await;
    let known = records(&app, &person).await;
    assert_eq!(known.len(), 1, "{known:?}");
    assert_eq!(known[0]["monthlyWage"], "6000.00");
    let seen = jobs(&app, &app.officer(DESTINATION), &person).await;
    assert_eq!(seen["workStatus"], "WORKING");
    // One that was a mistake does not stand in the way of the right one.
    let mistake = json!({"employmentId": known[0]["id"], "version": 2, "reason": "误登"});
    decide(&app, &origin, "voidEmployment", mistake).await;
    let anew = record(&app, &origin, job(about(1))).await;
    assert_ne!(anew["employment"]["id"], known[0]["id"]);
    assert_eq!(records(&app, &person).await.len(), 2);
}

/// A month of insurance of a person at [`FIRM`] comes in; how many jobs it confirms.
async fn month(app: &TestApp, person: &str, month: &str) -> u64 {
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
    let firm = app
        .data(&app.officer(ORIGIN), firm, json!({"code": FIRM}))
        .await;
    let firm = decode(firm["employer"]["id"].as_str().expect("an id")).expect("an employer id");
    let worker = decode::<WorkerId>(person).expect("a worker id");
    let month = YearMonth::parse(month).expect("a month");
    let permit = Caller::system("test.employment", None, app.db.refusals().clone())
        .permit(&policy::ADOPT_REPORTS)
        .expect("granted to the system");
    let mut tx = app.db.write(permit).await.expect("a unit of work");
    let confirmed = public::confirm_by_insurance_in(&mut tx, &[(worker, firm, month)])
        .await
        .expect("confirmed");
    let entry = AuditEntry::done(&confirmed).expect("JSON");
    tx.commit(entry).await.expect("committed");
    confirmed
}

async fn one_hire_that_three_report_becomes_one_job(app: TestApp) {
    let person = people::person(&app, 1).await;
    let since = |day: &str| json!({"residentId": people::resident_id(1), "startedOn": day});
    record(&app, &app.employer(FIRM), job(since("2026-03-01"))).await;
    record(&app, &app.officer(VILLAGE), job(since("2026-03-05"))).await;
    record(&app, &app.officer(DESTINATION), job(since("2026-03-02"))).await;
    assert_eq!(month(&app, &person, "2026-10").await, 1);
    assert_eq!(month(&app, &person, "2026-11").await, 0);
    let known = records(&app, &person).await;
    let state = |of: &str| known.iter().filter(|job| job["state"] == of).count();
    assert_eq!((state("CONFIRMED"), state("REPORTED")), (1, 2));
    // It ends, and arrears are paid: the reports that are left do not open it again.
    let confirmed = known.iter().find(|job| job["state"] == "CONFIRMED");
    let mut end = at(confirmed.expect("one"));
    end["endedOn"] = "2026-09-30".into();
    end["reason"] = "RESIGNED".into();
    decide(&app, &app.officer(ORIGIN), "endEmployment", end).await;
    assert_eq!(month(&app, &person, "2026-08").await, 0);
    assert_eq!(month(&app, &person, "2026-10").await, 0);
    let seen = jobs(&app, &app.officer(ORIGIN), &person).await;
    assert_eq!(seen["workStatus"], "NOT_WORKING");
    // A later job with the same employer is another one.
    record(&app, &app.employer(FIRM), job(since("2026-11-02"))).await;
    assert_eq!(month(&app, &person, "2026-11").await, 1);
}

async fn an_employer_that_was_only_written_is_resolved(app: TestApp) {
    // Enters the firm.
    working(&app).await;
    let person = people::person(&app, 2).await;
    let named = json!({"residentId": people::resident_id(2), "employerCreditCode": null});
    let origin = app.officer(ORIGIN);
    let done = record(&app, &origin, job(named)).await;
    assert_eq!(done["status"], "CONFIRMED");
    let written = &records(&app, &person).await[0];
    assert_eq!(written["employerName"], "南泽电子有限公司");
    assert_eq!(written["employer"], json!(null));
    let by = |code: &str| {
        let mut input = at(written);
        input["creditCode"] = code.into();
        input
    };
    for (code, expected) in [
        ("nonsense", "BAD_CREDIT_CODE"),
        ("92590102MA5P0A2E32", "UNKNOWN_EMPLOYER"),
    ] {
        let refused = decide(&app, &origin, "resolveEmployer", by(code)).await;
        assert_eq!(codes(&refused), [expected]);
    }
    // The county of work knows its employers best.
    let destination = app.officer(DESTINATION);
    let resolved = decide(&app, &destination, "resolveEmployer", by(FIRM)).await;
    assert_eq!(
        resolved["employment"]["employer"],
        json!({"creditCode": FIRM})
    );
    let mut again = by(FIRM);
    again["version"] = 2.into();
    let again = decide(&app, &origin, "resolveEmployer", again).await;
    assert_eq!(codes(&again), ["EMPLOYER_KNOWN"]);
    assert_eq!(
        jobs(&app, &app.employer(FIRM), &person).await["workStatus"],
        "WORKING"
    );
}

async fn nobody_gets_a_second_job_with_an_employer_by_resolving_it(app: TestApp) {
    let (person, first) = working(&app).await;
    let origin = app.officer(ORIGIN);
    let written = |since: &str| {
        json!({"residentId": people::resident_id(1), "employerCreditCode": null,
            "employerName": "南泽电子", "startedOn": since})
    };
    let resolve = async |since: &str| {
        let known = records(&app, &person).await;
        let mut input = at(known
            .iter()
            .find(|job| job["startedOn"] == since)
            .expect("a job"));
        input["creditCode"] = FIRM.into();
        let done = decide(&app, &origin, "resolveEmployer", input).await;
        codes(&done).join(" ")
    };
    for since in ["2026-04-01", "2026-02-01"] {
        let done = record(&app, &origin, job(written(since))).await;
        assert_eq!(done["status"], "CONFIRMED");
        assert_eq!(resolve(since).await, "ALREADY_CONFIRMED", "{since}");
    }
    // A report is decided upon when it is confirmed.
    let report = job(written("2026-05-01"));
    record(&app, &app.officer(DESTINATION), report).await;
    assert_eq!(resolve("2026-05-01").await, "");
    let known = records(&app, &person).await;
    let report = known.iter().find(|job| job["startedOn"] == "2026-05-01");
    let refused = decide(
        &app,
        &origin,
        "confirmEmployment",
        at(report.expect("a job")),
    )
    .await;
    assert_eq!(codes(&refused), ["ALREADY_CONFIRMED"]);
    // One after the other: the day on which a job ends no longer counts.
    let end = json!({"employmentId": first, "version": 1, "endedOn": "2026-04-01",
        "reason": "RESIGNED"});
    assert_eq!(
        codes(&decide(&app, &origin, "endEmployment", end).await),
        [""; 0]
    );
    assert_eq!(resolve("2026-02-01").await, "ALREADY_CONFIRMED");
    assert_eq!(resolve("2026-04-01").await, "");
}

async fn who_may_not_register_an_employer_only_writes_it(app: TestApp) {
    let person = people::person(&app, 1).await;
    let worker = app.worker(decode::<WorkerId>(&person).expect("a worker id"));
    let origin = app.officer(ORIGIN);
    for (token, day) in [
        (&app.officer(VILLAGE), "2026-03-01"),
        (&app.helper("cadre"), "2026-03-02"),
        (&worker, "2026-03-03"),
    ] {
        let since = json!({"residentId": people::resident_id(1), "startedOn": day});
        record(&app, token, job(since)).await;
    }
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
    let entered = app.data(&origin, firm, json!({"code": FIRM})).await;
    assert_eq!(entered, json!({"employer": null}));
    let known = records(&app, &person).await;
    assert_eq!(known.len(), 3);
    for job in &known {
        assert_eq!(job["employerName"], "南泽电子有限公司");
        assert_eq!(job["employerCode"], FIRM);
    }
    // The county enters the firm with a job of somebody else, and confirms.
    people::person(&app, 2).await;
    record(&app, &origin, job(about(2))).await;
    let confirmed = decide(&app, &origin, "confirmEmployment", at(&known[0])).await;
    assert_eq!(
        confirmed["employment"]["employer"],
        json!({"creditCode": FIRM})
    );
    let resolved = &records(&app, &person).await;
    let resolved = resolved.iter().find(|job| job["id"] == known[0]["id"]);
    assert_eq!(resolved.expect("it")["employerCode"], json!(null));
}

async fn a_township_enters_employers_of_its_own_county_only(app: TestApp) {
    // Seated in the township's county by its code.
    const OWN: &str = "91590222000000078G";
    let person = people::person(&app, 1).await;
    let (township, origin) = (app.officer(TOWNSHIP), app.officer(ORIGIN));
    let entered = async |code: &str| {
        let firm = "query($code: CreditCode!) { employer(creditCode: $code) { name } }";
        let data = app.data(&origin, firm, json!({"code": code})).await;
        data["employer"]["name"].clone()
    };
    for (code, since) in [(FIRM, "2026-03-01"), (OWN, "2026-04-01")] {
        let said = json!({"residentId": people::resident_id(1), "employerCreditCode": code,
            "employerName": "随便写的名称", "startedOn": since});
        let done = record(&app, &township, job(said)).await;
        assert_eq!(done["status"], "REPORTED", "{done}");
    }
    assert_eq!(entered(FIRM).await, json!(null));
    assert_eq!(entered(OWN).await, "随便写的名称");
    let known = records(&app, &person).await;
    let written = known.iter().find(|job| job["employerCode"] == FIRM);
    let written = written.expect("kept as written");
    assert_eq!(written["employerName"], "随便写的名称");
    // The county of its seat enters it; from then on the job is that employer's.
    let input = json!({"creditCode": FIRM, "name": "南泽电子有限公司", "kind": "ENTERPRISE",
        "regionCode": DESTINATION});
    let register = "mutation($input: RegisterEmployerInput!) {
        registerEmployer(input: $input) { userErrors { code } } }";
    let done = app
        .data(&app.officer(DESTINATION), register, json!({"input": input}))
        .await;
    assert_eq!(done["registerEmployer"]["userErrors"], json!([]));
    assert_eq!(month(&app, &person, "2026-10").await, 1);
    let known = records(&app, &person).await;
    let firm = known.iter().find(|job| job["id"] == written["id"]);
    let firm = firm.expect("the same record");
    assert_eq!(firm["employer"], json!({"creditCode": FIRM}));
    assert_eq!(firm["state"], "CONFIRMED");
}

async fn a_mistake_is_nothing_to_the_employer(app: TestApp) {
    let (_, id) = working(&app).await;
    let employer = app.employer(FIRM);
    let one = "query($id: ID!) { employment(id: $id) { state } }";
    let seen = app.data(&employer, one, json!({"id": id})).await;
    assert_eq!(seen["employment"]["state"], "CONFIRMED");
    let mistake = json!({"employmentId": id, "version": 1, "reason": "同名误登"});
    decide(&app, &app.officer(ORIGIN), "voidEmployment", mistake).await;
    let seen = app.data(&employer, one, json!({"id": id})).await;
    assert_eq!(seen, json!({"employment": null}));
}

async fn one_job_that_two_items_name_is_shown_for_both(app: TestApp) {
    people::person(&app, 1).await;
    let query = "mutation($input: RecordEmploymentsInput!) { recordEmployments(input: $input) {
        results { status employment { id } } } }";
    let input = json!({"input": {"items": [job(about(1)), job(about(1))]}});
    let done = app.data(&app.officer(ORIGIN), query, input).await;
    let results = &done["recordEmployments"]["results"];
    assert_eq!(results[0]["status"], "CONFIRMED");
    assert!(results[0]["employment"]["id"].is_string(), "{results}");
    assert_eq!(results[1], results[0]);
}
