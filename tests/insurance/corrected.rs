//! Months that came under a resident id that turned out to be somebody else's.

use employment_exchange::capability::insurance::service::requery;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::jobs::{confirm_reported, report};
use super::{EMPLOYER, ROWS, counts, insured, item, of, state, submit, tick};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};
use crate::support::whole::Behind;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        what_came_under_a_former_id_counts_no_more_and_is_asked_for_again,
        what_the_origin_said_of_a_job_stays,
        what_the_origin_says_after_a_month_stays_too,
        an_agency_that_delivers_only_dates_is_asked_too,
        a_refused_correction_sets_nothing_aside,
        a_delivery_beside_corrections_gives_nobody_months_of_a_former_id,
    ]
}

const FORMER: u32 = 1;
const RIGHT: u32 = 905;

/// One officer proposes to give a person the id of the `right`-th; the proposal.
async fn propose(app: &TestApp, person: &str, right: u32) -> Value {
    let read = "query($id: ID!) { worker(id: $id) { version } }";
    let version = of(app, read, person).await["version"].clone();
    let propose = "mutation($input: ProposeResidentIdCorrectionInput!) {
        proposeResidentIdCorrection(input: $input) { correction { id } userErrors { code } } }";
    let input = json!({"workerId": person, "residentId": people::resident_id(right),
        "reason": "登记时录错", "version": version});
    let officer = app.officer(ORIGIN);
    let proposed = app.data(&officer, propose, json!({"input": input})).await;
    let proposed = &proposed["proposeResidentIdCorrection"];
    assert_eq!(proposed["userErrors"], json!([]));
    proposed["correction"]["id"].clone()
}

/// Another officer decides about it.
async fn decide(app: &TestApp, correction: &Value, approve: bool) {
    let decide = "mutation($input: DecideResidentIdCorrectionInput!) {
        decideResidentIdCorrection(input: $input) { correction { state } userErrors { code } } }";
    let input = json!({"correctionId": correction, "approve": approve,
        "reason": "核对户口簿", "version": 1});
    let second = app.token(&TokenRequest {
        region: Some(RegionCode::parse(ORIGIN).expect("a region code")),
        ..app.request(Role::Officer, "second")
    });
    let decided = app.data(&second, decide, json!({"input": input})).await;
    let decided = &decided["decideResidentIdCorrection"];
    assert_eq!(decided["userErrors"], json!([]));
    let expected = if approve { "APPROVED" } else { "REFUSED" };
    assert_eq!(decided["correction"]["state"], expected);
}

/// Gives a person the id of [`RIGHT`], or not.
async fn correct(app: &TestApp, person: &str, approve: bool) {
    let correction = propose(app, person, RIGHT).await;
    decide(app, &correction, approve).await;
}

const JOBS: &str = "query($id: ID!) { worker(id: $id) { workStatus
    employments { nodes { state confirmedBy lastConfirmedOn } } } }";

async fn fill(app: &TestApp) -> u64 {
    let caller = Caller::system("test.requery", None, app.db.refusals().clone());
    requery::fill_requery(&app.db, &caller, chrono::DateTime::UNIX_EPOCH)
        .await
        .expect("filled")
}

async fn take(app: &TestApp, agency: Agency) -> Value {
    let query = "mutation { takeRequeryList(input: {}) { people { residentId } } }";
    let data = app.data(&app.agency(agency), query, json!({})).await;
    data["takeRequeryList"]["people"].clone()
}

/// Person [`FORMER`] with a reported job, confirmed by a month, and months of two agencies.
async fn insured_under_the_former_id(app: &TestApp) -> String {
    // The agency has delivered before: whoever is registered from now on is on its list.
    submit(
        app,
        Agency::SocialInsurance,
        json!([item(7, "2026-10", json!({}))]),
    )
    .await;
    tick(app);
    let person = people::person(app, FORMER).await;
    fill(app).await;
    let list = take(app, Agency::SocialInsurance).await;
    assert_eq!(list, json!([{"residentId": people::resident_id(FORMER)}]));
    report(app, FORMER).await;
    let months = json!([
        item(FORMER, "2026-10", json!({})),
        item(FORMER, "2026-11", json!({}))
    ]);
    submit(app, Agency::SocialInsurance, months).await;
    let medical = json!([item(FORMER, "2026-10", json!({"kind": "MEDICAL"}))]);
    submit(app, Agency::MedicalSecurity, medical).await;
    let enrolled = json!([{"residentId": people::resident_id(FORMER), "kind": "UNEMPLOYMENT",
        "employerCreditCode": EMPLOYER, "fact": "ENROLLED", "since": "2026-11-01"}]);
    state(app, enrolled).await;
    person
}

async fn what_came_under_a_former_id_counts_no_more_and_is_asked_for_again(app: TestApp) {
    let person = insured_under_the_former_id(&app).await;
    let before = of(&app, JOBS, &person).await;
    assert_eq!(before["workStatus"], "WORKING");
    for kind in ["PENSION", "MEDICAL", "UNEMPLOYMENT"] {
        assert_eq!(insured(&app, &person, kind).await, "YES", "{kind}");
    }
    correct(&app, &person, true).await;

    assert_eq!(of(&app, ROWS, &person).await["contributions"], json!([]));
    for kind in ["PENSION", "MEDICAL", "UNEMPLOYMENT"] {
        assert_eq!(insured(&app, &person, kind).await, "UNKNOWN", "{kind}");
    }
    let after = of(&app, JOBS, &person).await;
    assert_ne!(after["workStatus"], "WORKING");
    let unconfirmed = json!([{"state": "REPORTED", "confirmedBy": null, "lastConfirmedOn": null}]);
    assert_eq!(after["employments"]["nodes"], unconfirmed);
    assert_eq!(confirm_reported(&app).await, 0);
    let seen = "query($id: ID!) { worker(id: $id) { id } }";
    let destination = app.officer(DESTINATION);
    let data = app.data(&destination, seen, json!({"id": person})).await;
    assert_eq!(
        data["worker"],
        json!(null),
        "its workplace is no destination"
    );

    set_aside_and_told(&app).await;

    let right = json!([{"residentId": people::resident_id(RIGHT)}]);
    for agency in [Agency::SocialInsurance, Agency::MedicalSecurity] {
        assert_eq!(take(&app, agency).await, right, "{agency:?}");
    }
    assert_eq!(
        take(&app, Agency::Tax).await,
        json!([]),
        "it never delivered"
    );
    assert_eq!(fill(&app).await, 0);

    // The same month under the right id is the person's own.
    let own = json!([
        item(RIGHT, "2026-10", json!({})),
        item(FORMER, "2026-10", json!({}))
    ]);
    submit(&app, Agency::SocialInsurance, own).await;
    assert_eq!(
        counts(&app).await[0],
        [1, 0, 1, 0],
        "one accepted, one dropped"
    );
    assert_eq!(insured(&app, &person, "PENSION").await, "YES");
    let again = of(&app, JOBS, &person).await;
    assert_eq!(again["workStatus"], "WORKING");
    assert_eq!(again["employments"]["nodes"][0]["confirmedBy"], "INSURANCE");

    the_other_person_has_months_too(&app).await;
}

/// Whoever the former id belongs to has months of their own.
async fn the_other_person_has_months_too(app: &TestApp) {
    let household = people::household(app, VILLAGE, "h-other").await;
    let other = people::register(app, &app.officer(ORIGIN), &household, FORMER).await;
    let other = other["worker"]["id"].as_str().expect("an id").to_owned();
    let month = json!([item(FORMER, "2026-10", json!({}))]);
    submit(app, Agency::SocialInsurance, month).await;
    assert_eq!(insured(app, &other, "PENSION").await, "YES");
}

/// What came under the former id is kept aside, and the journal tells of it.
async fn set_aside_and_told(app: &TestApp) {
    let behind = Behind::open(&app.database_url).await;
    let correction = "(SELECT id FROM correction)";
    for (table, rows) in [
        ("set_aside_contribution", 3),
        ("set_aside_insurance_fact", 1),
    ] {
        let kept = format!("SELECT count(*) FROM {table} WHERE correction_id = {correction}");
        assert_eq!(behind.number(&kept).await, rows, "{table}");
    }
    behind.close().await;
    let entries = journal::of_action(app, "worker.decide_resident_id_correction").await;
    let told = |field| {
        entries
            .iter()
            .any(|entry| format!("{entry:?}").contains(field))
    };
    assert!(
        told("contributions") && told("lastConfirmedOn"),
        "{entries:?}"
    );
}

async fn what_the_origin_said_of_a_job_stays(app: TestApp) {
    let person = people::person(&app, FORMER).await;
    let data = app
        .data(
            &app.officer(ORIGIN),
            "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
                status userErrors { code } } }",
            json!({"input": {
                "residentId": people::resident_id(FORMER), "form": "EMPLOYED",
                "employerCreditCode": EMPLOYER, "employerName": "凤凰电子有限公司",
                "workplace": DESTINATION, "startedOn": "2026-09-01"}}),
        )
        .await;
    assert_eq!(data["recordEmployment"]["status"], "CONFIRMED", "{data}");
    submit(
        &app,
        Agency::SocialInsurance,
        json!([item(FORMER, "2026-10", json!({}))]),
    )
    .await;
    correct(&app, &person, true).await;
    let after = of(&app, JOBS, &person).await;
    assert_eq!(after["workStatus"], "WORKING");
    assert_eq!(after["employments"]["nodes"][0]["confirmedBy"], "ORIGIN");
    assert_eq!(insured(&app, &person, "PENSION").await, "UNKNOWN");
}

/// The county of a region says that the only job of a person goes on; whose word it counts on then.
async fn goes_on(app: &TestApp, county: &str, person: &str) -> Value {
    let known = "query($id: ID!) { worker(id: $id) { employments { nodes { id version } } } }";
    let job = of(app, known, person).await["employments"]["nodes"][0].clone();
    let confirm = "mutation($input: ConfirmEmploymentInput!) { confirmEmployment(input: $input) {
        employment { confirmedBy } userErrors { code } } }";
    let input = json!({"input": {"employmentId": job["id"], "version": job["version"]}});
    let done = app.data(&app.officer(county), confirm, input).await;
    let done = &done["confirmEmployment"];
    assert_eq!(done["userErrors"], json!([]));
    done["employment"]["confirmedBy"].clone()
}

async fn what_the_origin_says_after_a_month_stays_too(app: TestApp) {
    let person = insured_under_the_former_id(&app).await;
    assert_eq!(goes_on(&app, DESTINATION, &person).await, "INSURANCE");
    assert_eq!(goes_on(&app, ORIGIN, &person).await, "ORIGIN");
    assert_eq!(goes_on(&app, DESTINATION, &person).await, "ORIGIN");
    correct(&app, &person, true).await;
    let after = of(&app, JOBS, &person).await;
    assert_eq!(after["workStatus"], "WORKING");
    assert_eq!(after["employments"]["nodes"][0]["confirmedBy"], "ORIGIN");
}

async fn an_agency_that_delivers_only_dates_is_asked_too(app: TestApp) {
    let person = people::person(&app, FORMER).await;
    let enrolled = json!([{"residentId": people::resident_id(FORMER), "kind": "PENSION",
        "employerCreditCode": null, "fact": "ENROLLED", "since": "2026-11-01"}]);
    state(&app, enrolled).await;
    assert_eq!(insured(&app, &person, "PENSION").await, "YES");
    correct(&app, &person, true).await;
    let right = json!([{"residentId": people::resident_id(RIGHT)}]);
    assert_eq!(take(&app, Agency::SocialInsurance).await, right);
    assert_eq!(take(&app, Agency::Tax).await, json!([]));
}

async fn a_refused_correction_sets_nothing_aside(app: TestApp) {
    let person = insured_under_the_former_id(&app).await;
    correct(&app, &person, false).await;
    assert_eq!(insured(&app, &person, "PENSION").await, "YES");
    let after = of(&app, JOBS, &person).await;
    assert_eq!(after["employments"]["nodes"][0]["confirmedBy"], "INSURANCE");
    assert_eq!(take(&app, Agency::SocialInsurance).await, json!([]));
}

async fn a_delivery_beside_corrections_gives_nobody_months_of_a_former_id(app: TestApp) {
    const PEOPLE: u32 = 12;
    let (mut people, mut corrections) = (Vec::new(), Vec::new());
    for number in 1..=PEOPLE {
        let person = people::person(&app, number).await;
        corrections.push(propose(&app, &person, RIGHT + number).await);
        people.push(person);
    }
    let months = |period| (1..=PEOPLE).map(|n| item(n, period, json!({}))).collect();
    let deliveries = ["2026-08", "2026-09", "2026-10"]
        .map(|period| submit(&app, Agency::SocialInsurance, months(period)));
    let decisions = corrections.iter().map(|known| decide(&app, known, true));
    futures::join!(
        futures::future::join_all(deliveries),
        futures::future::join_all(decisions)
    );
    for person in &people {
        assert_eq!(of(&app, ROWS, person).await["contributions"], json!([]));
    }
}
