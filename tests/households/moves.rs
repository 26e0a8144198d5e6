//! Moving households and people.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{
    NEW_COUNTY, NEW_VILLAGE, codes, family, merge, move_household, mutation, person, run, split,
    tomorrow,
};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

/// Another village of [`ORIGIN`].
const NEIGHBOUR: &str = "590222101208";

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_household_moves_to_another_county_and_the_old_one_looks_for_thirty_days,
        a_former_origin_corrects_what_was_known_before_for_thirty_days,
        a_handover_stays_where_it_was_whatever_the_new_county_does,
        the_helper_of_the_former_county_does_not_come_along,
        a_move_needs_a_free_number_a_fresh_version_and_a_possible_day,
        a_move_may_have_happened_before_the_registration,
        a_stay_ends_by_moving_there,
        nothing_is_told_of_another_countys_numbers,
        a_household_that_is_elsewhere_is_not_there_for_any_change,
        a_bride_moves_into_a_household_and_an_emptied_one_ends,
        somebody_who_moves_away_takes_the_categories_along,
    ]
}

const HOUSEHOLD: &str = "household { id number villageCode version members { id } }";

async fn a_household_moves_to_another_county_and_the_old_one_looks_for_thirty_days(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let moved = run(
        &app,
        &officer,
        "moveHousehold",
        HOUSEHOLD,
        move_household(&household, NEW_VILLAGE, 1),
    )
    .await;
    assert_eq!(codes(&moved), [""; 0]);
    assert_eq!(moved["household"]["villageCode"], NEW_VILLAGE);
    assert_eq!(moved["household"]["number"], "h1");
    assert_eq!(moved["household"]["version"], 2);

    let seen = person(&app, NEW_COUNTY, &people[0]).await;
    assert_eq!(seen["originCode"], NEW_VILLAGE);
    assert_eq!(seen["version"], 2);
    assert_eq!(seen["categories"], json!(["LIFTED_OUT_OF_POVERTY"]));
    assert_eq!(
        seen["residences"],
        json!([
            {"householdId": household, "villageCode": VILLAGE, "since": "2026-11-23",
             "until": "2026-11-23", "reason": null},
            {"householdId": household, "villageCode": NEW_VILLAGE, "since": "2026-11-24",
             "until": null, "reason": "易地搬迁"},
        ])
    );
    let members = seen["household"]["members"].as_array().map(Vec::len);
    assert_eq!(members, Some(2));

    for region in [ORIGIN, VILLAGE, "590200000000"] {
        let former = person(&app, region, &people[1]).await;
        assert_eq!(former["originCode"], NEW_VILLAGE, "{region}");
    }
    let back = move_household(&household, VILLAGE, 2);
    let refused = app
        .refusal(
            &officer,
            &mutation("moveHousehold", HOUSEHOLD),
            json!({"input": back}),
        )
        .await;
    assert_eq!(refused, "ORIGIN_DECIDES", "a former origin changes nothing");

    for (instant, sees) in [
        ("2026-12-24T02:00:00Z", true),
        ("2026-12-25T02:00:00Z", false),
    ] {
        app.clock.set(instant.parse().expect("a valid instant"));
        let former = person(&app, ORIGIN, &people[0]).await;
        assert_eq!(!former.is_null(), sees, "{instant}");
        let owner = person(&app, NEW_COUNTY, &people[0]).await;
        assert_eq!(owner["id"], people[0], "{instant}");
    }
}

async fn a_former_origin_corrects_what_was_known_before_for_thirty_days(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let input = move_household(&household, NEW_VILLAGE, 1);
    run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
    let with = |version: i64, field: &str, value: Value| json!({"workerId": people[0], "version": version, field: value});
    let stated = |since: &str| json!({"value": true, "since": since, "source": "入户"});
    let answer = "worker { phoneMask able version }";
    for input in [
        with(2, "stay", json!(DESTINATION)),
        with(2, "originAddress", json!("一组")),
        with(2, "bankAccount", json!("6222000011112222")),
        with(2, "bankAccount", json!(null)),
        with(2, "able", stated("2026-11-24")),
    ] {
        let refused = run(&app, &officer, "updateWorker", answer, input).await;
        assert_eq!(codes(&refused), ["FIELD_NOT_ALLOWED"]);
    }
    for input in [
        with(2, "phone", json!("13800001234")),
        with(3, "able", stated("2026-11-23")),
    ] {
        let done = run(&app, &officer, "updateWorker", answer, input).await;
        assert_eq!(codes(&done), [""; 0]);
    }
    let seen = person(&app, NEW_COUNTY, &people[0]).await;
    assert_eq!(seen["version"], 4);
    app.clock
        .set("2026-12-25T02:00:00Z".parse().expect("a valid instant"));
    let late = json!({"input": with(4, "phone", json!("13800001235"))});
    let query = mutation("updateWorker", answer);
    assert_eq!(app.code(&officer, &query, late).await, "NOT_FOUND");
}

async fn a_handover_stays_where_it_was_whatever_the_new_county_does(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let input = move_household(&household, NEW_VILLAGE, 1);
    run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
    app.clock
        .set("2026-11-30T02:00:00Z".parse().expect("a valid instant"));
    let mut input = move_household(&household, "590322100201", 2);
    input["movedOn"] = json!("2026-11-30");
    let within = run(
        &app,
        &app.officer(NEW_COUNTY),
        "moveHousehold",
        HOUSEHOLD,
        input,
    )
    .await;
    assert_eq!(codes(&within), [""; 0]);
    for (since, expected) in [
        ("2026-11-27", &["FIELD_NOT_ALLOWED"][..]),
        ("2026-11-24", &["FIELD_NOT_ALLOWED"]),
        ("2026-11-23", &[]),
    ] {
        let input = json!({"workerId": people[0], "version": 3,
            "willing": {"value": true, "since": since, "source": "入户"}});
        let told = run(&app, &officer, "updateWorker", "__typename", input).await;
        assert_eq!(codes(&told), expected, "{since}");
    }
}

async fn the_helper_of_the_former_county_does_not_come_along(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1]).await;
    let officer = app.officer(ORIGIN);
    let input = json!({"workerId": people[0], "helperSubject": "h-1", "since": "2026-11-01"});
    run(&app, &officer, "assignHelper", "__typename", input).await;
    tomorrow(&app);
    let sees = async || {
        let query = "query($id: ID!) { worker(id: $id) { id } }";
        let of = json!({"id": people[0]});
        !app.data(&app.helper("h-1"), query, of).await["worker"].is_null()
    };
    let within = move_household(&household, NEIGHBOUR, 1);
    run(&app, &officer, "moveHousehold", HOUSEHOLD, within).await;
    assert!(sees().await, "the county is the same");
    let away = move_household(&household, NEW_VILLAGE, 2);
    run(&app, &officer, "moveHousehold", HOUSEHOLD, away).await;
    assert!(!sees().await);
    let entries = journal::of_action(&app, "worker.move_household").await;
    let changed = entries
        .iter()
        .filter(|e| e.record_kind.as_deref() == Some("Worker"));
    let changed: Vec<_> = changed.filter_map(|e| e.changes.clone()).collect();
    assert!(
        !changed[0].contains("helper") && changed[1].contains("helper"),
        "{changed:?}"
    );
}

async fn a_move_needs_a_free_number_a_fresh_version_and_a_possible_day(app: TestApp) {
    let (household, _) = family(&app, "h1", &[1]).await;
    people::household(&app, NEIGHBOUR, "h2").await;
    let officer = app.officer(ORIGIN);
    let with = |field: &str, value: Value| {
        let mut input = move_household(&household, NEW_VILLAGE, 1);
        input["movedOn"] = json!("2026-11-23");
        input[field] = value;
        input
    };
    let neighbour = |number: &str| {
        let mut input = with("newNumber", json!(number));
        input["toVillage"] = json!(NEIGHBOUR);
        input
    };
    for (input, code) in [
        (with("version", json!(2)), "STALE_VERSION"),
        (with("reason", json!(" ")), "BAD_TEXT"),
        (with("toVillage", json!(VILLAGE)), "ALREADY_THERE"),
        (with("toVillage", json!("590300000000")), "UNKNOWN_REGION"),
        (with("toVillage", json!("590322999999")), "UNKNOWN_REGION"),
        (neighbour("h2"), "HOUSEHOLD_NUMBER_TAKEN"),
    ] {
        let refused = run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["household"]["version"], 1, "the current record");
        assert_eq!(refused["household"]["villageCode"], VILLAGE);
    }
    for (day, code) in [
        ("2026-11-24", "DATE_IN_FUTURE"),
        ("1900-01-01", "DATE_TOO_EARLY"),
    ] {
        let mut input = with("newNumber", json!("n1"));
        input["movedOn"] = json!(day);
        let refused = run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
        assert_eq!(codes(&refused), [code]);
    }
    let moved = run(
        &app,
        &officer,
        "moveHousehold",
        HOUSEHOLD,
        with("newNumber", json!("n1")),
    )
    .await;
    assert_eq!(codes(&moved), [""; 0]);
    assert_eq!(moved["household"]["number"], "n1");
}

async fn a_move_may_have_happened_before_the_registration(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1]).await;
    let officer = app.officer(ORIGIN);
    let mut input = move_household(&household, NEIGHBOUR, 1);
    input["movedOn"] = json!("2026-10-15");
    let moved = run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
    assert_eq!(codes(&moved), [""; 0]);
    let seen = person(&app, ORIGIN, &people[0]).await;
    let spell = |village: &str, since: &str, until: Value| json!([village, since, until]);
    let residences = seen["residences"].as_array().expect("a list");
    let spells: Vec<_> = residences
        .iter()
        .map(|r| json!([r["villageCode"], r["since"], r["until"]]))
        .collect();
    assert_eq!(
        spells,
        [
            spell(VILLAGE, "2026-10-14", json!("2026-10-14")),
            spell(NEIGHBOUR, "2026-10-15", Value::Null),
        ]
    );
    let mut again = move_household(&household, VILLAGE, 2);
    again["movedOn"] = json!("2026-10-14");
    let refused = run(&app, &officer, "moveHousehold", HOUSEHOLD, again).await;
    assert_eq!(codes(&refused), ["BEFORE_PRESENT_RESIDENCE"]);
}

async fn a_stay_ends_by_moving_there(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1]).await;
    let officer = app.officer(ORIGIN);
    let stay = json!({"workerId": people[0], "version": 1, "stay": NEW_COUNTY});
    run(&app, &officer, "updateWorker", "__typename", stay).await;
    tomorrow(&app);
    let input = move_household(&household, NEW_VILLAGE, 1);
    run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
    let query = "query($id: ID!) { worker(id: $id) { stayCode } }";
    let of = json!({"id": people[0]});
    let seen = app.data(&app.officer(NEW_COUNTY), query, of).await;
    assert_eq!(seen["worker"], json!({"stayCode": null}));
}

async fn nothing_is_told_of_another_countys_numbers(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    people::household(&app, NEW_VILLAGE, "h1").await;
    people::household(&app, NEW_VILLAGE, "n1").await;
    let officer = app.officer(ORIGIN);
    let probe = |number: &str| {
        let mut input = move_household(&household, NEW_VILLAGE, 1);
        input["movedOn"] = json!("2026-11-25");
        input["newNumber"] = json!(number);
        input
    };
    for number in ["n1", "n2"] {
        let told = run(&app, &officer, "moveHousehold", HOUSEHOLD, probe(number)).await;
        assert_eq!(codes(&told), ["DATE_IN_FUTURE"], "{number}");
    }
    tomorrow(&app);
    let alone = json!({"workerId": people[0], "toVillage": NEW_VILLAGE, "number": "n1",
        "movedOn": "2026-11-24", "reason": "结婚", "version": 1});
    let answer = "worker { household { number } }";
    let moved = run(&app, &officer, "moveWorker", answer, alone).await;
    assert_eq!(codes(&moved), [""; 0]);
    assert_eq!(moved["worker"]["household"]["number"], Value::Null);
    let input = move_household(&household, NEW_VILLAGE, 2);
    let moved = run(&app, &officer, "moveHousehold", HOUSEHOLD, input).await;
    assert_eq!(codes(&moved), [""; 0]);
    assert_eq!(moved["household"]["number"], Value::Null);
    let mut input = move_household(&household, NEW_VILLAGE, 3);
    input["newNumber"] = json!("n7");
    let owner = app.officer(NEW_COUNTY);
    let renumbered = run(&app, &owner, "moveHousehold", HOUSEHOLD, input).await;
    assert_eq!(codes(&renumbered), [""; 0]);
    assert_eq!(renumbered["household"]["number"], "n7");
    let seen = person(&app, NEW_COUNTY, &people[1]).await;
    assert_eq!(seen["residences"].as_array().map(Vec::len), Some(2));
}

async fn a_household_that_is_elsewhere_is_not_there_for_any_change(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    let own = people::household(&app, NEW_VILLAGE, "h1").await;
    let missing = |kind: &str| {
        use employment_exchange::kernel::ids::{self, HouseholdId, RecordId as _, WorkerId};
        let nobody = uuid::Uuid::from_u128(1);
        match kind {
            "Household" => ids::encode(HouseholdId::from_uuid(nobody)),
            _ => ids::encode(WorkerId::from_uuid(nobody)),
        }
    };
    let cases = |household: &str, worker: &str| {
        [
            ("moveHousehold", move_household(household, NEW_VILLAGE, 1)),
            (
                "moveWorker",
                json!({"workerId": worker, "toVillage": NEW_VILLAGE, "movedOn": "2026-11-23",
                       "reason": "结婚", "version": 1}),
            ),
            ("splitHousehold", split(household, &[worker], 1)),
            ("mergeHouseholds", merge(household, &own, (1, 1))),
            ("mergeHouseholds", merge(&own, household, (1, 1))),
        ]
    };
    let mut asked = Vec::new();
    for region in [ELSEWHERE, DESTINATION] {
        asked.extend(cases(&household, &people[0]).map(|case| (region, case)));
    }
    asked.extend(cases(&missing("Household"), &missing("Worker")).map(|case| (ORIGIN, case)));
    let into_missing = json!({"workerId": people[0], "toHouseholdId": missing("Household"),
        "movedOn": "2026-11-23", "reason": "结婚", "version": 1});
    asked.push((ORIGIN, ("moveWorker", into_missing)));
    for (region, (name, input)) in asked {
        let answer = app
            .gql(
                &app.officer(region),
                &mutation(name, "__typename"),
                json!({"input": input}),
            )
            .await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "NOT_FOUND", "{region} {name}");
        assert_eq!(
            error["message"],
            "There is no such record within your reach."
        );
    }
    let township = app.officer("590222101000");
    let query = mutation("moveHousehold", HOUSEHOLD);
    let input = json!({"input": move_household(&household, NEW_VILLAGE, 1)});
    assert_eq!(app.code(&township, &query, input).await, "FORBIDDEN");
}

async fn a_bride_moves_into_a_household_and_an_emptied_one_ends(app: TestApp) {
    let (left, brides) = family(&app, "h1", &[1]).await;
    let (entered, grooms) = family(&app, "h2", &[2]).await;
    tomorrow(&app);
    let officer = app.officer(ORIGIN);
    let input = |into: &str, version: i64| {
        json!({"workerId": brides[0], "toHouseholdId": into, "movedOn": "2026-11-24",
               "reason": "结婚", "version": version})
    };
    let answer = "worker { version household { id version members { id } } }";
    let stale = run(&app, &officer, "moveWorker", answer, input(&entered, 9)).await;
    assert_eq!(codes(&stale), ["STALE_VERSION"]);
    assert_eq!(stale["worker"]["version"], 1, "the current record");
    let same = run(&app, &officer, "moveWorker", answer, input(&left, 1)).await;
    assert_eq!(codes(&same), ["SAME_HOUSEHOLD"]);
    let moved = run(&app, &officer, "moveWorker", answer, input(&entered, 1)).await;
    assert_eq!(codes(&moved), [""; 0]);
    assert_eq!(moved["worker"]["version"], 2);
    let household = &moved["worker"]["household"];
    assert_eq!(household["id"], entered);
    assert_eq!(household["version"], 2);
    for id in [&brides[0], &grooms[0]] {
        let members = household["members"].as_array().expect("a list");
        assert!(members.contains(&json!({"id": id})), "{household}");
    }
    let ended = app
        .refusal(
            &officer,
            "mutation($input: RegisterWorkerInput!) {
               registerWorker(input: $input) { userErrors { code } } }",
            json!({"input": {"householdId": left, "name": "王七",
                   "residentId": people::resident_id(7)}}),
        )
        .await;
    assert_eq!(
        ended, "HOUSEHOLD_DISSOLVED",
        "nobody enters a household that has ended"
    );
    let back = json!({"workerId": brides[0], "toHouseholdId": left, "movedOn": "2026-11-24",
        "reason": "离婚", "version": 2});
    let refused = run(&app, &officer, "moveWorker", answer, back).await;
    assert_eq!(codes(&refused), ["HOUSEHOLD_DISSOLVED"]);
}

async fn somebody_who_moves_away_takes_the_categories_along(app: TestApp) {
    let (household, people) = family(&app, "h1", &[1, 2]).await;
    tomorrow(&app);
    let input = json!({"workerId": people[0], "toVillage": NEW_VILLAGE, "number": "n1",
        "movedOn": "2026-11-24", "reason": "结婚", "version": 1});
    let moved = run(
        &app,
        &app.officer(ORIGIN),
        "moveWorker",
        "worker { household { id number categoryHistory { category since source provisional } } }",
        input,
    )
    .await;
    assert_eq!(codes(&moved), [""; 0]);
    let founded = &moved["worker"]["household"];
    assert_ne!(founded["id"], household);
    assert_eq!(founded["number"], "n1");
    assert_eq!(
        founded["categoryHistory"],
        json!([{"category": "LIFTED_OUT_OF_POVERTY", "since": "2017-11-02",
                "source": "COUNTY", "provisional": true}])
    );
    let seen = person(&app, NEW_COUNTY, &people[0]).await;
    assert_eq!(seen["categories"], json!(["LIFTED_OUT_OF_POVERTY"]));
    let stays = person(&app, ORIGIN, &people[1]).await;
    assert_eq!(stays["household"]["members"], json!([{"id": people[1]}]));
    assert_eq!(stays["household"]["version"], 2);
    assert!(person(&app, NEW_COUNTY, &people[1]).await.is_null());
}
