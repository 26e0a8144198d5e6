//! Who sees which jobs, from the person's side and from the employer's.

use employment_exchange::kernel::ids::{WorkerId, decode};
use libtest_mimic::Trial;
use serde_json::json;

use super::{DISPATCH, FIRM, STRANGER, about, codes, decide, job, jobs, record, working};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        jobs_may_overlap,
        both_units_of_a_dispatch_are_on_the_job,
        a_job_in_another_province_is_the_origins_alone,
        a_job_says_for_whom_it_was_reported,
        an_employer_sees_its_own_staff_only,
        an_employer_learns_nothing_of_other_jobs,
        a_page_of_people_with_jobs_takes_a_fixed_number_of_statements,
    ]
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
    let list = "query($firm: ID!) { workers(filter: {employer: $firm}) { nodes { name } } }";
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
    for (code, expected) in [
        (FIRM, json!([{"name": "王小1"}, {"name": "王小2"}])),
        (DISPATCH, json!([{"name": "王小2"}])),
    ] {
        let unit = app.data(&origin, firm, json!({"code": code})).await;
        let of = json!({"firm": unit["employer"]["id"]});
        let staff = app.data(&origin, list, of).await;
        assert_eq!(staff["workers"]["nodes"], expected, "{code}");
    }
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

/// The person and the jobs as far as an employer is shown anything.
const SHOWN: &str = "query($id: ID!) {
    node(id: $id) { id ... on Worker { name birthYear workStatus workStatusSince version updatedAt
      registeredAt workSplit originCode able willing } }
    worker(id: $id) { phoneMask currentEmployments { startedOn version updatedAt }
      employments { nodes { id state startedOn version updatedAt } } }
    workers(filter: {workStatus: WORKING}) { nodes { id } } }";

async fn an_employer_learns_nothing_of_other_jobs(app: TestApp) {
    let (person, _) = working(&app).await;
    let (own, origin) = (app.employer(FIRM), app.officer(ORIGIN));
    let before = app.data(&own, SHOWN, json!({"id": person})).await;
    assert_eq!(before["workers"]["nodes"], json!([{"id": person}]));
    app.clock
        .set(app.clock.now() + chrono::TimeDelta::minutes(5));
    let second = json!({"residentId": people::resident_id(1), "employerCreditCode": DISPATCH,
        "employerName": "清河劳务派遣有限公司", "startedOn": "2026-06-01"});
    let done = record(&app, &origin, job(second)).await;
    assert_eq!(done["status"], "CONFIRMED", "{done}");
    assert_eq!(
        app.data(&own, SHOWN, json!({"id": person})).await,
        before,
        "a job elsewhere shows nowhere"
    );
    let all = app.data(&origin, SHOWN, json!({"id": person})).await;
    assert_eq!(all["node"]["workStatusSince"], "2026-06-01");
    assert!(all["node"]["version"].is_i64() && all["node"]["updatedAt"].is_string());
    for list in [
        "{ workers(filter: {changedSince: \"2026-01-01T00:00:00Z\"}) { nodes { id } } }",
        "{ workers(orderBy: {field: CHANGED}) { nodes { id } } }",
    ] {
        assert_eq!(app.code(&own, list, json!({})).await, "FORBIDDEN", "{list}");
        let told = app.data(&origin, list, json!({})).await;
        assert_eq!(told["workers"]["nodes"], json!([{"id": person}]));
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

async fn a_job_says_for_whom_it_was_reported(app: TestApp) {
    let person = people::person(&app, 1).await;
    let own = app.worker(decode::<WorkerId>(&person).expect("a worker id"));
    let said = |role: &str, region: Option<&str>, employer: Option<&str>| {
        json!({"reportedByRole": role, "reportedForRegionCode": region,
            "reportedForCreditCode": employer})
    };
    let mut expected = Vec::new();
    for (token, day, said) in [
        (own.clone(), "2026-01-01", said("WORKER", None, None)),
        (
            app.helper("cadre-7"),
            "2026-01-02",
            said("HELPER", Some(ORIGIN), None),
        ),
        (
            app.officer(DESTINATION),
            "2026-01-03",
            said("OFFICER", Some(DESTINATION), None),
        ),
        (
            app.employer(FIRM),
            "2026-01-04",
            said("EMPLOYER", None, Some(FIRM)),
        ),
        (
            app.officer(ORIGIN),
            "2026-01-05",
            said("OFFICER", Some(ORIGIN), None),
        ),
    ] {
        let mut input = job(about(1));
        input["startedOn"] = day.into();
        let done = record(&app, &token, input).await;
        assert_eq!(done["userErrors"], json!([]));
        expected.insert(0, said);
    }
    let query = "query($id: ID!) { worker(id: $id) { employments {
        nodes { reportedByRole reportedForRegionCode reportedForCreditCode } } } }";
    for token in [app.officer(ORIGIN), own] {
        let seen = app.data(&token, query, json!({"id": person})).await;
        assert_eq!(seen["worker"]["employments"]["nodes"], json!(expected));
    }
    // The destination reaches the confirmed one only, and the employer is not told how.
    let nothing = json!({"reportedByRole": null, "reportedForRegionCode": null,
        "reportedForCreditCode": null});
    for (token, said) in [
        (app.officer(DESTINATION), &expected[0]),
        (app.employer(FIRM), &nothing),
    ] {
        let seen = app.data(&token, query, json!({"id": person})).await;
        assert_eq!(seen["worker"]["employments"]["nodes"], json!([said]));
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
