//! Recording and deciding: confirmed, ended, voided, renewed, alone and in bulk.

use employment_exchange::platform::authn::{Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{DISPATCH, FIRM, RECORD, about, codes, decide, job, jobs, record, working};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_confirmation_opens_the_record_and_an_end_closes_it,
        a_mistake_is_voided_by_the_side_that_recorded_it,
        an_old_version_changes_nothing,
        one_key_records_once,
        a_bulk_answers_per_item,
        a_contract_is_renewed_by_later_terms,
        no_job_goes_on_after_a_death,
        no_job_begins_before_a_birth,
        input_that_cannot_be_right_is_refused,
    ]
}

async fn a_confirmation_opens_the_record_and_an_end_closes_it(app: TestApp) {
    let person = people::person(&app, 1).await;
    record(&app, &app.employer(FIRM), job(about(1))).await;
    let (origin, destination) = (app.officer(ORIGIN), app.officer(DESTINATION));
    let reported = jobs(&app, &origin, &person).await;
    let id = reported["employments"]["nodes"][0]["id"].clone();
    let confirmed = decide(
        &app,
        &origin,
        "confirmEmployment",
        json!({"employmentId": id, "version": 1}),
    )
    .await;
    assert_eq!(codes(&confirmed), [""; 0]);
    assert_eq!(confirmed["employment"]["confirmedBy"], "ORIGIN");
    let seen = jobs(&app, &destination, &person).await;
    assert_eq!(seen["workStatus"], "WORKING");
    assert_eq!(seen["workSplit"], "OTHER_COUNTY");
    assert_eq!(
        seen["currentEmployments"],
        json!([{"jobTitle": "焊工", "employer": {"creditCode": FIRM, "name": "南泽电子有限公司"},
                "host": null, "worker": {"name": "王小1"}}])
    );
    let again = decide(
        &app,
        &destination,
        "confirmEmployment",
        json!({"employmentId": id, "version": 2}),
    )
    .await;
    assert_eq!(again["employment"]["lastConfirmedOn"], "2026-11-23");
    assert_eq!(again["employment"]["version"], 3);
    let ended = decide(
        &app,
        &destination,
        "endEmployment",
        json!({"employmentId": id, "version": 3, "endedOn": "2026-11-20", "reason": "RESIGNED"}),
    )
    .await;
    // With the job the destination has lost the person, and with the person the job.
    assert_eq!(ended, json!({"employment": null, "userErrors": []}));
    assert_eq!(jobs(&app, &destination, &person).await, json!(null));
    let left = jobs(&app, &origin, &person).await;
    assert_eq!(left["workStatus"], "NOT_WORKING");
    assert_eq!(left["employments"]["nodes"][0]["endReason"], "RESIGNED");
}

async fn a_mistake_is_voided_by_the_side_that_recorded_it(app: TestApp) {
    let (person, id) = working(&app).await;
    let input = json!({"employmentId": id, "version": 1, "reason": "同名误登"});
    let foreign = decide(
        &app,
        &app.officer(DESTINATION),
        "voidEmployment",
        input.clone(),
    )
    .await;
    assert_eq!(codes(&foreign), ["NOT_RECORDING_SIDE"]);
    let origin = app.officer(ORIGIN);
    let voided = decide(&app, &origin, "voidEmployment", input).await;
    assert_eq!(voided["employment"]["voidReason"], "同名误登");
    let left = jobs(&app, &origin, &person).await;
    assert_eq!(left["workStatus"], "UNKNOWN");
    assert_eq!(left["employments"]["nodes"][0]["state"], "VOIDED");
    assert_eq!(
        jobs(&app, &app.officer(DESTINATION), &person).await,
        json!(null)
    );
    let again = json!({"employmentId": id, "version": 2, "reason": "again"});
    let again = decide(&app, &origin, "voidEmployment", again).await;
    assert_eq!(codes(&again), ["ALREADY_VOIDED"]);
}

async fn an_old_version_changes_nothing(app: TestApp) {
    let (_, id) = working(&app).await;
    let origin = app.officer(ORIGIN);
    let confirm = json!({"employmentId": id, "version": 1});
    decide(&app, &origin, "confirmEmployment", confirm).await;
    for (mutation, input) in [
        ("confirmEmployment", json!({})),
        (
            "endEmployment",
            json!({"endedOn": "2026-11-20", "reason": "OTHER"}),
        ),
        ("voidEmployment", json!({"reason": "x"})),
        ("renewContract", json!({"contractStart": "2027-03-01"})),
    ] {
        let mut input = input;
        input["employmentId"] = id.clone().into();
        input["version"] = 1.into();
        let stale = decide(&app, &origin, mutation, input).await;
        assert_eq!(codes(&stale), ["STALE_VERSION"], "{mutation}");
        assert_eq!(stale["employment"]["version"], 2, "{mutation}");
        assert_eq!(stale["employment"]["state"], "CONFIRMED", "{mutation}");
    }
}

async fn one_key_records_once(app: TestApp) {
    let person = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let mut input = job(about(1));
    input["idempotencyKey"] = "k1".into();
    let first = record(&app, &origin, input.clone()).await;
    assert_eq!(record(&app, &origin, input.clone()).await, first);
    let seen = jobs(&app, &origin, &person).await;
    assert_eq!(
        seen["employments"]["nodes"].as_array().map(Vec::len),
        Some(1)
    );
    input["startedOn"] = "2026-03-02".into();
    let code = app.code(&origin, RECORD, json!({"input": input})).await;
    assert_eq!(code, "CONFLICT");
}

async fn a_bulk_answers_per_item(app: TestApp) {
    people::person(&app, 1).await;
    people::person(&app, 2).await;
    let bad = json!({"residentId": "590101196902293513"});
    let code = json!({"residentId": people::resident_id(1), "employerCreditCode": "nonsense"});
    let items = [
        job(about(1)),
        job(bad),
        job(about(2)),
        job(about(77)),
        job(code),
    ];
    let query = "mutation($input: RecordEmploymentsInput!) { recordEmployments(input: $input) {
        results { index status employment { worker { name } employer { creditCode } }
                  userErrors { field code } } userErrors { code } } }";
    let input = json!({"input": {"idempotencyKey": "bulk", "items": items}});
    let origin = app.officer(ORIGIN);
    let first = app.data(&origin, query, input.clone()).await;
    let opened = |name: &str| json!({"worker": {"name": name}, "employer": {"creditCode": FIRM}});
    let refused = |index: &str, field: &str, code: &str| json!([{"field": ["input", "items", index, field], "code": code}]);
    assert_eq!(
        first["recordEmployments"],
        json!({"userErrors": [], "results": [
            {"index": 0, "status": "CONFIRMED", "employment": opened("王小1"), "userErrors": []},
            {"index": 1, "status": "REFUSED", "employment": null,
             "userErrors": refused("1", "residentId", "BAD_BIRTH_DATE")},
            {"index": 2, "status": "CONFIRMED", "employment": opened("王小2"), "userErrors": []},
            {"index": 3, "status": "RECEIVED", "employment": null, "userErrors": []},
            {"index": 4, "status": "REFUSED", "employment": null,
             "userErrors": refused("4", "employerCreditCode", "BAD_CREDIT_CODE")},
        ]})
    );
    let mut told: Vec<_> = journal::of_action(&app, "employment.record_many")
        .await
        .into_iter()
        .filter(|entry| entry.record_version.is_none())
        .map(|entry| (entry.outcome, entry.record_kind))
        .collect();
    told.sort();
    let nobody = |outcome: &str| (outcome.to_owned(), None);
    assert_eq!(
        told,
        [nobody("RECEIVED"), nobody("REFUSED"), nobody("REFUSED")],
        "an entry for each item, which names nobody where the answer does not"
    );
    assert_eq!(app.data(&origin, query, input).await, first);
    let items = vec![job(about(1)); 1_001];
    let many = json!({"input": {"items": items}});
    assert_eq!(app.code(&origin, query, many).await, "LIMIT_EXCEEDED");
}

async fn a_contract_is_renewed_by_later_terms(app: TestApp) {
    let (_, id) = working(&app).await;
    let employer = app.employer(FIRM);
    let term = |version: i64, start: &str, end: Option<&str>| json!({"employmentId": id, "version": version, "contractStart": start, "contractEnd": end});
    let first = term(1, "2027-03-01", Some("2028-02-29"));
    let renewed = decide(&app, &employer, "renewContract", first).await;
    let renewals = json!([{"contractStart": "2027-03-01", "contractEnd": "2028-02-29"}]);
    assert_eq!(renewed["employment"]["renewals"], renewals);
    assert_eq!(renewed["employment"]["version"], 2);
    for (start, end, code) in [
        ("2027-03-01", None, "TERM_NOT_LATER"),
        ("2029-03-01", Some("2029-02-28"), "BAD_PERIOD"),
        ("2031-11-24", None, "DATE_TOO_LATE"),
        ("2029-03-01", Some("2076-11-24"), "DATE_TOO_LATE"),
    ] {
        let refused = decide(&app, &employer, "renewContract", term(2, start, end)).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["employment"]["renewals"], renewals);
    }
}

async fn input_that_cannot_be_right_is_refused(app: TestApp) {
    people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    for (wrong, code) in [
        (json!({"startedOn": "2026-11-24"}), "DATE_IN_FUTURE"),
        (json!({"startedOn": "1929-12-31"}), "DATE_TOO_EARLY"),
        (json!({"startedOn": "1926-03-01"}), "DATE_TOO_EARLY"),
        (json!({"startedOn": "1989-12-31"}), "DATE_BEFORE_BIRTH"),
        (json!({"contractStart": "1989-12-31"}), "DATE_BEFORE_BIRTH"),
        (json!({"contractStart": "1926-03-01"}), "DATE_TOO_EARLY"),
        (
            json!({"contractStart": "2031-11-24", "contractEnd": null}),
            "DATE_TOO_LATE",
        ),
        (json!({"contractEnd": "2076-11-24"}), "DATE_TOO_LATE"),
        (json!({"contractEnd": "2199-12-31"}), "DATE_TOO_LATE"),
        (json!({"contractEnd": "2026-02-28"}), "BAD_PERIOD"),
        (
            json!({"contractStart": null, "contractEnd": "2026-02-28"}),
            "CONTRACT_ENDS_BEFORE_JOB",
        ),
        (json!({"workplace": "590100000000"}), "WORKPLACE_TOO_WIDE"),
        (json!({"workplace": "590199000000"}), "UNKNOWN_REGION"),
        (json!({"monthlyWage": "0.00"}), "BAD_WAGE"),
        (json!({"jobTitle": "  "}), "BAD_TEXT"),
        (json!({"employerName": " "}), "BAD_NAME"),
        (json!({"form": "FLEXIBLE"}), "EMPLOYER_NOT_ALLOWED"),
        (
            json!({"employerCreditCode": null, "employerName": null}),
            "MISSING",
        ),
        (json!({"residentId": null}), "ONE_PERSON_PLEASE"),
        (json!({"residentId": "59010119750612005"}), "MALFORMED"),
    ] {
        let mut input = job(about(1));
        for (field, value) in wrong.as_object().expect("an object") {
            input[field] = value.clone();
        }
        let refused = record(&app, &origin, input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["status"], "REFUSED", "{code}");
    }
    let longest = json!({"contractStart": "1990-01-01", "contractEnd": "2076-11-23"});
    let mut input = job(about(1));
    for (field, value) in longest.as_object().expect("an object") {
        input[field] = value.clone();
    }
    let done = record(&app, &origin, input).await;
    let id = &done["employment"]["id"];
    for (day, code) in [
        ("2026-11-24", "DATE_IN_FUTURE"),
        ("2026-02-28", "END_BEFORE_START"),
    ] {
        let input = json!({"employmentId": id, "version": 1, "endedOn": day, "reason": "OTHER"});
        let refused = decide(&app, &origin, "endEmployment", input).await;
        assert_eq!(codes(&refused), [code]);
    }
}

async fn no_job_begins_before_a_birth(app: TestApp) {
    let person = people::person(&app, 1).await;
    let since = |who: Value, day: &str| {
        let mut input = job(who);
        input["startedOn"] = day.into();
        input["contractStart"] = day.into();
        input
    };
    // Somebody out of reach, registered or not, and a record, of which the year is known.
    for (token, who, day) in [
        (app.officer(DESTINATION), about(1), "1989-12-31"),
        (app.officer(DESTINATION), about(77), "1989-12-31"),
        (app.employer(FIRM), about(1), "1989-12-31"),
        (
            app.officer(ORIGIN),
            json!({"workerId": person}),
            "1989-12-31",
        ),
        (app.officer(ORIGIN), about(1), "1930-01-01"),
    ] {
        let refused = record(&app, &token, since(who, day)).await;
        assert_eq!(codes(&refused), ["DATE_BEFORE_BIRTH"]);
        assert_eq!(refused["status"], "REFUSED");
        assert_eq!(
            refused["userErrors"][0]["field"],
            json!(["input", "startedOn"])
        );
    }
    let born = since(about(1), "1990-01-01");
    let done = record(&app, &app.officer("590222101000"), born).await;
    assert_eq!(done["status"], "REPORTED");
    // The person turns out to have been born later: the report can only be refused.
    let corrected = correct(&app, &person, 1_000).await;
    assert_eq!(corrected, json!([]));
    let report = &done["employment"];
    let input = json!({"employmentId": report["id"], "version": report["version"]});
    let county = app.officer(ORIGIN);
    let refused = decide(&app, &county, "confirmEmployment", input).await;
    assert_eq!(codes(&refused), ["DATE_BEFORE_BIRTH"]);
}

/// Two officers give person 1 the resident id of another number.
async fn correct(app: &TestApp, person: &str, number: u32) -> Value {
    let propose = "mutation($input: ProposeResidentIdCorrectionInput!) {
        proposeResidentIdCorrection(input: $input) { correction { id version }
          userErrors { code } } }";
    let version = "query($id: ID!) { worker(id: $id) { version } }";
    let origin = app.officer(ORIGIN);
    let seen = app.data(&origin, version, json!({"id": person})).await;
    let input = json!({"workerId": person, "residentId": people::resident_id(number),
        "reason": "登记时录错", "version": seen["worker"]["version"]});
    let proposed = app.data(&origin, propose, json!({"input": input})).await;
    let correction = &proposed["proposeResidentIdCorrection"]["correction"];
    let colleague = app.token(&TokenRequest {
        region: Some(ORIGIN.parse().expect("a region code")),
        ..app.request(Role::Officer, "colleague")
    });
    let approve = "mutation($input: DecideResidentIdCorrectionInput!) {
        decideResidentIdCorrection(input: $input) { userErrors { code } } }";
    let input = json!({"correctionId": correction["id"], "version": correction["version"],
        "approve": true, "reason": "核对户口簿"});
    let mut decided = app.data(&colleague, approve, json!({"input": input})).await;
    decided["decideResidentIdCorrection"]["userErrors"].take()
}

async fn no_job_goes_on_after_a_death(app: TestApp) {
    let (person, confirmed) = working(&app).await;
    let later = json!({"residentId": people::resident_id(1), "startedOn": "2026-11-05",
        "employerCreditCode": DISPATCH, "employerName": "南泽劳务有限公司"});
    record(&app, &app.employer(DISPATCH), job(later)).await;
    let officer = app.officer(ORIGIN);
    let death = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
        userErrors { code } } }";
    let input = json!({"workerId": person, "diedOn": "2026-11-02", "source": "死亡证明"});
    app.data(&officer, death, json!({"input": input})).await;
    let seen = jobs(&app, &officer, &person).await;
    let reported = seen["employments"]["nodes"]
        .as_array()
        .expect("jobs")
        .iter();
    let begun_later = reported.filter(|job| job["startedOn"] == "2026-11-05");
    let report = begun_later
        .map(|job| job["id"].clone())
        .next()
        .expect("a report");
    let refused = async |name: &str, input: Value| {
        let payload = decide(&app, &officer, name, input).await;
        assert_eq!(codes(&payload), ["PERSON_DECEASED"], "{name}");
    };
    for id in [&json!(confirmed), &report] {
        refused(
            "confirmEmployment",
            json!({"employmentId": id, "version": 1}),
        )
        .await;
    }
    let term = json!({"employmentId": confirmed, "version": 1, "contractStart": "2027-03-01"});
    refused("renewContract", term).await;
    let end = json!({"employmentId": confirmed, "version": 1, "endedOn": "2026-11-02",
        "reason": "DECEASED"});
    let ended = decide(&app, &officer, "endEmployment", end).await;
    assert_eq!(codes(&ended), [""; 0]);
}
