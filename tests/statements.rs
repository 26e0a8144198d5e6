//! The number of statements of a page does not depend on the number of its rows: every nested
//! field is loaded for all rows together.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_page_of_sixty_takes_the_statements_of_a_page_of_two,
        the_people_of_every_region_take_the_statements_of_the_people_of_two,
        the_staff_of_an_employer_takes_the_same_statements_for_two_and_for_sixty,
        the_people_of_findings_take_the_same_statements_for_two_and_for_five,
    ]
}

const PEOPLE: u32 = 60;
const PAGE: &str = "query($first: Int!) { workers(first: $first) { nodes {
    id name residences { since }
    household { number categoryHistory { category } members { name } }
    currentEmployments { jobTitle renewals { contractStart } host { name }
      employer { name accreditations { kind } statusHistory { standing } } }
    employments(first: 3) { nodes { state } }
    insuredMonths(kind: PENSION, from: \"2026-01\", to: \"2026-11\")
    insuredNow { kind insured } } } }";
/// Apart from [`PAGE`]: which of the ways to an employer arrives first depends on time, and those
/// that arrive together share a statement.
const ROWS: &str = "query($first: Int!) { workers(first: $first) { nodes {
    contributions(first: 3) { periodMonth employer { name } payer { name } } } } }";
const STAFF: &str = "query($first: Int!) { employers(first: 10) { nodes { name
    staff(first: $first) { nodes { jobTitle worker { name household { number }
      insuredMonths(kind: PENSION, from: \"2026-08\", to: \"2026-10\") } } } } } }";
const REGIONS: &str = "query($first: Int!) {
    regions(parent: \"590222000000\", level: VILLAGE, first: $first) { nodes { code
      workers(first: 3) { nodes { name } } } } }";
const JOBS: &str = "mutation($input: RecordEmploymentsInput!) { recordEmployments(input: $input) {
    results { status } userErrors { code } } }";
const MONTHS: &str = "mutation($input: SubmitContributionsInput!) {
    submitContributions(input: $input) { refused userErrors { code } } }";

/// People of different households and employers, each with a job and a month.
async fn populate(app: &TestApp) {
    let token = app.officer(ORIGIN);
    let (mut jobs, mut months) = (Vec::new(), Vec::new());
    for number in 1..=PEOPLE {
        let household = people::household(app, VILLAGE, &format!("h{number}")).await;
        people::register(app, &token, &household, number).await;
        let employer = ["91590101MA9K2T3HXH", "92590102MA5P0A2E32"][number as usize % 2];
        let resident_id = people::resident_id(number);
        jobs.push(json!({"residentId": resident_id, "form": "EMPLOYED",
            "employerCreditCode": employer, "employerName": "清河厂", "jobTitle": "焊工",
            "workplace": DESTINATION, "startedOn": "2026-01-01"}));
        months.push(
            json!({"residentId": resident_id, "employerCreditCode": employer,
            "kind": "PENSION", "entry": "NORMAL", "periodMonth": "2026-10",
            "postingMonth": "2026-10", "base": "4000.00", "employerAmount": "640.00",
            "personalAmount": "320.00"}),
        );
    }
    let taken = app
        .data(&token, JOBS, json!({"input": {"items": jobs}}))
        .await;
    let results = taken["recordEmployments"]["results"]
        .as_array()
        .expect("a list");
    assert!(
        results.iter().all(|result| result["status"] == "CONFIRMED"),
        "{taken:#}"
    );
    let agency = app.agency(employment_exchange::platform::authn::Agency::SocialInsurance);
    let posted = app
        .data(&agency, MONTHS, json!({"input": {"items": months}}))
        .await;
    assert_eq!(posted["submitContributions"]["refused"], 0, "{posted:#}");
}

/// Statements sent for a page of 2 and of all, each asked once before so that nothing is new.
async fn statements(app: &TestApp, query: &str) -> Vec<u64> {
    let token = app.officer(ORIGIN);
    let mut sent = Vec::new();
    for first in [2, PEOPLE] {
        app.data(&token, query, json!({"first": first})).await;
        let before = app.db.statements_sent();
        app.data(&token, query, json!({"first": first})).await;
        sent.push(app.db.statements_sent() - before);
    }
    sent
}

async fn a_page_of_sixty_takes_the_statements_of_a_page_of_two(app: TestApp) {
    populate(&app).await;
    let token = app.officer(ORIGIN);
    let page = app.data(&token, PAGE, json!({"first": PEOPLE})).await;
    let nodes = page["workers"]["nodes"].as_array().expect("a list");
    assert_eq!(nodes.len(), PEOPLE as usize);
    for node in nodes {
        assert_eq!(node["currentEmployments"][0]["employer"]["name"], "清河厂");
        assert_eq!(node["insuredMonths"], json!(["2026-10"]));
    }
    for query in [PAGE, ROWS] {
        let sent = statements(&app, query).await;
        assert_eq!(sent[0], sent[1], "for two and for {PEOPLE} people");
    }
}

async fn the_staff_of_an_employer_takes_the_same_statements_for_two_and_for_sixty(app: TestApp) {
    populate(&app).await;
    let sent = statements(&app, STAFF).await;
    assert_eq!(sent[0], sent[1], "for two and for {PEOPLE} people");
}

async fn the_people_of_findings_take_the_same_statements_for_two_and_for_five(app: TestApp) {
    const FOUND: u32 = 5;
    let auditor = app.plain(employment_exchange::platform::authn::Role::Auditor);
    let record = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
        finding { worker { name } } } }";
    for number in 1..=FOUND {
        let person = people::person(&app, number).await;
        let input = json!({"subjectId": person, "clause": "第三条", "evidence": "无凭证"});
        app.data(&auditor, record, json!({"input": input})).await;
    }
    let list = "query($first: Int!) { findings(first: $first) { nodes {
        worker { name household { members { name } } } } } }";
    let mut sent = Vec::new();
    for first in [2, FOUND] {
        app.data(&auditor, list, json!({"first": first})).await;
        let before = app.db.statements_sent();
        let told = app.data(&auditor, list, json!({"first": first})).await;
        sent.push(app.db.statements_sent() - before);
        let nodes = told["findings"]["nodes"].as_array().map(Vec::len);
        assert_eq!(nodes, Some(first as usize));
    }
    assert_eq!(sent[0], sent[1], "for two and for {FOUND} findings");
}

async fn the_people_of_every_region_take_the_statements_of_the_people_of_two(app: TestApp) {
    populate(&app).await;
    let sent = statements(&app, REGIONS).await;
    assert_eq!(sent[0], sent[1], "for two and for {PEOPLE} villages");
}
