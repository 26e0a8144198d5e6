//! The same job told again after its employer came to be known by another name: written by code or
//! by name at first, registered or resolved since. However the tellings follow each other, it stays
//! one job.

use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, about, at, codes, decide, job, jobs, record, records};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_ledger_finds_a_job_whose_code_was_registered_since,
        a_ledger_finds_a_job_whose_name_was_resolved_since,
        a_ledger_finds_a_job_whose_employer_it_could_not_read,
        a_row_that_is_put_right_tells_the_same_job,
        a_row_by_name_tells_the_job_that_was_recorded_by_code,
        a_report_by_code_is_the_job_that_the_county_records_by_id,
        a_report_by_code_is_the_job_of_the_ledger,
        a_month_tells_the_employer_of_the_job_that_counts,
        of_two_reports_the_one_in_the_same_county_is_meant,
        a_ledger_states_the_place_of_a_job_that_was_reported_elsewhere,
        what_the_county_leaves_out_stays_as_reported,
        a_code_that_a_second_report_brings_is_not_lost,
        a_month_does_not_choose_between_counties,
        no_fact_begins_a_job_after_a_death,
        neither_a_ledger_nor_a_month_undoes_a_void,
        another_job_stays_another_job,
    ]
}

const NAME: &str = "南泽电子有限公司";
const HEADER: &str = "household_no,name,resident_id,origin_region_code,category,\
    workplace_region_code,employer_name,employer_credit_code,job_start";

/// The ledger of the county says of person 1, once more, who employs them.
async fn import(app: &TestApp, employer_name: &str, code: &str) {
    let id = people::resident_id(1);
    let row =
        format!("h1,王小1,{id},{VILLAGE},脱贫户,{DESTINATION},{employer_name},{code},2026-03-01");
    let path = app.directory.join("ledger.csv");
    std::fs::write(&path, format!("{HEADER}\n{row}\n")).expect("writable");
    let (summary, reports) = crate::ledger::run(app, &path, ORIGIN, false).await;
    assert_eq!(summary.rejected, 0, "{reports:?}");
}

async fn register(app: &TestApp) {
    let input = json!({"creditCode": FIRM, "name": NAME, "kind": "ENTERPRISE",
        "regionCode": DESTINATION});
    let register = "mutation($input: RegisterEmployerInput!) { registerEmployer(input: $input) {
        employer { id } userErrors { code } } }";
    let officer = app.officer(DESTINATION);
    let made = app.data(&officer, register, json!({"input": input})).await;
    assert_eq!(made["registerEmployer"]["userErrors"], json!([]), "{made}");
}

/// A month of pension insurance of person 1 comes in from the firm.
async fn pay_pension(app: &TestApp) {
    let row = json!({"residentId": people::resident_id(1), "employerCreditCode": FIRM,
        "employerName": NAME, "kind": "PENSION", "entry": "NORMAL", "periodMonth": "2026-10",
        "postingMonth": "2026-10", "base": "4000.00", "employerAmount": "640.00",
        "personalAmount": "320.00"});
    let query = "mutation($input: SubmitContributionsInput!) {
        submitContributions(input: $input) { submissionId userErrors { code } } }";
    let agency = app.agency(Agency::SocialInsurance);
    app.data(&agency, query, json!({"input": {"items": [row]}}))
        .await;
}

/// The county says who the employer of the only job is.
async fn resolve(app: &TestApp, person: &str) {
    let mut input = at(&only(app, person).await);
    input["creditCode"] = FIRM.into();
    let done = decide(app, &app.officer(ORIGIN), "resolveEmployer", input).await;
    assert_eq!(codes(&done), [""; 0]);
}

/// The one record of a job that a person has.
async fn only(app: &TestApp, person: &str) -> Value {
    let known = records(app, person).await;
    assert_eq!(known.len(), 1, "{known:#?}");
    known[0].clone()
}

/// Person 1 has one job, which counts and is the firm's.
async fn is_the_firms(app: &TestApp, person: &str) {
    let job = only(app, person).await;
    assert_eq!(job["state"], "CONFIRMED", "{job}");
    assert_eq!(job["employer"], json!({"creditCode": FIRM}), "{job}");
    assert_eq!(job["employerCode"], json!(null), "{job}");
}

async fn a_ledger_finds_a_job_whose_code_was_registered_since(app: TestApp) {
    let person = people::person(&app, 1).await;
    import(&app, "", FIRM).await;
    import(&app, "", FIRM).await;
    assert_eq!(only(&app, &person).await["employerCode"], FIRM);
    register(&app).await;
    import(&app, "", FIRM).await;
    is_the_firms(&app, &person).await;
    import(&app, "", FIRM).await;
    // A row of the same file that now has the name too.
    import(&app, NAME, FIRM).await;
    is_the_firms(&app, &person).await;
    // Ended and voided ones are not opened again either.
    let mut mistake = at(&only(&app, &person).await);
    mistake["reason"] = "误登".into();
    decide(&app, &app.officer(ORIGIN), "voidEmployment", mistake).await;
    import(&app, "", FIRM).await;
    assert_eq!(only(&app, &person).await["state"], "VOIDED");
}

async fn a_ledger_finds_a_job_whose_name_was_resolved_since(app: TestApp) {
    register(&app).await;
    let person = people::person(&app, 1).await;
    import(&app, NAME, "").await;
    import(&app, NAME, "").await;
    resolve(&app, &person).await;
    import(&app, NAME, "").await;
    is_the_firms(&app, &person).await;
    import(&app, NAME, FIRM).await;
    import(&app, NAME, "").await;
    is_the_firms(&app, &person).await;
}

async fn a_ledger_finds_a_job_whose_employer_it_could_not_read(app: TestApp) {
    register(&app).await;
    let person = people::person(&app, 1).await;
    let unreadable = "长".repeat(201);
    import(&app, &unreadable, "").await;
    import(&app, &unreadable, "").await;
    let written = only(&app, &person).await;
    assert_eq!(written["employerName"], json!(null));
    resolve(&app, &person).await;
    import(&app, &unreadable, "").await;
    is_the_firms(&app, &person).await;
    import(&app, NAME, FIRM).await;
    import(&app, &unreadable, "").await;
    is_the_firms(&app, &person).await;
}

async fn a_row_that_is_put_right_tells_the_same_job(app: TestApp) {
    let person = people::person(&app, 1).await;
    // The code has a slip; the name is all there is to go by.
    import(&app, NAME, "91590101MA9K2T3HX0").await;
    assert_eq!(only(&app, &person).await["employerName"], NAME);
    import(&app, NAME, FIRM).await;
    is_the_firms(&app, &person).await;
    import(&app, NAME, "91590101MA9K2T3HX0").await;
    is_the_firms(&app, &person).await;
}

async fn a_row_by_name_tells_the_job_that_was_recorded_by_code(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.officer(ORIGIN), job(about(1))).await;
    is_the_firms(&app, &person).await;
    import(&app, NAME, "").await;
    import(&app, "", FIRM).await;
    is_the_firms(&app, &person).await;
}

async fn a_report_by_code_is_the_job_that_the_county_records_by_id(app: TestApp) {
    let person = people::person(&app, 1).await;
    let by_code = || {
        let code = json!({"residentId": people::resident_id(1), "employerName": null});
        job(code)
    };
    // An employer may enter itself with its name only.
    record(&app, &app.employer(FIRM), by_code()).await;
    let reported = only(&app, &person).await;
    assert_eq!(reported["employerCode"], FIRM);
    register(&app).await;
    let done = record(&app, &app.officer(ORIGIN), by_code()).await;
    assert_eq!(done["status"], "CONFIRMED");
    assert_eq!(done["employment"]["id"], reported["id"]);
    is_the_firms(&app, &person).await;
    record(&app, &app.officer(ORIGIN), by_code()).await;
    is_the_firms(&app, &person).await;

    // The county first, by a code that nobody has registered; then by id.
    let person = people::person(&app, 2).await;
    let other = "92590102MA5P0A2E32";
    let unregistered = json!({"residentId": people::resident_id(2), "employerName": null,
        "employerCreditCode": other});
    record(&app, &app.officer(ORIGIN), job(unregistered.clone())).await;
    assert_eq!(only(&app, &person).await["employerCode"], other);
    let mut named = unregistered;
    named["employerName"] = "清河厂".into();
    record(&app, &app.officer(ORIGIN), job(named)).await;
    let resolved = only(&app, &person).await;
    assert_eq!(resolved["employer"], json!({"creditCode": other}));
    assert_eq!(resolved["state"], "CONFIRMED");
}

async fn a_report_by_code_is_the_job_of_the_ledger(app: TestApp) {
    let person = people::person(&app, 1).await;
    let by_code = json!({"residentId": people::resident_id(1), "employerName": null});
    record(&app, &app.employer(FIRM), job(by_code)).await;
    register(&app).await;
    import(&app, "", FIRM).await;
    is_the_firms(&app, &person).await;
    import(&app, NAME, FIRM).await;
    is_the_firms(&app, &person).await;
}

async fn a_month_tells_the_employer_of_the_job_that_counts(app: TestApp) {
    let person = people::person(&app, 1).await;
    import(&app, NAME, "").await;
    let counts = only(&app, &person).await;
    // The employer knows itself better than the ledger did.
    record(&app, &app.employer(FIRM), job(about(1))).await;
    assert_eq!(records(&app, &person).await.len(), 2);
    pay_pension(&app).await;
    for job in records(&app, &person).await {
        if job["id"] == counts["id"] {
            assert_eq!(job["state"], "CONFIRMED");
            assert_eq!(job["employer"], json!({"creditCode": FIRM}));
        } else {
            assert_eq!(job["state"], "REPORTED");
            let refused = decide(&app, &app.officer(ORIGIN), "confirmEmployment", at(&job)).await;
            assert_eq!(codes(&refused), ["ALREADY_CONFIRMED"]);
        }
    }
}

async fn of_two_reports_the_one_in_the_same_county_is_meant(app: TestApp) {
    let person = people::person(&app, 1).await;
    let elsewhere = json!({"residentId": people::resident_id(1), "workplace": ELSEWHERE});
    record(&app, &app.officer(ELSEWHERE), job(elsewhere)).await;
    record(&app, &app.officer(DESTINATION), job(about(1))).await;
    import(&app, NAME, FIRM).await;
    let known = records(&app, &person).await;
    let states = |state: &str| known.iter().filter(|job| job["state"] == state).count();
    assert_eq!((states("CONFIRMED"), states("REPORTED")), (1, 1));
    let seen = jobs(&app, &app.officer(DESTINATION), &person).await;
    assert_eq!(seen["workStatus"], "WORKING");
}

async fn a_ledger_states_the_place_of_a_job_that_was_reported_elsewhere(app: TestApp) {
    let person = people::person(&app, 1).await;
    let elsewhere = json!({"residentId": people::resident_id(1), "workplace": ELSEWHERE});
    record(&app, &app.officer(ELSEWHERE), job(elsewhere)).await;
    import(&app, NAME, FIRM).await;
    is_the_firms(&app, &person).await;
    let seen = jobs(&app, &app.officer(DESTINATION), &person).await;
    assert_eq!(seen["workStatus"], "WORKING");
    let unseen = jobs(&app, &app.officer(ELSEWHERE), &person).await;
    assert_eq!(unseen, json!(null));
}

async fn what_the_county_leaves_out_stays_as_reported(app: TestApp) {
    let person = people::person(&app, 1).await;
    register(&app).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    let by_name = json!({"residentId": people::resident_id(1), "employerName": NAME,
        "employerCreditCode": null});
    let done = record(&app, &app.officer(ORIGIN), job(by_name)).await;
    assert_eq!(done["status"], "CONFIRMED");
    let known = records(&app, &person).await;
    let firms: Vec<_> = known
        .iter()
        .map(|job| &job["employer"]["creditCode"])
        .collect();
    assert_eq!(firms, [FIRM], "{known:#?}");
}

async fn a_code_that_a_second_report_brings_is_not_lost(app: TestApp) {
    let person = people::person(&app, 1).await;
    let by_name = json!({"residentId": people::resident_id(1), "employerName": NAME,
        "employerCreditCode": null});
    record(&app, &app.officer(DESTINATION), job(by_name)).await;
    let by_code = json!({"residentId": people::resident_id(1), "employerName": NAME});
    record(&app, &app.helper("h"), job(by_code)).await;
    assert_eq!(only(&app, &person).await["employerCode"], FIRM);
}

async fn a_month_does_not_choose_between_counties(app: TestApp) {
    let person = people::person(&app, 1).await;
    register(&app).await;
    let elsewhere = json!({"residentId": people::resident_id(1), "workplace": ELSEWHERE});
    record(&app, &app.officer(ELSEWHERE), job(elsewhere)).await;
    record(&app, &app.officer(DESTINATION), job(about(1))).await;
    pay_pension(&app).await;
    let states = |known: &[Value], state: &str| {
        let of_state = known.iter().filter(|job| job["state"] == state);
        of_state.count()
    };
    let known = records(&app, &person).await;
    assert_eq!(states(&known, "REPORTED"), 2, "{known:#?}");
}

async fn no_fact_begins_a_job_after_a_death(app: TestApp) {
    let person = people::person(&app, 1).await;
    register(&app).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    let death = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
        userErrors { code } } }";
    let input = json!({"workerId": person, "diedOn": "2026-02-27", "source": "死亡证明"});
    let officer = app.officer(ORIGIN);
    app.data(&officer, death, json!({"input": input})).await;
    let refused = record(&app, &officer, job(about(1))).await;
    assert_eq!(codes(&refused), ["PERSON_DECEASED"]);
    import(&app, NAME, FIRM).await;
    pay_pension(&app).await;
    assert_eq!(only(&app, &person).await["state"], "REPORTED");
}

async fn neither_a_ledger_nor_a_month_undoes_a_void(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    record(&app, &origin, job(about(1))).await;
    let mut mistake = at(&only(&app, &person).await);
    mistake["reason"] = "查无此事".into();
    decide(&app, &origin, "voidEmployment", mistake).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    import(&app, NAME, FIRM).await;
    pay_pension(&app).await;
    let known = records(&app, &person).await;
    let anew = known.iter().find(|job| job["state"] != "VOIDED");
    let anew = anew.expect("the report");
    assert_eq!((known.len(), &anew["state"]), (2, &json!("REPORTED")));
    // The county's own word stands.
    let confirmed = decide(&app, &origin, "confirmEmployment", at(anew)).await;
    assert_eq!(codes(&confirmed), [""; 0]);
    assert_eq!(confirmed["employment"]["state"], "CONFIRMED");
}

async fn another_job_stays_another_job(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    record(&app, &origin, job(about(1))).await;
    for other in [
        json!({"employerCreditCode": "92590102MA5P0A2E32", "employerName": "清河厂"}),
        // Named alike, and another unit all the same.
        json!({"employerCreditCode": "91590101MA90000700"}),
        json!({"startedOn": "2026-03-02"}),
        json!({"form": "FLEXIBLE", "employerCreditCode": null, "employerName": null}),
    ] {
        let mut input = job(about(1));
        for (field, value) in other.as_object().expect("an object") {
            input[field] = value.clone();
        }
        record(&app, &origin, input).await;
    }
    assert_eq!(records(&app, &person).await.len(), 5);
}
