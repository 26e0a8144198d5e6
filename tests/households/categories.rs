//! Agriculture's deliveries of household categories.

use employment_exchange::capability::worker::{policy, service};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{family, mutation, person, run, tomorrow};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        agriculture_prevails_over_the_county_and_a_replay_changes_nothing,
        a_category_that_ended_holds_no_more_on_the_next_day,
        each_item_of_a_delivery_has_a_result_of_its_own,
        deliveries_too_long_or_of_a_stranger_are_refused,
        an_agency_of_a_region_reaches_its_households_only,
        a_delivery_takes_as_many_statements_for_ten_households_as_for_two,
    ]
}

const DELIVERED: &str = "applied unchanged unknown refused submissionId
    results { index outcome error { field code } }";

async fn deliver(app: &TestApp, token: &str, items: Value) -> Value {
    run(
        app,
        token,
        "submitCategories",
        DELIVERED,
        json!({"items": items}),
    )
    .await
}

fn item(number: &str, category: &str, since: &str) -> Value {
    json!({"householdNumber": number, "county": ORIGIN, "category": category, "since": since})
}

fn outcomes(payload: &Value) -> Vec<&str> {
    payload["results"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|result| result["outcome"].as_str().expect("an outcome"))
        .collect()
}

async fn agriculture_prevails_over_the_county_and_a_replay_changes_nothing(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    let agency = app.agency(Agency::Agriculture);
    let by_member = json!({"residentId": people::resident_id(2), "since": "2026-03-01",
        "category": "MONITORED_SUDDEN_HARDSHIP"});
    let items = json!([item("h1", "MONITORED_UNSTABLE", "2025-01-01"), by_member]);
    let first = deliver(&app, &agency, items.clone()).await;
    assert_eq!(outcomes(&first), ["APPLIED", "APPLIED"]);
    let history = "query($id: ID!) { worker(id: $id) { categories version
        household { version categoryHistory {
            category since until source provisional superseded } } } }";
    let seen = app
        .data(&app.officer(ORIGIN), history, json!({"id": people[0]}))
        .await;
    let stated = |category: &str, since: &str| {
        json!({"category": category, "since": since, "until": null, "source": "AGRICULTURE",
               "provisional": false, "superseded": false})
    };
    let by_county = json!({"category": "LIFTED_OUT_OF_POVERTY", "since": "2017-11-02", "until": null,
        "source": "COUNTY", "provisional": true, "superseded": true});
    assert_eq!(
        seen["worker"],
        json!({
            "categories": ["MONITORED_UNSTABLE", "MONITORED_SUDDEN_HARDSHIP"],
            "version": 2,
            "household": {"version": 2, "categoryHistory": [
                by_county,
                stated("MONITORED_UNSTABLE", "2025-01-01"),
                stated("MONITORED_SUDDEN_HARDSHIP", "2026-03-01"),
            ]},
        })
    );
    let again = deliver(&app, &agency, items).await;
    assert_eq!(outcomes(&again), ["UNCHANGED", "UNCHANGED"]);
    let same = app
        .data(&app.officer(ORIGIN), history, json!({"id": people[0]}))
        .await;
    assert_eq!(same, seen);

    let mut ended = item("h1", "MONITORED_UNSTABLE", "2025-01-01");
    ended["until"] = json!("2026-10-31");
    assert_eq!(
        outcomes(&deliver(&app, &agency, json!([ended])).await),
        ["APPLIED"]
    );
    let now = person(&app, ORIGIN, &people[1]).await;
    assert_eq!(now["categories"], json!(["MONITORED_SUDDEN_HARDSHIP"]));
    assert_eq!(now["household"]["id"], household);

    deliveries_are_listed(&app, &agency).await;
}

async fn deliveries_are_listed(app: &TestApp, agency: &str) {
    let list = "{ submissions { nodes { agency dataset received accepted unchanged } } }";
    let mine = app.data(agency, list, json!({})).await;
    let delivery = |received: i32, accepted: i32| {
        json!({"agency": "AGRICULTURE", "dataset": "CATEGORIES", "received": received,
               "accepted": accepted, "unchanged": received - accepted})
    };
    let nodes = mine["submissions"]["nodes"].as_array().expect("a list");
    assert_eq!(nodes.len(), 3);
    for expected in [delivery(2, 2), delivery(2, 0), delivery(1, 1)] {
        assert!(nodes.contains(&expected), "{nodes:?}");
    }
    let other = app.data(&app.agency(Agency::Tax), list, json!({})).await;
    assert_eq!(other["submissions"]["nodes"], json!([]));
    assert_eq!(
        app.code(&app.officer(ORIGIN), list, json!({})).await,
        "FORBIDDEN"
    );
}

async fn a_category_that_ended_holds_no_more_on_the_next_day(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1, 2]).await;
    let (_, others) = family(&app, "h2", &[3]).await;
    let mut ends_today = item("h1", "MONITORED_UNSTABLE", "2025-01-01");
    ends_today["until"] = json!("2026-11-23");
    let items = json!([
        ends_today,
        item("h1", "MONITORED_SUDDEN_HARDSHIP", "2026-03-01"),
        item("h2", "MONITORED_UNSTABLE", "2025-01-01"),
    ]);
    let agency = app.agency(Agency::Agriculture);
    let delivered = deliver(&app, &agency, items).await;
    assert_eq!(outcomes(&delivered), ["APPLIED"; 3]);
    let caller = Caller::system("test.lapse", None, app.db.refusals().clone());
    let permit = caller.permit(&policy::LAPSE_CATEGORIES).expect("granted");
    let lapse = async || {
        service::lapse_categories(&app.db, &permit)
            .await
            .expect("done")
    };
    assert_eq!(lapse().await, 0, "the last day counts");
    tomorrow(&app);
    assert_eq!(lapse().await, 2);
    let seen = person(&app, ORIGIN, &people[1]).await;
    assert_eq!(seen["categories"], json!(["MONITORED_SUDDEN_HARDSHIP"]));
    assert_eq!(seen["version"], 3);
    let seen = person(&app, ORIGIN, &others[0]).await;
    assert_eq!(seen["categories"], json!(["MONITORED_UNSTABLE"]));
    assert_eq!(lapse().await, 0, "once is enough");
    let entries = journal::of_action(&app, "worker.lapse_categories").await;
    assert_eq!(entries.len(), 2);
}

async fn each_item_of_a_delivery_has_a_result_of_its_own(app: TestApp) {
    family(&app, "h1", &[1]).await;
    let with = |field: &str, value: Value| {
        let mut item = item("h1", "MONITORED_MARGINAL", "2025-01-01");
        item[field] = value;
        item
    };
    let items = json!([
        with("since", json!("2026-11-24")),
        with("until", json!("2024-12-31")),
        with("residentId", json!(people::resident_id(1))),
        with("county", json!(VILLAGE)),
        with("householdNumber", json!("h9")),
        with("since", json!("2025-01-01")),
        with("since", json!("2025-02-01")),
    ]);
    let payload = deliver(&app, &app.agency(Agency::Agriculture), items).await;
    let told: Vec<_> = payload["results"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|result| (result["outcome"].as_str(), result["error"]["code"].as_str()))
        .collect();
    let refused = |code| (Some("REFUSED"), Some(code));
    assert_eq!(
        told,
        [
            refused("DATE_IN_FUTURE"),
            refused("BAD_PERIOD"),
            refused("BAD_HOUSEHOLD"),
            refused("UNKNOWN_REGION"),
            (Some("UNKNOWN_HOUSEHOLD"), Some("UNKNOWN_HOUSEHOLD")),
            (Some("APPLIED"), None),
            refused("CONTRADICTS_EARLIER_ITEM"),
        ]
    );
    assert_eq!(
        payload["results"][1]["error"]["field"],
        json!(["input", "items", "1", "until"])
    );
    let counted = ["applied", "unchanged", "unknown", "refused"].map(|count| &payload[count]);
    assert_eq!(counted, [1, 0, 1, 5]);
}

async fn deliveries_too_long_or_of_a_stranger_are_refused(app: TestApp) {
    let query = mutation("submitCategories", DELIVERED);
    for (items, code) in [
        (json!([]), "BAD_USER_INPUT"),
        (
            json!(vec![item("h1", "MONITORED_MARGINAL", "2025-01-01"); 1001]),
            "LIMIT_EXCEEDED",
        ),
    ] {
        let agency = app.agency(Agency::Agriculture);
        assert_eq!(
            app.code(&agency, &query, json!({"input": {"items": items}}))
                .await,
            code
        );
    }
    for token in [
        app.agency(Agency::CivilAffairs),
        app.officer(ORIGIN),
        app.plain(Role::Admin),
    ] {
        let items = json!({"input": {"items": [item("h1", "MONITORED_MARGINAL", "2025-01-01")]}});
        assert_eq!(app.code(&token, &query, items).await, "FORBIDDEN");
    }
}

async fn an_agency_of_a_region_reaches_its_households_only(app: TestApp) {
    family(&app, "h1", &[1]).await;
    let of = |region: &str| {
        app.token(&TokenRequest {
            agency: Some(Agency::Agriculture),
            region: Some(RegionCode::parse(region).expect("a region code")),
            ..app.request(Role::Agency, region)
        })
    };
    let items = json!([
        item("h1", "MONITORED_UNSTABLE", "2025-01-01"),
        item("h9", "MONITORED_UNSTABLE", "2025-01-01"),
        {"residentId": people::resident_id(1), "since": "2025-01-01",
         "category": "MONITORED_UNSTABLE"},
    ]);
    let outside = deliver(&app, &of(ELSEWHERE), items.clone()).await;
    assert_eq!(outcomes(&outside), ["UNKNOWN_HOUSEHOLD"; 3]);
    let results = outside["results"].as_array().expect("a list");
    assert_eq!(results[0]["error"]["code"], results[1]["error"]["code"]);
    let inside = deliver(&app, &of("590200000000"), items).await;
    assert_eq!(
        outcomes(&inside),
        ["APPLIED", "UNKNOWN_HOUSEHOLD", "UNCHANGED"]
    );
    let list = "{ submissions { nodes { regionCode received } } }";
    let seen = app.data(&of("590200000000"), list, json!({})).await;
    assert_eq!(
        seen["submissions"]["nodes"],
        json!([{"regionCode": "590200000000", "received": 3}])
    );
}

async fn a_delivery_takes_as_many_statements_for_ten_households_as_for_two(app: TestApp) {
    for number in 1..=12 {
        family(&app, &format!("h{number}"), &[number]).await;
    }
    let agency = app.agency(Agency::Agriculture);
    let mut sent = Vec::new();
    for numbers in [1..=2, 3..=12] {
        let items: Vec<_> = numbers
            .map(|number| item(&format!("h{number}"), "MONITORED_UNSTABLE", "2025-01-01"))
            .collect();
        let before = app.db.statements_sent();
        let payload = deliver(&app, &agency, json!(items)).await;
        sent.push(app.db.statements_sent() - before);
        assert_eq!(payload["applied"], items.len());
    }
    assert_eq!(sent[0], sent[1]);
}
