//! Jobs: who may open a record, what a report gives away, and what a confirmed job opens.

use employment_exchange::capability::employment::{policy, public, service};
use employment_exchange::kernel::ids::{WorkerId, decode};
use employment_exchange::kernel::year_month::YearMonth;
use employment_exchange::platform::authz::{Action, Caller, Permit, Write};
use employment_exchange::platform::journal::AuditEntry;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_report_answers_the_same_whoever_it_is_about,
        what_is_only_reported_is_the_origins_to_see,
        a_confirmation_opens_the_record_and_an_end_closes_it,
        a_refused_report_stays_hidden_from_its_reporter,
        the_origin_opens_a_record_at_once_and_its_villages_report,
        a_mistake_is_voided_by_the_side_that_recorded_it,
        an_old_version_changes_nothing,
        one_key_records_once,
        a_bulk_answers_per_item,
        jobs_may_overlap,
        both_units_of_a_dispatch_are_on_the_job,
        a_job_in_another_province_is_the_origins_alone,
        an_employer_sees_its_own_staff_only,
        a_person_reports_about_nobody_else,
        an_insurance_month_confirms_what_had_started,
        a_report_waits_for_a_registration_and_is_erased_otherwise,
        a_contract_is_renewed_by_later_terms,
        a_page_of_people_with_jobs_takes_a_fixed_number_of_statements,
        input_that_cannot_be_right_is_refused,
    ]
}

const FIRM: &str = "91590101MA9K2T3HXH";
const DISPATCH: &str = "91590101MA90000700";
const STRANGER: &str = "92590102MA5P0A2E32";

const RECORD: &str = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
    status employment { id state confirmedBy version outsideProvince }
    userErrors { field code } } }";
const JOBS: &str = "query($id: ID!) { worker(id: $id) { workStatus workSplit
    currentEmployments { jobTitle employer { creditCode name } host { creditCode } worker { name } }
    employments { nodes { id state startedOn endedOn endReason voidReason confirmedBy version } } } }";

/// A job at [`FIRM`] in [`DESTINATION`] since March; `more` replaces or adds fields.
fn job(more: Value) -> Value {
    let mut input = json!({"form": "EMPLOYED", "employerCreditCode": FIRM, "employerName": "南泽电子有限公司",
        "workplace": DESTINATION, "startedOn": "2026-03-01", "jobTitle": "焊工", "monthlyWage": "5200.00",
        "contractKind": "FIXED_TERM", "contractStart": "2026-03-01", "contractEnd": "2027-02-28"});
    let (fields, more) = (input.as_object_mut(), more);
    let fields = fields.expect("an object");
    for (field, value) in more.as_object().expect("an object") {
        fields.insert(field.clone(), value.clone());
    }
    input
}

fn about(number: u32) -> Value {
    json!({"residentId": people::resident_id(number)})
}

async fn record(app: &TestApp, token: &str, input: Value) -> Value {
    let mut data = app.data(token, RECORD, json!({"input": input})).await;
    data["recordEmployment"].take()
}

/// Person 1 with a confirmed job at [`FIRM`]: ids of the person and of the job.
async fn working(app: &TestApp) -> (String, String) {
    let person = people::person(app, 1).await;
    let done = record(app, &app.officer(ORIGIN), job(about(1))).await;
    assert_eq!(done["status"], "CONFIRMED", "{done}");
    let job = done["employment"]["id"].as_str().expect("an id");
    (person, job.to_owned())
}

async fn decide(app: &TestApp, token: &str, mutation: &str, input: Value) -> Value {
    let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{
           employment {{ id state confirmedBy lastConfirmedOn version endedOn voidReason
             employer {{ creditCode }}
             renewals {{ contractStart contractEnd }} }} userErrors {{ field code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    data[mutation].take()
}

async fn jobs(app: &TestApp, token: &str, person: &str) -> Value {
    let mut data = app.data(token, JOBS, json!({"id": person})).await;
    data["worker"].take()
}

fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().expect("a list");
    errors
        .iter()
        .map(|error| error["code"].as_str().expect("a code"))
        .collect()
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
        for number in [1, 2] {
            let mut input = job(input.clone());
            input["residentId"] = people::resident_id(number).into();
            let before = app.db.statements_sent();
            let answer = app.post(&token, RECORD, json!({"input": input})).await;
            let answer = answer.text().await.expect("a body");
            statements.push(app.db.statements_sent() - before);
            answers.push(answer);
        }
        assert_eq!(answers[0], answers[1]);
        let expected = json!({"data": {"recordEmployment":
            {"status": "RECEIVED", "employment": null, "userErrors": []}}});
        let body: Value = serde_json::from_str(&answers[0]).expect("JSON");
        assert_eq!(body["data"], expected["data"]);
        assert!(body.get("errors").is_none());
        assert_eq!(statements[0], statements[1]);
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
        (app.officer("590200000000"), "FORBIDDEN"),
        (app.employer(FIRM), "FORBIDDEN"),
    ] {
        assert_eq!(app.code(&token, confirm, input.clone()).await, code);
    }
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

async fn the_origin_opens_a_record_at_once_and_its_villages_report(app: TestApp) {
    let person = people::person(&app, 1).await;
    for (region, status) in [
        (VILLAGE, "REPORTED"),
        ("590200000000", "REPORTED"),
        ("590222101000", "CONFIRMED"),
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
    assert_eq!(app.data(&origin, query, input).await, first);
    let items = vec![job(about(1)); 1_001];
    let many = json!({"input": {"items": items}});
    assert_eq!(app.code(&origin, query, many).await, "LIMIT_EXCEEDED");
}

async fn jobs_may_overlap(app: TestApp) {
    let (person, _) = working(&app).await;
    let second = json!({"residentId": people::resident_id(1), "form": "FLEXIBLE",
        "employerCreditCode": null, "employerName": null, "jobTitle": "外卖骑手",
        "workplace": ELSEWHERE, "startedOn": "2026-06-01"});
    record(&app, &app.officer(ORIGIN), job(second)).await;
    for region in [ORIGIN, DESTINATION, ELSEWHERE] {
        let seen = jobs(&app, &app.officer(region), &person).await;
        let titles: Vec<_> = seen["currentEmployments"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|job| job["jobTitle"].as_str().expect("a title"))
            .collect();
        assert_eq!(titles, ["外卖骑手", "焊工"], "{region}");
    }
    let page = "query($id: ID!, $after: String) { worker(id: $id) {
        employments(first: 1, after: $after) { nodes { startedOn } pageInfo { hasNextPage endCursor } } } }";
    let token = app.officer(ORIGIN);
    let first = app.data(&token, page, json!({"id": person})).await;
    let first = &first["worker"]["employments"];
    assert_eq!(first["nodes"], json!([{"startedOn": "2026-06-01"}]));
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = &first["pageInfo"]["endCursor"];
    let next = app
        .data(&token, page, json!({"id": person, "after": after}))
        .await;
    let next = &next["worker"]["employments"];
    assert_eq!(next["nodes"], json!([{"startedOn": "2026-03-01"}]));
    assert_eq!(next["pageInfo"]["hasNextPage"], false);
}

async fn both_units_of_a_dispatch_are_on_the_job(app: TestApp) {
    // The host is entered by a job of its own first.
    let (_, _) = working(&app).await;
    people::person(&app, 2).await;
    let dispatched = json!({"residentId": people::resident_id(2), "employerCreditCode": DISPATCH,
        "employerName": "清河劳务派遣有限公司", "hostCreditCode": FIRM});
    let origin = app.officer(ORIGIN);
    let done = record(&app, &origin, job(dispatched.clone())).await;
    assert_eq!(done["status"], "CONFIRMED", "{done}");
    let query = "query($code: CreditCode!) { employer(creditCode: $code) {
        staff { nodes { worker { name } } } hostedStaff { nodes { worker { name } } } } }";
    let seen = app.data(&origin, query, json!({"code": FIRM})).await;
    let names = |name: &str| json!({"nodes": [{"worker": {"name": name}}]});
    assert_eq!(
        seen["employer"],
        json!({"staff": names("王小1"), "hostedStaff": names("王小2")})
    );
    let dispatcher = app
        .data(&app.employer(DISPATCH), query, json!({"code": DISPATCH}))
        .await;
    assert_eq!(dispatcher["employer"]["staff"], names("王小2"));
    // The host sees whom it hosts and does not end what another signed.
    let end = json!({"employmentId": done["employment"]["id"], "version": 1,
        "endedOn": "2026-11-20", "reason": "DISMISSED"});
    let host = decide(&app, &app.employer(FIRM), "endEmployment", end.clone()).await;
    assert_eq!(codes(&host), ["NOT_THE_EMPLOYER"]);
    let signer = decide(&app, &app.employer(DISPATCH), "endEmployment", end).await;
    assert_eq!(codes(&signer), [""; 0]);
    assert_eq!(signer["employment"]["endedOn"], "2026-11-20");
    for (units, code) in [
        (json!({"hostCreditCode": STRANGER}), "UNKNOWN_EMPLOYER"),
        (json!({"hostCreditCode": DISPATCH}), "HOST_IS_EMPLOYER"),
    ] {
        let mut input = job(dispatched.clone());
        input["hostCreditCode"] = units["hostCreditCode"].clone();
        assert_eq!(codes(&record(&app, &origin, input).await), [code]);
    }
}

async fn a_job_in_another_province_is_the_origins_alone(app: TestApp) {
    let person = people::person(&app, 1).await;
    let away = json!({"residentId": people::resident_id(1), "workplace": "440305000000"});
    let done = record(&app, &app.officer(ORIGIN), job(away)).await;
    assert_eq!(done["employment"]["outsideProvince"], true);
    let seen = jobs(&app, &app.officer(ORIGIN), &person).await;
    assert_eq!(seen["workSplit"], "OUTSIDE_PROVINCE");
    for region in [DESTINATION, ELSEWHERE] {
        assert_eq!(jobs(&app, &app.officer(region), &person).await, json!(null));
    }
}

async fn an_employer_sees_its_own_staff_only(app: TestApp) {
    let (person, id) = working(&app).await;
    people::person(&app, 2).await;
    let other = json!({"residentId": people::resident_id(2), "employerCreditCode": STRANGER,
        "employerName": "别家"});
    let other = record(&app, &app.officer(ORIGIN), job(other)).await;
    let second = json!({"residentId": people::resident_id(1), "employerCreditCode": STRANGER});
    record(&app, &app.officer(ORIGIN), job(second)).await;
    let employer = app.employer(FIRM);
    let query = "query($firm: CreditCode!, $stranger: CreditCode!) {
        own: employer(creditCode: $firm) { staff { nodes { jobTitle foundBy confirmedBy
          worker { name originCode categories currentEmployments { employer { creditCode } } } } } }
        other: employer(creditCode: $stranger) { id } }";
    let seen = app
        .data(
            &employer,
            query,
            json!({"firm": FIRM, "stranger": STRANGER}),
        )
        .await;
    assert_eq!(
        seen,
        json!({"other": null, "own": {"staff": {"nodes": [{"jobTitle": "焊工", "foundBy": null,
            "confirmedBy": null, "worker": {"name": "王小1", "originCode": null, "categories": null,
            "currentEmployments": [{"employer": {"creditCode": FIRM}}]}}]}}})
    );
    let one = "query($id: ID!) { employment(id: $id) { jobTitle worker { name } } }";
    let hidden = app
        .data(&employer, one, json!({"id": other["employment"]["id"]}))
        .await;
    assert_eq!(hidden, json!({"employment": null}));
    let end =
        json!({"employmentId": id, "version": 1, "endedOn": "2026-11-20", "reason": "RESIGNED"});
    decide(&app, &employer, "endEmployment", end).await;
    // Its own ended job stays; the person behind it is gone.
    let ended = app.data(&employer, one, json!({"id": id})).await;
    assert_eq!(
        ended,
        json!({"employment": {"jobTitle": "焊工", "worker": null}})
    );
    assert_eq!(jobs(&app, &employer, &person).await, json!(null));
    let foreign = record(
        &app,
        &employer,
        job(json!({"residentId": people::resident_id(2),
        "employerCreditCode": STRANGER})),
    )
    .await;
    assert_eq!(codes(&foreign), ["NOT_THE_EMPLOYER"]);
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
    let keep = chrono::TimeDelta::days(30);
    let adopt = async || {
        let permit = system(&app, &policy::ADOPT_REPORTS);
        service::adopt_reports(&app.db, &permit, keep)
            .await
            .expect("adopted")
    };
    let erase = async || {
        let permit = system(&app, &policy::ERASE_REPORTS);
        let erased = service::erase_expired_reports(&app.db, &permit, keep).await;
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
    ] {
        let refused = decide(&app, &employer, "renewContract", term(2, start, end)).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["employment"]["renewals"], renewals);
    }
}

async fn a_page_of_people_with_jobs_takes_a_fixed_number_of_statements(app: TestApp) {
    let query =
        "{ workers { nodes { name currentEmployments { jobTitle employer { name } host { name } }
        employments(first: 5) { nodes { state renewals { contractStart } worker { name } } } } } }";
    let origin = app.officer(ORIGIN);
    let mut sent = Vec::new();
    for people in [1..=1, 2..=6] {
        for number in people {
            people::person(&app, number).await;
            record(&app, &origin, job(about(number))).await;
        }
        let before = app.db.statements_sent();
        let data = app.data(&origin, query, json!({})).await;
        sent.push(app.db.statements_sent() - before);
        let nodes = data["workers"]["nodes"].as_array().expect("a list");
        assert!(nodes.iter().all(|node| {
            node["currentEmployments"][0]["employer"].is_object()
                && node["employments"]["nodes"]
                    .as_array()
                    .is_some_and(|jobs| jobs.len() == 1)
        }));
    }
    assert_eq!(sent[0], sent[1]);
}

async fn input_that_cannot_be_right_is_refused(app: TestApp) {
    people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    for (wrong, code) in [
        (json!({"startedOn": "2026-11-24"}), "DATE_IN_FUTURE"),
        (json!({"contractEnd": "2026-02-28"}), "BAD_PERIOD"),
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
    let done = record(&app, &origin, job(about(1))).await;
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
