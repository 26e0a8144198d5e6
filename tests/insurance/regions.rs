//! For whom an agency speaks: one of the province for everybody, one of a region for its own.

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, HEAD_OFFICE, MONTHS, STATE, SUBMIT, counts, insured, item, of, tick};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        an_agency_of_a_region_speaks_for_people_and_employers_of_it_alone,
        a_reported_job_is_reason_enough_to_hear_the_agency_of_its_place,
        an_agency_of_another_province_delivers_nothing,
    ]
}

fn bureau(app: &TestApp, region: &str) -> String {
    app.token(&TokenRequest {
        agency: Some(Agency::SocialInsurance),
        region: Some(region.parse().expect("a region code")),
        ..app.request(Role::Agency, &format!("bureau-{region}"))
    })
}

async fn months(app: &TestApp, region: &str, items: Value) -> Value {
    tick(app);
    let input = json!({"input": {"items": items}});
    let data = app.data(&bureau(app, region), SUBMIT, input).await;
    data["submitContributions"].clone()
}

async fn facts(app: &TestApp, region: &str, items: Value) -> Value {
    tick(app);
    let input = json!({"input": {"items": items}});
    let data = app.data(&bureau(app, region), STATE, input).await;
    data["submitInsuranceFacts"].clone()
}

/// A month that the person pays alone.
fn alone(number: u32, period: &str) -> Value {
    let nobody = json!({"employerCreditCode": null, "employerName": null});
    item(number, period, nobody)
}

async fn an_agency_of_a_region_speaks_for_people_and_employers_of_it_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let known = async || of(&app, MONTHS, &id).await["insuredMonths"].clone();
    // The employer is seated in the destination; nobody has a job anywhere.
    let delivery = |number| json!([alone(number, "2026-10"), item(number, "2026-09", json!({}))]);
    let stopped = |number| {
        json!([{"residentId": people::resident_id(number), "kind": "PENSION", "fact": "STOPPED",
            "since": "2026-11-01"}])
    };
    let mut answers = Vec::new();
    for number in [1, 2] {
        let mut told = [
            months(&app, ELSEWHERE, delivery(number)).await,
            facts(&app, ELSEWHERE, stopped(number)).await,
        ];
        for answer in &mut told {
            assert!(answer["submissionId"].take().is_string(), "{answer}");
            assert_eq!(answer["refused"], 0);
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1], "registered or not");
    let dropped = [[0, 0, 1, 0], [0, 0, 2, 0]];
    assert_eq!(counts(&app).await, [dropped, dropped].concat());
    assert_eq!(known().await, json!([]));

    months(&app, DESTINATION, delivery(1)).await;
    assert_eq!(known().await, json!(["2026-09"]), "by its employer alone");
    months(&app, ORIGIN, delivery(1)).await;
    assert_eq!(known().await, json!(["2026-09", "2026-10"]));
    // The head office pays where it is seated.
    let paid = json!({"employerCreditCode": EMPLOYER, "payerCreditCode": "91590322MA9000070P",
        "payerName": "凤凰集团有限公司"});
    months(&app, ELSEWHERE, json!([item(1, "2026-08", paid)])).await;
    assert_eq!(known().await, json!(["2026-08", "2026-09", "2026-10"]));
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    facts(&app, "590200000000", stopped(1)).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "NO", "its prefecture");
}

async fn a_reported_job_is_reason_enough_to_hear_the_agency_of_its_place(app: TestApp) {
    let id = people::person(&app, 1).await;
    let report = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
        status userErrors { code } } }";
    let input = json!({"residentId": people::resident_id(1), "form": "EMPLOYED",
        "employerCreditCode": HEAD_OFFICE, "employerName": "凤凰集团有限公司",
        "workplace": ELSEWHERE, "startedOn": "2026-09-01"});
    let officer = app.officer(ELSEWHERE);
    let done = app.data(&officer, report, json!({"input": input})).await;
    assert_eq!(done["recordEmployment"]["status"], "RECEIVED", "{done}");
    let month = item(1, "2026-10", json!({"employerCreditCode": HEAD_OFFICE}));
    months(&app, ELSEWHERE, json!([month])).await;
    let working = "query($id: ID!) { worker(id: $id) { workStatus } }";
    let seen = app.data(&officer, working, json!({"id": id})).await;
    assert_eq!(seen["worker"]["workStatus"], "WORKING", "{seen}");
}

async fn an_agency_of_another_province_delivers_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    for region in ["440000000000", "440300000000", "440305000000"] {
        let months = months(&app, region, json!([item(1, "2026-10", json!({}))])).await;
        let pension = json!([{"residentId": people::resident_id(1), "kind": "PENSION",
            "fact": "PENSION_IN_PAYMENT", "since": "2026-01-01"}]);
        let facts = facts(&app, region, pension).await;
        for answer in [months, facts] {
            assert_eq!(answer["submissionId"], json!(null));
            assert_eq!(answer["userErrors"], json!([{"code": "ANOTHER_PROVINCE"}]));
        }
    }
    assert_eq!(counts(&app).await, [[0; 4]; 0]);
    assert_eq!(insured(&app, &id, "PENSION").await, "UNKNOWN");
}
