//! Months and jobs: a month confirms what was reported, and an employer sees what it paid.

use employment_exchange::capability::insurance::service;
use employment_exchange::platform::authn::Agency;
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, HEAD_OFFICE, item, submit};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_month_confirms_a_reported_job_and_opens_the_record_for_the_workplace,
        a_month_that_was_known_before_the_report_confirms_it_soon_after,
        work_injury_alone_confirms_nothing,
        a_month_long_ago_and_one_given_back_confirm_nothing,
        an_employer_sees_the_rows_it_paid_and_nothing_else,
    ]
}

const SEEN: &str = "query($id: ID!) { worker(id: $id) { name workStatus
    contributions { periodMonth employer { creditCode } }
    insuredMonths(kind: PENSION, from: \"2026-01\", to: \"2026-12\")
    insuredNow { insured } } }";

/// The destination reports that the `number`-th person works for [`EMPLOYER`] since September.
pub(super) async fn report(app: &TestApp, number: u32) {
    report_since(app, number, "2026-09-01").await;
}

async fn report_since(app: &TestApp, number: u32, since: &str) {
    let data = app
        .data(
            &app.officer(DESTINATION),
            "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
                status employment { id } userErrors { code } } }",
            json!({"input": {
                "residentId": people::resident_id(number), "form": "EMPLOYED",
                "employerCreditCode": EMPLOYER, "employerName": "凤凰电子有限公司",
                "workplace": DESTINATION, "startedOn": since}}),
        )
        .await;
    assert_eq!(
        data["recordEmployment"],
        json!({"status": "RECEIVED", "employment": null, "userErrors": []})
    );
}

async fn seen(app: &TestApp, token: &str, id: &str) -> Value {
    let data = app.data(token, SEEN, json!({"id": id})).await;
    data["worker"].clone()
}

async fn a_month_confirms_a_reported_job_and_opens_the_record_for_the_workplace(app: TestApp) {
    let id = people::person(&app, 1).await;
    report(&app, 1).await;
    let destination = app.officer(DESTINATION);
    assert_eq!(seen(&app, &destination, &id).await, json!(null));
    let before = json!([item(1, "2026-08", json!({}))]);
    submit(&app, Agency::SocialInsurance, before).await;
    assert_eq!(
        seen(&app, &destination, &id).await,
        json!(null),
        "a month before the first day of work confirms nothing"
    );
    let others = json!([
        item(1, "2026-10", json!({"employerCreditCode": HEAD_OFFICE})),
        item(
            1,
            "2026-10",
            json!({"employerCreditCode": null, "employerName": null})
        ),
        item(
            1,
            "2026-10",
            json!({
            "employerCreditCode": HEAD_OFFICE, "payerCreditCode": EMPLOYER})
        ),
    ]);
    submit(&app, Agency::SocialInsurance, others).await;
    assert_eq!(
        seen(&app, &destination, &id).await,
        json!(null),
        "another employer's month, or one paid for another, confirms nothing"
    );
    let month = json!([item(1, "2026-10", json!({}))]);
    submit(&app, Agency::SocialInsurance, month).await;
    let open = seen(&app, &destination, &id).await;
    assert_eq!(open["workStatus"], "WORKING");
    assert_eq!(open["insuredMonths"], json!(["2026-08", "2026-10"]));
    assert_eq!(open["insuredNow"][0]["insured"], "YES");
    let elsewhere = app.officer(ELSEWHERE);
    assert_eq!(seen(&app, &elsewhere, &id).await, json!(null));
}

/// What the exchange does every few minutes.
pub(super) async fn confirm_reported(app: &TestApp) -> u64 {
    let caller = Caller::system("test.insurance", None, app.db.refusals().clone());
    service::confirm_reported(&app.db, &caller)
        .await
        .expect("confirmed")
}

async fn a_month_that_was_known_before_the_report_confirms_it_soon_after(app: TestApp) {
    let id = people::person(&app, 1).await;
    people::person(&app, 2).await;
    let months = json!([item(1, "2026-10", json!({})), item(2, "2026-08", json!({}))]);
    submit(&app, Agency::SocialInsurance, months).await;
    for number in [1, 1, 2] {
        report(&app, number).await;
    }
    let destination = app.officer(DESTINATION);
    // The request that reports says nothing of the month, not even to whoever looks at once.
    assert_eq!(seen(&app, &destination, &id).await, json!(null));
    assert_eq!(
        confirm_reported(&app).await,
        1,
        "one of two reports of one job"
    );
    assert_eq!(confirm_reported(&app).await, 0);
    let open = seen(&app, &destination, &id).await;
    assert_eq!(open["workStatus"], "WORKING");
}

async fn work_injury_alone_confirms_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    report(&app, 1).await;
    let injury = json!([item(1, "2026-10", json!({"kind": "WORK_INJURY"}))]);
    submit(&app, Agency::SocialInsurance, injury).await;
    assert_eq!(confirm_reported(&app).await, 0);
    let destination = app.officer(DESTINATION);
    assert_eq!(seen(&app, &destination, &id).await, json!(null));
}

async fn a_month_long_ago_and_one_given_back_confirm_nothing(app: TestApp) {
    let mut people = Vec::new();
    for number in 1..=3 {
        people.push(people::person(&app, number).await);
    }
    let refund = json!({"entry": "REFUND", "employerAmount": "-640.00",
        "personalAmount": "-320.00", "correctsPostingMonth": "2026-10", "postingMonth": "2026-11"});
    // Of the first, months before the report; of the others, months after it.
    let stale = json!([
        item(1, "2026-07", json!({})),
        item(1, "2026-10", json!({})),
        item(1, "2026-10", refund.clone()),
    ]);
    submit(&app, Agency::SocialInsurance, stale).await;
    for number in 1..=3 {
        report_since(&app, number, "2026-06-01").await;
    }
    let later = json!([
        item(2, "2026-08", json!({})),
        item(3, "2026-10", json!({})),
        item(3, "2026-10", refund),
    ]);
    submit(&app, Agency::SocialInsurance, later).await;
    assert_eq!(confirm_reported(&app).await, 0);
    let destination = app.officer(DESTINATION);
    for id in &people {
        assert_eq!(seen(&app, &destination, id).await, json!(null));
    }
    // The next month says it.
    let fresh = json!([item(1, "2026-11", json!({}))]);
    submit(&app, Agency::SocialInsurance, fresh).await;
    let open = seen(&app, &destination, &people[0]).await;
    assert_eq!(open["workStatus"], "WORKING");
}

async fn an_employer_sees_the_rows_it_paid_and_nothing_else(app: TestApp) {
    let id = people::person(&app, 1).await;
    report(&app, 1).await;
    let months = json!([
        item(1, "2026-10", json!({})),
        item(
            1,
            "2026-09",
            json!({
            "employerCreditCode": HEAD_OFFICE, "employerName": "凤凰集团有限公司"})
        ),
        item(
            1,
            "2026-08",
            json!({"employerCreditCode": null, "employerName": null})
        ),
    ]);
    submit(&app, Agency::SocialInsurance, months).await;
    assert_eq!(
        seen(&app, &app.employer(EMPLOYER), &id).await,
        json!({
            "name": "王小1",
            "workStatus": "WORKING",
            "contributions": [
                {"periodMonth": "2026-10", "employer": {"creditCode": EMPLOYER}}],
            "insuredMonths": ["2026-10"],
            "insuredNow": null,
        })
    );
    assert_eq!(
        seen(&app, &app.employer(HEAD_OFFICE), &id).await,
        json!(null)
    );
}
