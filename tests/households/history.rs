//! What households were: those that have ended, and what was stated of them before.

use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{codes, family, merge, run, tomorrow};
use crate::support::app::TestApp;
use crate::support::people::{self, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_household_that_has_ended_is_still_there_for_its_region,
        what_was_stated_before_stays_readable,
        a_household_without_anybody_is_there_for_its_region,
    ]
}

const HOUSEHOLD: &str = "query($id: ID!) { node(id: $id) { ... on Household {
    dissolvedOn mergedInto { id members { id } }
    categoryHistory { category source superseded } members { id } } } }";

async fn opened(app: &TestApp, token: &str, id: &str) -> Value {
    let mut told = app.data(token, HOUSEHOLD, json!({"id": id})).await;
    told["node"].take()
}

async fn a_household_that_has_ended_is_still_there_for_its_region(app: TestApp) {
    let (from, leaving) = family(&app, "h1", &[1]).await;
    let (into, _) = family(&app, "h2", &[]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let input = merge(&from, &into, (1, 1));
    let answer = "from { dissolvedOn mergedInto { id } }";
    let merged = run(&app, &officer, "mergeHouseholds", answer, input).await;
    assert_eq!(codes(&merged), [""; 0]);
    let ended = json!({"dissolvedOn": "2026-11-24", "mergedInto": {"id": into}});
    assert_eq!(merged["from"], ended);
    let lifted = json!({"category": "LIFTED_OUT_OF_POVERTY", "source": "COUNTY",
        "superseded": false});
    let expected = json!({"dissolvedOn": "2026-11-24", "categoryHistory": [lifted],
        "mergedInto": {"id": into, "members": [{"id": leaving[0]}]}, "members": []});
    for token in [
        officer,
        app.officer(VILLAGE),
        app.officer("590200000000"),
        app.officer("590000000000"),
        app.plain(Role::Auditor),
    ] {
        assert_eq!(opened(&app, &token, &from).await, expected);
    }
    for token in [
        app.officer(ELSEWHERE),
        app.officer("590222101208"),
        app.helper("h-1"),
        app.worker(employment_exchange::kernel::ids::decode(&leaving[0]).expect("an id")),
    ] {
        assert_eq!(opened(&app, &token, &from).await, Value::Null);
    }
}

async fn what_was_stated_before_stays_readable(app: TestApp) {
    let (household, _) = family(&app, "h1", &[1]).await;
    let state = async |until: Value| {
        let item = json!({"householdNumber": "h1", "county": ORIGIN, "since": "2020-01-01",
            "category": "MONITORED_UNSTABLE", "until": until});
        let input = json!({"items": [item]});
        let agency = app.agency(Agency::Agriculture);
        let told = run(&app, &agency, "submitCategories", "applied", input).await;
        assert_eq!(told["applied"], 1);
    };
    state(json!(null)).await;
    state(json!("2025-12-31")).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Household { categoryHistory {
        category until superseded recordedAt } } } }";
    let told = app
        .data(&app.officer(ORIGIN), query, json!({"id": household}))
        .await;
    let stated = |category: &str, until: Option<&str>, superseded: bool| {
        json!({"category": category, "until": until, "superseded": superseded,
            "recordedAt": "2026-11-23T02:00:00Z"})
    };
    let history = json!([
        stated("LIFTED_OUT_OF_POVERTY", None, true),
        stated("MONITORED_UNSTABLE", None, true),
        stated("MONITORED_UNSTABLE", Some("2025-12-31"), false),
    ]);
    assert_eq!(told["node"]["categoryHistory"], history);
    for until in 0..60 {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
        state(json!(day + chrono::Days::new(until))).await;
    }
    let told = app
        .data(&app.officer(ORIGIN), query, json!({"id": household}))
        .await;
    let shown = told["node"]["categoryHistory"].as_array().expect("a list");
    let superseded = shown.iter().filter(|of| of["superseded"] == true).count();
    assert_eq!((shown.len(), superseded), (51, 50), "the latest fifty");
}

async fn a_household_without_anybody_is_there_for_its_region(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let seen = opened(&app, &app.officer(ORIGIN), &household).await;
    assert_eq!(seen["members"], json!([]));
    let hidden = opened(&app, &app.officer(ELSEWHERE), &household).await;
    assert_eq!(hidden, Value::Null);
}
