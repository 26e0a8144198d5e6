//! Deliveries of agencies: what is kept of them, and what their answers say.

use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, HEAD_OFFICE, MONTHS, ROWS, SUBMIT, counts, item, of, state, submit};
use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        months_keep_period_and_posting_and_a_resubmission_changes_nothing,
        an_answer_does_not_depend_on_who_is_registered,
        lines_are_refused_for_their_form_alone,
        deliveries_too_long_or_of_a_stranger_are_refused,
        a_full_delivery_sent_by_two_agencies_at_once_is_kept_once,
    ]
}

async fn months_keep_period_and_posting_and_a_resubmission_changes_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    let items = json!([
        item(1, "2026-10", json!({})),
        item(
            1,
            "2025-12",
            json!({
                "entry": "ARREARS", "postingMonth": "2026-06", "payerCreditCode": HEAD_OFFICE,
                "payerName": "凤凰集团有限公司",
            })
        ),
        item(
            1,
            "2026-09",
            json!({"employerCreditCode": null, "employerName": null})
        ),
        item(1, "2026-10", json!({})),
    ]);
    app.sequence().await;
    let first = submit(&app, Agency::SocialInsurance, items.clone()).await;
    assert_eq!(
        app.sequence().await,
        4,
        "one entry for the person, one for each new employer, one for the delivery"
    );
    assert_eq!(
        (&first["received"], &first["refused"]),
        (&json!(4), &json!(0))
    );
    let seen = of(&app, ROWS, &id).await;
    let rows = seen["contributions"].as_array().expect("rows");
    let dates: Vec<_> = rows
        .iter()
        .map(|row| (&row["entry"], &row["periodMonth"], &row["postingMonth"]))
        .collect();
    assert_eq!(
        dates,
        [
            (&json!("NORMAL"), &json!("2026-10"), &json!("2026-10")),
            (&json!("NORMAL"), &json!("2026-09"), &json!("2026-09")),
            (&json!("ARREARS"), &json!("2025-12"), &json!("2026-06")),
        ]
    );
    assert_eq!(rows[0]["base"], "4000.00");
    assert_eq!(rows[0]["employer"]["name"], "凤凰电子有限公司");
    assert_eq!(rows[0]["payer"], json!(null));
    assert_eq!(rows[1]["employer"], json!(null));
    assert_eq!(rows[2]["payer"]["creditCode"], HEAD_OFFICE);
    assert_eq!(
        seen["version"], 1,
        "a delivery makes no officer's update stale"
    );
    tax_delivers_too(&app, &id, items, &seen).await;
}

/// The tax authority collected the same months: nothing is doubled.
async fn tax_delivers_too(app: &TestApp, id: &str, items: Value, seen: &Value) {
    submit(app, Agency::Tax, items).await;
    assert_eq!(
        app.sequence().await,
        1 + 1,
        "the delivery, and the look above"
    );
    assert_eq!(of(app, ROWS, id).await, *seen);
    assert_eq!(counts(app).await, [[0, 4, 0, 0], [3, 1, 0, 0]]);
    assert_eq!(
        of(app, MONTHS, id).await["insuredMonths"],
        json!(["2025-12", "2026-09", "2026-10"])
    );
}

async fn an_answer_does_not_depend_on_who_is_registered(app: TestApp) {
    people::person(&app, 1).await;
    let mut answers = Vec::new();
    for number in [1, 2] {
        let fresh = item(
            number,
            "2026-10",
            json!({"employerCreditCode": HEAD_OFFICE}),
        );
        let nameless = item(
            number,
            "2026-10",
            json!({
            "employerCreditCode": "92590102MA5P0A2E32", "employerName": null}),
        );
        let items = json!([fresh, nameless, item(number, "2026-13", json!({}))]);
        let mut months = submit(&app, Agency::SocialInsurance, items).await;
        let mut dates = state(
            &app,
            json!([{
            "residentId": people::resident_id(number), "employerCreditCode": HEAD_OFFICE,
            "kind": "PENSION", "fact": "ENROLLED", "since": "2026-01-01"}]),
        )
        .await;
        for answer in [&mut months, &mut dates] {
            assert!(answer["submissionId"].take().is_string());
        }
        let own = app
            .data(
                &app.agency(Agency::SocialInsurance),
                "{ submissions { nodes { dataset received accepted unchanged dropped refused } } }",
                json!({}),
            )
            .await;
        let latest = own["submissions"]["nodes"].as_array().expect("a list")[..2].to_vec();
        assert_eq!(latest[0]["dropped"], json!(null));
        answers.push((months, dates, latest));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        counts(&app).await,
        [[0, 0, 1, 0], [0, 0, 1, 2], [1, 0, 0, 0], [1, 0, 0, 2]]
    );
    // An employer that only a dropped row named is known all the same: looking it up tells nothing.
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(3, "2026-10", json!({}))]),
    )
    .await;
    let known = app
        .data(
            &app.agency(Agency::SocialInsurance),
            "query($code: CreditCode!) { employer(creditCode: $code) { name } }",
            json!({"code": EMPLOYER}),
        )
        .await;
    assert_eq!(known["employer"]["name"], "凤凰电子有限公司");
}

/// A resident id with a wrong check digit.
const TYPO: &str = "590222199001010020";

/// What makes a line wrong, with the field and the code of its refusal.
fn malformed() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (json!({"residentId": TYPO}), "residentId", "BAD_CHECK_DIGIT"),
        (
            json!({"employerCreditCode": "91350100M000100Y4Z"}),
            "employerCreditCode",
            "BAD_CREDIT_CODE",
        ),
        (
            json!({"payerCreditCode": HEAD_OFFICE}),
            "payerCreditCode",
            "UNKNOWN_EMPLOYER",
        ),
        (
            json!({"periodMonth": "2026-13"}),
            "periodMonth",
            "BAD_MONTH",
        ),
        (
            json!({"periodMonth": "2026-12"}),
            "periodMonth",
            "BAD_MONTH",
        ),
        (
            json!({"postingMonth": "2026-09"}),
            "postingMonth",
            "BAD_MONTH",
        ),
        (json!({"kind": "MEDICAL"}), "kind", "NOT_YOUR_KIND"),
        (json!({"base": "about 4000"}), "base", "BAD_AMOUNT"),
        (
            json!({"employerAmount": "-1.00"}),
            "employerAmount",
            "BAD_AMOUNT",
        ),
        (json!({"entry": "REFUND"}), "employerAmount", "BAD_AMOUNT"),
        (
            json!({"entry": "CORRECTION"}),
            "correctsPostingMonth",
            "BAD_MONTH",
        ),
        (json!({"employerName": " "}), "employerName", "BAD_NAME"),
    ]
}

async fn lines_are_refused_for_their_form_alone(app: TestApp) {
    people::person(&app, 1).await;
    let cases = malformed();
    let items: Vec<Value> = cases
        .iter()
        .map(|(changes, _, _)| item(1, "2026-10", changes.clone()))
        .collect();
    let answer = submit(&app, Agency::SocialInsurance, json!(items)).await;
    for (index, (_, field, code)) in cases.iter().enumerate() {
        let result = &answer["results"][index];
        assert_eq!(result["outcome"], "REFUSED", "{result}");
        assert_eq!(
            (&result["error"]["code"], &result["error"]["field"]),
            (
                &json!(code),
                &json!(["input", "items", index.to_string(), field])
            )
        );
        assert!(!result.to_string().contains(TYPO));
    }
    let medical = json!([
        item(1, "2026-10", json!({"kind": "MEDICAL"})),
        item(1, "2026-10", json!({})),
    ]);
    let answer = submit(&app, Agency::MedicalSecurity, medical).await;
    assert_eq!(answer["results"][0]["outcome"], "RECEIVED");
    assert_eq!(answer["results"][1]["error"]["code"], "NOT_YOUR_KIND");
    let pension = state(
        &app,
        json!([
            {"residentId": people::resident_id(1), "kind": "WORK_INJURY",
             "fact": "PENSION_IN_PAYMENT", "since": "2026-01-01"},
            {"residentId": people::resident_id(1), "kind": "PENSION",
             "fact": "ENROLLED", "since": "2026-11-24"},
        ]),
    )
    .await;
    assert_eq!(pension["results"][0]["error"]["code"], "FACT_OF_OTHER_KIND");
    assert_eq!(pension["results"][1]["error"]["code"], "DATE_IN_FUTURE");
}

async fn deliveries_too_long_or_of_a_stranger_are_refused(app: TestApp) {
    let many = vec![item(1, "2026-10", json!({})); 1_001];
    let token = app.agency(Agency::SocialInsurance);
    for (items, code) in [
        (json!([]), "BAD_USER_INPUT"),
        (json!(many), "LIMIT_EXCEEDED"),
    ] {
        let input = json!({"input": {"items": items}});
        assert_eq!(app.code(&token, SUBMIT, input).await, code);
    }
    let one = json!({"input": {"items": [item(1, "2026-10", json!({}))]}});
    for token in [
        app.agency(Agency::Agriculture),
        app.officer(ORIGIN),
        app.plain(Role::Admin),
        app.employer(EMPLOYER),
    ] {
        assert_eq!(app.code(&token, SUBMIT, one.clone()).await, "FORBIDDEN");
    }
}

async fn a_full_delivery_sent_by_two_agencies_at_once_is_kept_once(app: TestApp) {
    let id = people::person(&app, 1).await;
    let items: Vec<Value> = (1..=1_000)
        .map(|fen| {
            let amount = format!("{}.{:02}", fen / 100, fen % 100);
            item(1, "2026-10", json!({"personalAmount": amount}))
        })
        .collect();
    let both = futures::future::join(
        submit(&app, Agency::SocialInsurance, json!(items)),
        submit(&app, Agency::Tax, json!(items)),
    )
    .await;
    assert_eq!(both.0["received"], 1_000);
    assert_eq!(both.1["received"], 1_000);
    let mut kept = counts(&app).await;
    kept.sort_unstable();
    assert_eq!(kept, [[0, 1_000, 0, 0], [1_000, 0, 0, 0]]);
    let seen = of(&app, MONTHS, &id).await;
    assert_eq!(seen["insuredMonths"], json!(["2026-10"]));
}
