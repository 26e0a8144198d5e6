//! What months and statements amount to, and who sees it.

use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, HEAD_OFFICE, MONTHS, ROWS, counts, insured, item, of, state, submit};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        refunds_and_corrections_are_rows_that_reduce_a_month,
        a_month_that_two_agencies_tell_of_is_given_back_once,
        statements_decide_who_is_insured_now,
        two_employers_that_stop_on_one_day_have_stopped_both,
        arrears_are_shown_and_end_nothing,
        only_the_roles_that_may_see_insurance_see_it,
        a_page_of_people_takes_as_many_statements_as_one_person,
    ]
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

async fn a_month_that_two_agencies_tell_of_is_given_back_once(app: TestApp) {
    let id = people::person(&app, 1).await;
    let tell = async |agency: Agency, posting: &str, changes: Value| {
        let mut row = item(1, "2026-10", changes);
        row["postingMonth"] = json!(posting);
        submit(&app, agency, json!([row])).await;
        let seen = of(&app, MONTHS, &id).await;
        let standing = &seen["insuredNow"][0];
        assert_eq!(standing["kind"], "PENSION");
        (seen["insuredMonths"].clone(), standing["lastMonth"].clone())
    };
    let counts = (json!(["2026-10"]), json!("2026-10"));
    let counts_not = (json!([]), json!(null));
    let refund = json!({"entry": "REFUND", "employerAmount": "-640.00",
        "personalAmount": "-320.00", "correctsPostingMonth": "2026-10"});
    let (tax, social) = (Agency::Tax, Agency::SocialInsurance);
    assert_eq!(tell(tax, "2026-10", json!({})).await, counts);
    let late = json!({"entry": "ARREARS"});
    assert_eq!(tell(social, "2026-11", late.clone()).await, counts);
    assert_eq!(tell(tax, "2026-11", refund.clone()).await, counts_not);
    app.clock
        .set("2026-12-20T02:00:00Z".parse().expect("a valid instant"));
    assert_eq!(tell(social, "2026-12", refund).await, counts_not);
    app.clock
        .set("2027-01-10T02:00:00Z".parse().expect("a valid instant"));
    assert_eq!(tell(social, "2027-01", late).await, counts, "paid anew");
    let rows = of(&app, ROWS, &id).await;
    let rows = rows["contributions"].as_array().expect("a list");
    assert_eq!(rows.len(), 5, "every row stays");
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

async fn two_employers_that_stop_on_one_day_have_stopped_both(app: TestApp) {
    let id = people::person(&app, 1).await;
    let stated = |fact: &str, since: &str| {
        let of = |code: &str| {
            json!({"residentId": people::resident_id(1), "employerCreditCode": code,
                   "employerName": "凤凰电子有限公司", "kind": "PENSION", "fact": fact,
                   "since": since})
        };
        json!([of(EMPLOYER), of(HEAD_OFFICE)])
    };
    state(&app, stated("ENROLLED", "2026-09-01")).await;
    assert_eq!(counts(&app).await[0], [2, 0, 0, 0]);
    state(&app, stated("STOPPED", "2026-10-31")).await;
    assert_eq!(counts(&app).await[0], [2, 0, 0, 0]);
    assert_eq!(insured(&app, &id, "PENSION").await, "NO");
    state(&app, stated("STOPPED", "2026-10-31")).await;
    assert_eq!(counts(&app).await[0], [0, 2, 0, 0]);
    // A flexible payer has no employer, and is one payer.
    let own = json!([{"residentId": people::resident_id(1), "kind": "PENSION",
                      "fact": "ENROLLED", "since": "2026-11-01"}]);
    state(&app, own.clone()).await;
    assert_eq!(insured(&app, &id, "PENSION").await, "YES");
    state(&app, own).await;
    assert_eq!(counts(&app).await[0], [0, 1, 0, 0]);
}

async fn arrears_are_shown_and_end_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    let stated = |fact: &str, since: &str| {
        json!({"residentId": people::resident_id(1), "employerCreditCode": EMPLOYER,
            "employerName": "凤凰电子有限公司", "kind": "PENSION", "fact": fact, "since": since})
    };
    let query =
        "query($id: ID!) { worker(id: $id) { insuredNow { kind arrearsSince enrolledOn } } }";
    let pension = async || {
        let seen = of(&app, query, &id).await;
        let standings = seen["insuredNow"].as_array().expect("five").clone();
        let pension = standings.into_iter().find(|one| one["kind"] == "PENSION");
        pension.expect("one of them")
    };
    state(&app, json!([stated("ENROLLED", "2026-10-09")])).await;
    assert_eq!(pension().await["arrearsSince"], json!(null));
    let arrears = json!([
        stated("ARREARS", "2026-11-01"),
        stated("ARREARS", "2026-06-01")
    ]);
    state(&app, arrears).await;
    let seen = pension().await;
    assert_eq!(seen["arrearsSince"], "2026-11-01");
    assert_eq!(seen["enrolledOn"], "2026-10-09");
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
    let assign = "mutation($input: AssignHelperInput!) { assignHelper(input: $input) {
        userErrors { code } } }";
    let input = json!({"input": {"workerId": id, "helperSubject": "h1", "since": "2026-11-01"}});
    let assigned = app.data(&app.officer(ORIGIN), assign, input).await;
    assert_eq!(assigned["assignHelper"]["userErrors"], json!([]));
    let helped = app.data(&app.helper("h1"), query, json!({"id": id})).await;
    assert_eq!(
        helped["worker"]["contributions"],
        json!(null),
        "what somebody earns"
    );
    assert_eq!(helped["worker"]["insuredMonths"], json!(["2026-10"]));
    assert_eq!(helped["worker"]["insuredNow"][0]["kind"], "PENSION");
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
