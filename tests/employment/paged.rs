//! The staff of an employer, page by page: asked for alone as beside others.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{DISPATCH, FIRM, job, record};
use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![an_employers_staff_is_the_same_alone_as_beside_others]
}

/// First days of work: several on one day, in the order of nothing.
const DAYS: [&str; 6] = [
    "2026-03-01",
    "2026-05-01",
    "2026-03-01",
    "2026-01-01",
    "2026-05-01",
    "2026-03-01",
];

const ALONE: &str = "query($code: CreditCode!, $after: String) { employer(creditCode: $code) {
    staff(first: 2, after: $after) { nodes { id startedOn } pageInfo { hasNextPage endCursor } } } }";
const BESIDE: &str = "query($after: String) { employers(first: 10) { nodes { creditCode
    staff(first: 2, after: $after) { nodes { id startedOn } pageInfo { hasNextPage endCursor } } } } }";

async fn page(app: &TestApp, alone: bool, after: &Value) -> Value {
    let officer = app.officer(ORIGIN);
    if alone {
        let of = json!({"code": FIRM, "after": after});
        return app.data(&officer, ALONE, of).await["employer"]["staff"].take();
    }
    let found = app.data(&officer, BESIDE, json!({"after": after})).await;
    let nodes = found["employers"]["nodes"].as_array().expect("a list");
    assert_eq!(nodes.len(), 2);
    let firm = nodes.iter().find(|node| node["creditCode"] == FIRM);
    firm.expect("the firm")["staff"].clone()
}

async fn an_employers_staff_is_the_same_alone_as_beside_others(app: TestApp) {
    let origin = app.officer(ORIGIN);
    for (number, day) in (1..).zip(DAYS) {
        people::person(&app, number).await;
        let since = json!({"residentId": people::resident_id(number), "startedOn": day});
        record(&app, &origin, job(since)).await;
    }
    people::person(&app, 9).await;
    let other = json!({"residentId": people::resident_id(9), "employerCreditCode": DISPATCH,
        "employerName": "清河劳务派遣有限公司"});
    record(&app, &origin, job(other)).await;

    let mut seen = Vec::new();
    let mut after = Value::Null;
    for further in [true, true, false] {
        let alone = page(&app, true, &after).await;
        assert_eq!(page(&app, false, &after).await, alone);
        assert_eq!(alone["pageInfo"]["hasNextPage"], further);
        seen.extend(alone["nodes"].as_array().expect("a list").clone());
        after = alone["pageInfo"]["endCursor"].clone();
    }
    let days: Vec<&str> = seen
        .iter()
        .map(|job| job["startedOn"].as_str().expect("a day"))
        .collect();
    let mut newest_first = DAYS;
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(days, newest_first);
    let mut ids: Vec<&str> = seen.iter().filter_map(|job| job["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), DAYS.len(), "nobody is shown twice");
}
