//! Insurance months and statements: what is kept, what an agency learns, and who sees what.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        months_keep_period_and_posting_and_a_resubmission_changes_nothing,
        an_answer_does_not_depend_on_who_is_registered,
        lines_are_refused_for_their_form_alone,
        refunds_and_corrections_are_rows_that_reduce_a_month,
        statements_decide_who_is_insured_now,
        only_the_roles_that_may_see_insurance_see_it,
        a_page_of_people_takes_as_many_statements_as_one_person,
        people_registered_later_are_handed_out_once,
    ]
}

/// A valid unified social credit code of an enterprise seated in [`DESTINATION`].
const EMPLOYER: &str = "91590101MA9K2T3HXH";
const HEAD_OFFICE: &str = "91590101MA90000700";

const SUBMIT: &str = "mutation($input: SubmitContributionsInput!) {
    submitContributions(input: $input) {
        submissionId received refused userErrors { code }
        results { index outcome error { field code message } } } }";
const STATE: &str = "mutation($input: SubmitInsuranceFactsInput!) {
    submitInsuranceFacts(input: $input) {
        submissionId received refused userErrors { code }
        results { index outcome error { field code } } } }";
const ROWS: &str = "query($id: ID!) { worker(id: $id) { version contributions {
    kind entry periodMonth postingMonth base employerAmount personalAmount corrects id
    employer { creditCode name } payer { creditCode } } } }";
const MONTHS: &str = "query($id: ID!) { worker(id: $id) {
    insuredMonths(kind: PENSION, from: \"2025-01\", to: \"2026-12\")
    insuredNow { kind insured lastMonth } } }";

/// A pension month of the `number`-th person, with `changes` made to it.
fn item(number: u32, period: &str, changes: Value) -> Value {
    let mut item = json!({
        "residentId": people::resident_id(number), "employerCreditCode": EMPLOYER,
        "employerName": "凤凰电子有限公司", "kind": "PENSION", "entry": "NORMAL",
        "periodMonth": period, "postingMonth": period,
        "base": "4000.00", "employerAmount": "640.00", "personalAmount": "320.00",
    });
    let whole = item.as_object_mut().expect("an object");
    for (field, value) in changes.as_object().expect("an object") {
        whole.insert(field.clone(), value.clone());
    }
    item
}

/// Lets a second pass, so that what follows is later than what was before.
fn tick(app: &TestApp) {
    app.clock
        .set(app.clock.now() + chrono::TimeDelta::seconds(1));
}

async fn submit(app: &TestApp, agency: Agency, items: Value) -> Value {
    tick(app);
    let input = json!({"input": {"items": items}});
    let data = app.data(&app.agency(agency), SUBMIT, input).await;
    data["submitContributions"].clone()
}

async fn state(app: &TestApp, items: Value) -> Value {
    tick(app);
    let token = app.agency(Agency::SocialInsurance);
    let data = app
        .data(&token, STATE, json!({"input": {"items": items}}))
        .await;
    data["submitInsuranceFacts"].clone()
}

async fn of(app: &TestApp, query: &str, id: &str) -> Value {
    let data = app
        .data(&app.officer(ORIGIN), query, json!({"id": id}))
        .await;
    data["worker"].clone()
}

async fn insured(app: &TestApp, id: &str, kind: &str) -> Value {
    let seen = of(app, MONTHS, id).await;
    let standings = seen["insuredNow"].as_array().expect("five insurances");
    assert_eq!(standings.len(), 5);
    let of_kind = standings.iter().find(|s| s["kind"] == kind);
    of_kind.expect("every kind")["insured"].clone()
}

/// The counts of every delivery as the province sees them, latest first.
async fn counts(app: &TestApp) -> Vec<[i64; 4]> {
    let data = app
        .data(
            &app.plain(Role::Admin),
            "{ submissions { nodes { accepted unchanged dropped refused } } }",
            json!({}),
        )
        .await;
    let nodes = data["submissions"]["nodes"].as_array().expect("a list");
    let count = |node: &Value, name: &str| node[name].as_i64().expect("a count");
    nodes
        .iter()
        .map(|node| ["accepted", "unchanged", "dropped", "refused"].map(|n| count(node, n)))
        .collect()
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
    let first = submit(&app, Agency::SocialInsurance, items.clone()).await;
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
    // The tax authority collected the same months: nothing is doubled.
    submit(&app, Agency::Tax, items).await;
    assert_eq!(of(&app, ROWS, &id).await, seen);
    assert_eq!(counts(&app).await, [[0, 4, 0, 0], [3, 1, 0, 0]]);
    assert_eq!(
        of(&app, MONTHS, &id).await["insuredMonths"],
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

async fn lines_are_refused_for_their_form_alone(app: TestApp) {
    people::person(&app, 1).await;
    let typo = "590222199001010020";
    let cases = [
        (json!({"residentId": typo}), "residentId", "BAD_CHECK_DIGIT"),
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
    ];
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
        assert!(!result.to_string().contains(typo));
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
    assert_eq!(pension["results"][1]["error"]["code"], "FUTURE_DATE");
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

async fn refunds_and_corrections_are_rows_that_reduce_a_month(app: TestApp) {
    let id = people::person(&app, 1).await;
    let months = async || of(&app, MONTHS, &id).await["insuredMonths"].clone();
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(1, "2026-08", json!({})), item(1, "2026-09", json!({}))]),
    )
    .await;
    let less = item(
        1,
        "2026-09",
        json!({
        "entry": "CORRECTION", "postingMonth": "2026-10", "correctsPostingMonth": "2026-09",
        "base": "3000.00", "employerAmount": "-160.00", "personalAmount": "-80.00"}),
    );
    submit(&app, Agency::SocialInsurance, json!([less])).await;
    assert_eq!(months().await, json!(["2026-08", "2026-09"]));
    let seen = of(&app, ROWS, &id).await;
    let rows = &seen["contributions"];
    assert_eq!(rows[0]["entry"], "CORRECTION");
    assert_eq!(rows[0]["corrects"], rows[1]["id"]);
    let back = item(
        1,
        "2026-09",
        json!({
        "entry": "REFUND", "postingMonth": "2026-11",
        "employerAmount": "-480.00", "personalAmount": "-240.00"}),
    );
    submit(&app, Agency::SocialInsurance, json!([back])).await;
    assert_eq!(months().await, json!(["2026-08"]));
    assert_eq!(insured(&app, &id, "PENSION").await, "NO");
}

async fn statements_decide_who_is_insured_now(app: TestApp) {
    let id = people::person(&app, 1).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "UNKNOWN");
    let stated = |fact: &str, since: &str| {
        json!([{"residentId": people::resident_id(1), "employerCreditCode": EMPLOYER,
                "employerName": "凤凰电子有限公司", "kind": "PENSION", "fact": fact,
                "since": since}])
    };
    state(&app, stated("ENROLLED", "2026-11-02")).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    assert_eq!(insured(&app, &id, "MEDICAL").await, "UNKNOWN");
    state(&app, stated("ARREARS", "2026-11-10")).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    state(&app, stated("STOPPED", "2026-11-20")).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "NO");
    state(&app, stated("STOPPED", "2026-11-20")).await;
    assert_eq!(counts(&app).await[0], [0, 1, 0, 0]);
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(1, "2026-11", json!({}))]),
    )
    .await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
}

async fn only_the_roles_that_may_see_insurance_see_it(app: TestApp) {
    let id = people::person(&app, 1).await;
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(1, "2026-10", json!({}))]),
    )
    .await;
    let query = "query($id: ID!) { worker(id: $id) {
        contributions { periodMonth }
        insuredMonths(kind: PENSION, from: \"2026-10\", to: \"2026-10\")
        insuredNow { kind } } }";
    let row = json!([{"periodMonth": "2026-10"}]);
    let key = employment_exchange::kernel::ids::decode(&id).expect("a worker's id");
    for token in [
        app.officer(ORIGIN),
        app.plain(Role::Admin),
        app.plain(Role::Auditor),
        app.worker(key),
    ] {
        let seen = app.data(&token, query, json!({"id": id})).await;
        assert_eq!(seen["worker"]["contributions"], row);
        assert_eq!(seen["worker"]["insuredMonths"], json!(["2026-10"]));
        assert_eq!(seen["worker"]["insuredNow"][0]["kind"], "PENSION");
    }
    let agriculture = app.agency(Agency::Agriculture);
    let seen = app.data(&agriculture, query, json!({"id": id})).await;
    let nothing = json!({"contributions": null, "insuredMonths": null, "insuredNow": null});
    assert_eq!(seen["worker"], nothing);
    for token in [
        app.officer(DESTINATION),
        app.officer(ELSEWHERE),
        app.helper("h1"),
    ] {
        let seen = app.data(&token, query, json!({"id": id})).await;
        assert_eq!(seen["worker"], json!(null));
    }
    let range = "query($id: ID!) { worker(id: $id) {
        insuredMonths(kind: PENSION, from: \"2026-10\", to: \"2026-09\") } }";
    let code = app
        .code(&app.officer(ORIGIN), range, json!({"id": id}))
        .await;
    assert_eq!(code, "BAD_USER_INPUT");
}

async fn a_page_of_people_takes_as_many_statements_as_one_person(app: TestApp) {
    let list = "query($first: Int!) { workers(first: $first) { nodes { id
        contributions(first: 3, kind: PENSION) { periodMonth employer { name } }
        insuredMonths(kind: PENSION, from: \"2026-01\", to: \"2026-12\")
        insuredNow { insured } } } }";
    let mut items = Vec::new();
    for number in 1..=5 {
        people::person(&app, number).await;
        for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
            items.push(item(number, month, json!({})));
        }
    }
    submit(&app, Agency::SocialInsurance, json!(items)).await;
    let token = app.officer(ORIGIN);
    let sent = async |first: i32| {
        let before = app.db.statements_sent();
        let data = app.data(&token, list, json!({"first": first})).await;
        (data, app.db.statements_sent() - before)
    };
    let (_, for_one) = sent(1).await;
    let (page, for_five) = sent(5).await;
    assert_eq!(for_one, for_five);
    let nodes = page["workers"]["nodes"].as_array().expect("people");
    assert_eq!(nodes.len(), 5);
    for node in nodes {
        let rows = node["contributions"].as_array().expect("rows");
        let months: Vec<_> = rows.iter().map(|row| &row["periodMonth"]).collect();
        assert_eq!(months, ["2026-10", "2026-09", "2026-08"]);
        assert_eq!(node["insuredMonths"].as_array().map(Vec::len), Some(4));
    }
}

async fn people_registered_later_are_handed_out_once(app: TestApp) {
    use employment_exchange::capability::insurance::{policy, service::requery};
    use employment_exchange::platform::authz::Caller;
    const TAKE: &str = "mutation($input: TakeRequeryListInput!) { takeRequeryList(input: $input) {
        people { residentId name } hasMore userErrors { code } } }";
    let start = app.clock.now();
    people::person(&app, 1).await;
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(2, "2026-10", json!({}))]),
    )
    .await;
    tick(&app);
    let id = people::person(&app, 2).await;
    tick(&app);
    people::person(&app, 3).await;
    let caller = Caller::system("test.requery", None, app.db.refusals().clone());
    let permit = caller.permit(&policy::FILL_REQUERY).expect("granted");
    let fill = async || {
        requery::fill_requery(&app.db, &permit, start)
            .await
            .expect("filled")
    };
    assert_eq!(fill().await, 2, "those registered after the first delivery");
    assert_eq!(fill().await, 0);
    let take = async |token: &str, input: Value| {
        let data = app.data(token, TAKE, json!({"input": input})).await;
        data["takeRequeryList"].clone()
    };
    let elsewhere = app.token(&TokenRequest {
        agency: Some(Agency::SocialInsurance),
        region: Some(ELSEWHERE.parse().expect("a region code")),
        ..app.request(Role::Agency, "bureau")
    });
    for token in [app.agency(Agency::MedicalSecurity), elsewhere] {
        assert_eq!(take(&token, json!({})).await["people"], json!([]));
    }
    let token = app.agency(Agency::SocialInsurance);
    let first = take(&token, json!({"first": 1, "idempotencyKey": "k1"})).await;
    assert_eq!(
        first["people"],
        json!([
        {"residentId": people::resident_id(2), "name": "王小2"}])
    );
    assert_eq!(first["hasMore"], true);
    let again = take(&token, json!({"first": 1, "idempotencyKey": "k1"})).await;
    assert_eq!(again, first);
    let rest = take(&token, json!({})).await;
    assert_eq!(rest["people"][0]["residentId"], people::resident_id(3));
    assert_eq!(take(&token, json!({})).await["people"], json!([]));
    assert_eq!(
        fill().await,
        0,
        "whoever was taken is not put on the list again"
    );
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(2, "2026-10", json!({}))]),
    )
    .await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    let officer = app.officer(ORIGIN);
    assert_eq!(
        app.code(&officer, TAKE, json!({"input": {}})).await,
        "FORBIDDEN"
    );
}
