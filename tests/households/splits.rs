//! Splitting households and merging them.

use employment_exchange::platform::authn::Agency;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{
    NEW_VILLAGE, codes, family, merge, move_household, mutation, person, run, split, tomorrow,
};
use crate::support::app::TestApp;
use crate::support::people::{ORIGIN, VILLAGE};

/// Another village of [`ORIGIN`].
const NEIGHBOUR: &str = "590222101208";

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_split_founds_a_household_that_inherits_the_categories,
        a_split_takes_members_and_leaves_somebody,
        a_merged_household_ends_and_its_people_hold_the_other_ones_categories,
        a_merger_takes_nobody_out_of_agricultures_monitoring,
        of_what_both_hold_since_one_day_the_longer_stays,
        what_a_county_stated_of_either_stays_until_agriculture_speaks,
        a_household_that_has_ended_gives_its_number_back,
        of_two_mergers_at_once_one_wins,
    ]
}

const SPLIT: &str = "household { id version members { id } }
    newHousehold { id number villageCode version members { id }
        categoryHistory { category since source provisional } }";

async fn a_split_founds_a_household_that_inherits_the_categories(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2, 3]).await;
    tomorrow(&app);
    let mut input = split(&household, &[&people[0], &people[1]], 1);
    input["village"] = json!(NEIGHBOUR);
    input["number"] = json!("h1-2");
    let payload = run(&app, &app.officer(ORIGIN), "splitHousehold", SPLIT, input).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(
        payload["household"],
        json!({"id": household, "version": 2, "members": [{"id": people[2]}]})
    );
    let founded = &payload["newHousehold"];
    assert_eq!(founded["number"], "h1-2");
    assert_eq!(founded["villageCode"], NEIGHBOUR);
    assert_eq!(founded["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        founded["categoryHistory"],
        json!([{"category": "LIFTED_OUT_OF_POVERTY", "since": "2017-11-02",
                "source": "COUNTY", "provisional": true}])
    );
    let seen = person(&app, ORIGIN, &people[0]).await;
    assert_eq!(seen["originCode"], NEIGHBOUR);
    assert_eq!(seen["categories"], json!(["LIFTED_OUT_OF_POVERTY"]));
    assert_eq!(
        seen["residences"],
        json!([
            {"householdId": household, "villageCode": VILLAGE, "since": "2026-11-23",
             "until": "2026-11-23", "reason": null},
            {"householdId": founded["id"], "villageCode": NEIGHBOUR, "since": "2026-11-24",
             "until": null, "reason": "分户"},
        ])
    );
}

async fn a_split_takes_members_and_leaves_somebody(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    let (_, strangers) = family(&app, "h2", &[3]).await;
    tomorrow(&app);
    let with_number = |number: &str| {
        let mut input = split(&household, &[&people[0]], 1);
        input["number"] = json!(number);
        input
    };
    for (input, code) in [
        (split(&household, &[&people[0]], 7), "STALE_VERSION"),
        (
            split(&household, &[&people[0], &strangers[0]], 1),
            "UNKNOWN_MEMBER",
        ),
        (
            split(&household, &[&people[0], &people[1]], 1),
            "NOBODY_LEFT",
        ),
        (with_number("h2"), "HOUSEHOLD_NUMBER_TAKEN"),
    ] {
        let refused = run(&app, &app.officer(ORIGIN), "splitHousehold", SPLIT, input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(
            refused["household"]["version"], 1,
            "{code}: nothing changed"
        );
        assert_eq!(refused["newHousehold"], Value::Null);
    }
    let seen = person(&app, ORIGIN, &people[0]).await;
    assert_eq!(seen["version"], 1);
    assert_eq!(seen["residences"].as_array().map(Vec::len), Some(1));
}

const MERGED: &str = "household { id version members { id } } from { id version }";

async fn a_merged_household_ends_and_its_people_hold_the_other_ones_categories(app: TestApp) {
    let (from, leaving) = family(&app, "h1", &[1, 2]).await;
    let (into, staying) = family(&app, "h2", &[3]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    for (input, code) in [
        (merge(&from, &from, (1, 1)), "SAME_HOUSEHOLD"),
        (merge(&from, &into, (2, 1)), "STALE_VERSION"),
        (merge(&from, &into, (1, 2)), "STALE_VERSION"),
    ] {
        let refused = run(&app, &officer, "mergeHouseholds", MERGED, input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["from"], json!({"id": from, "version": 1}), "{code}");
    }
    let input = merge(&from, &into, (1, 1));
    let payload = run(&app, &officer, "mergeHouseholds", MERGED, input).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["from"], json!({"id": from, "version": 2}));
    assert_eq!(payload["household"]["version"], 2);
    let members = payload["household"]["members"].as_array().expect("a list");
    for id in leaving.iter().chain(&staying) {
        assert!(members.contains(&json!({"id": id})), "{members:?}");
    }
    let seen = person(&app, ORIGIN, &leaving[0]).await;
    assert_eq!(seen["household"]["id"], into);
    assert_eq!(seen["residences"][1]["householdId"], into);
    assert_eq!(seen["residences"][1]["reason"], "合户");
    for (name, input) in [
        ("moveHousehold", move_household(&from, NEW_VILLAGE, 2)),
        ("splitHousehold", split(&from, &[&leaving[0]], 2)),
        ("mergeHouseholds", merge(&into, &from, (2, 2))),
    ] {
        let refused = run(&app, &officer, name, "__typename", input).await;
        assert_eq!(codes(&refused), ["HOUSEHOLD_DISSOLVED"], "{name}");
    }
}

async fn a_merger_takes_nobody_out_of_agricultures_monitoring(app: TestApp) {
    let (from, leaving) = family(&app, "h1", &[1]).await;
    let (into, staying) = family(&app, "h2", &[2]).await;
    let stated = |number: &str, category: &str| {
        json!({"householdNumber": number, "county": ORIGIN, "category": category,
               "since": "2025-01-01"})
    };
    let items = json!({"items": [
        stated("h1", "MONITORED_SUDDEN_HARDSHIP"), stated("h1", "LIFTED_OUT_OF_POVERTY"),
        stated("h2", "LIFTED_OUT_OF_POVERTY"),
    ]});
    let agency = app.agency(Agency::Agriculture);
    let delivered = run(&app, &agency, "submitCategories", "applied", items).await;
    assert_eq!(delivered["applied"], 3);
    tomorrow(&app);
    let input = merge(&from, &into, (2, 2));
    let officer = app.officer(ORIGIN);
    let answer = "household { categoryHistory { category since source superseded } }";
    let merged = run(&app, &officer, "mergeHouseholds", answer, input).await;
    let holds = |category: &str| json!({"category": category, "since": "2025-01-01", "source": "AGRICULTURE", "superseded": false});
    let history = merged["household"]["categoryHistory"]
        .as_array()
        .expect("a list");
    let stands = history.iter().filter(|of| of["superseded"] == false);
    assert_eq!(stands.count(), 2, "what both held is stated once");
    for category in ["LIFTED_OUT_OF_POVERTY", "MONITORED_SUDDEN_HARDSHIP"] {
        assert!(history.contains(&holds(category)), "{history:?}");
    }
    for id in [&leaving[0], &staying[0]] {
        let seen = person(&app, ORIGIN, id).await;
        let expected = json!(["LIFTED_OUT_OF_POVERTY", "MONITORED_SUDDEN_HARDSHIP"]);
        assert_eq!(seen["categories"], expected);
    }
}

/// What agriculture states of a household by its number, from 2020 on.
async fn state(app: &TestApp, number: &str, category: &str, until: Option<&str>) -> Value {
    let item = json!({"householdNumber": number, "county": ORIGIN, "category": category,
        "since": "2020-01-01", "until": until});
    let agency = app.agency(Agency::Agriculture);
    let answer = "applied unchanged";
    let input = json!({"items": [item]});
    let mut told = run(app, &agency, "submitCategories", answer, input).await;
    told.as_object_mut()
        .expect("a payload")
        .remove("userErrors");
    told
}

async fn of_what_both_hold_since_one_day_the_longer_stays(app: TestApp) {
    for (from, into, people) in [("h1", "h2", [1, 2]), ("h4", "h3", [4, 3])] {
        let (household, leaving) = family(&app, from, &people[..1]).await;
        let (other, staying) = family(&app, into, &people[1..]).await;
        let ended = if from == "h1" { into } else { from };
        let open = if from == "h1" { from } else { into };
        state(&app, open, "MONITORED_UNSTABLE", None).await;
        state(&app, ended, "MONITORED_UNSTABLE", Some("2024-12-31")).await;
        let mut input = merge(&household, &other, (2, 2));
        input["mergedOn"] = json!("2026-11-23");
        let answer = "household { categoryHistory { until source superseded } }";
        let officer = app.officer(ORIGIN);
        let merged = run(&app, &officer, "mergeHouseholds", answer, input).await;
        assert_eq!(codes(&merged), [""; 0]);
        for id in leaving.iter().chain(&staying) {
            let seen = person(&app, ORIGIN, id).await;
            assert_eq!(seen["categories"], json!(["MONITORED_UNSTABLE"]), "{from}");
        }
        let history = merged["household"]["categoryHistory"].as_array();
        let stands = history.expect("a list").iter();
        let stands: Vec<_> = stands.filter(|of| of["superseded"] == false).collect();
        let stated = json!({"until": null, "source": "AGRICULTURE", "superseded": false});
        assert_eq!(stands, [&stated], "{from}");
    }
}

async fn what_a_county_stated_of_either_stays_until_agriculture_speaks(app: TestApp) {
    for (from, into, mastered, people) in [("h1", "h2", "h1", [1, 2]), ("h3", "h4", "h4", [3, 4])] {
        let (household, leaving) = family(&app, from, &people[..1]).await;
        let (other, staying) = family(&app, into, &people[1..]).await;
        state(&app, mastered, "MONITORED_UNSTABLE", None).await;
        let versions = if mastered == from { (2, 1) } else { (1, 2) };
        let mut input = merge(&household, &other, versions);
        input["mergedOn"] = json!("2026-11-23");
        let officer = app.officer(ORIGIN);
        let merged = run(&app, &officer, "mergeHouseholds", MERGED, input).await;
        assert_eq!(codes(&merged), [""; 0]);
        let hold = async |expected: Value| {
            for id in leaving.iter().chain(&staying) {
                let seen = person(&app, ORIGIN, id).await;
                assert_eq!(seen["categories"], expected, "{mastered}");
            }
        };
        hold(json!(["LIFTED_OUT_OF_POVERTY", "MONITORED_UNSTABLE"])).await;
        let said = state(&app, into, "MONITORED_UNSTABLE", None).await;
        assert_eq!(said, json!({"applied": 1, "unchanged": 0}), "{mastered}");
        hold(json!(["MONITORED_UNSTABLE"])).await;
        let again = state(&app, into, "MONITORED_UNSTABLE", None).await;
        assert_eq!(again, json!({"applied": 0, "unchanged": 1}), "{mastered}");
    }
}

async fn a_household_that_has_ended_gives_its_number_back(app: TestApp) {
    let (from, _) = family(&app, "h1", &[1]).await;
    let (into, _) = family(&app, "h2", &[2]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let input = merge(&from, &into, (1, 1));
    run(&app, &officer, "mergeHouseholds", MERGED, input).await;
    let stated = json!({"items": [{"householdNumber": "h1", "county": ORIGIN,
        "category": "MONITORED_UNSTABLE", "since": "2025-01-01"}]});
    let agency = app.agency(Agency::Agriculture);
    let answer = "results { outcome error { code } }";
    let told = run(&app, &agency, "submitCategories", answer, stated.clone()).await;
    assert_eq!(told["results"][0]["error"]["code"], "HOUSEHOLD_DISSOLVED");
    let (again, people) = family(&app, "h1", &[3]).await;
    assert_ne!(again, from);
    let told = run(&app, &agency, "submitCategories", answer, stated).await;
    assert_eq!(told["results"][0]["outcome"], "APPLIED");
    let seen = person(&app, ORIGIN, &people[0]).await;
    assert_eq!(seen["categories"], json!(["MONITORED_UNSTABLE"]));
}

async fn of_two_mergers_at_once_one_wins(app: TestApp) {
    let (from, people) = family(&app, "h1", &[1]).await;
    let (left, _) = family(&app, "h2", &[2]).await;
    let (right, _) = family(&app, "h3", &[3]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let query = mutation("mergeHouseholds", MERGED);
    let attempt = |from: &str, into: &str| {
        let input = json!({"input": merge(from, into, (1, 1))});
        let (app, officer, query) = (&app, &officer, &query);
        async move { app.data(officer, query, input).await["mergeHouseholds"].take() }
    };
    // One into each side, and the opposite direction of one of them: nobody waits for ever.
    let outcomes = futures::future::join_all([
        attempt(&from, &left),
        attempt(&from, &right),
        attempt(&left, &from),
    ])
    .await;
    let mut told: Vec<_> = outcomes.iter().map(codes).collect();
    told.sort();
    assert_eq!(told, [vec![], vec!["STALE_VERSION"], vec!["STALE_VERSION"]]);
    let seen = person(&app, ORIGIN, &people[0]).await;
    assert_eq!(seen["household"]["version"], 2);
    let residences = seen["residences"].as_array().map(Vec::len);
    assert!(residences.is_some_and(|spells| spells <= 2), "{seen}");
}
