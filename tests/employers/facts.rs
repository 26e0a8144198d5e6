//! Market regulation's statements, and accreditations.

use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ACCREDIT, EMPLOYER, ENTERPRISE, ORGANISATION, SOLE_TRADER, SUBMIT, employer};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        statements_are_taken_line_by_line_and_repeating_them_changes_nothing,
        what_was_corrected_can_be_stated_again,
        deliveries_at_once_state_a_thing_once,
        the_last_delivery_counts_whatever_the_clock_of_its_server_says,
        only_market_regulation_submits_within_its_region_and_bounds,
        a_legal_representative_is_in_no_answer_but_bound_by_the_idempotency_key,
        accreditations_are_added_restated_and_never_overlap,
        what_was_stated_before_stays_in_the_history,
        a_history_shows_its_latest_fifty,
    ]
}

/// Two lines that are taken, one repeated, and one of each kind that is not.
fn delivery() -> Value {
    let line = |code: &str, standing: &str, since: &str| json!({"creditCode": code, "standing": standing, "since": since});
    let mut with_person = line(ENTERPRISE, "ACTIVE", "2020-01-01");
    with_person["legalRepresentativeResidentId"] = json!(people::resident_id(77));
    let mut with_wrong_person = line(SOLE_TRADER, "ACTIVE", "2026-11-01");
    with_wrong_person["legalRepresentativeResidentId"] = json!("110105194912310021");
    json!([
        with_person,
        line(ENTERPRISE, "ABNORMAL", "2026-01-01"),
        line(ENTERPRISE, "ABNORMAL", "2026-01-01"),
        line(SOLE_TRADER, "DISSOLVED", "2026-11-24"),
        with_wrong_person,
        line(ORGANISATION, "ACTIVE", "2026-11-01"),
        line("52590101MJU1234A1Z", "ACTIVE", "2026-11-01"),
    ])
}

/// Outcome and code of each line.
fn ended(data: &Value) -> Vec<(String, Value)> {
    data["submitEmployerStatuses"]["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|result| {
            let outcome = result["outcome"].as_str().expect("an outcome").to_owned();
            (outcome, result["error"]["code"].clone())
        })
        .collect()
}

async fn the_last_delivery_counts_whatever_the_clock_of_its_server_says(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let agency = app.agency(Agency::MarketRegulation);
    for (at, standing) in [
        ("2026-11-23T04:00:00Z", "BLACKLISTED"),
        ("2026-11-23T03:00:00Z", "ACTIVE"),
        ("2026-11-23T02:00:00Z", "BLACKLISTED"),
        ("2026-11-23T01:00:00Z", "ACTIVE"),
    ] {
        app.clock.set(at.parse().expect("a valid instant"));
        let items = json!([{"creditCode": ENTERPRISE, "standing": standing,
            "since": "2026-06-01"}]);
        for outcome in ["ACCEPTED", "UNCHANGED"] {
            let items = json!({"input": {"items": items}});
            let told = app.data(&agency, SUBMIT, items).await;
            assert_eq!(ended(&told), [(outcome.to_owned(), json!(null))], "{at}");
        }
        let seen = app.data(&agency, EMPLOYER, json!({"id": id})).await;
        assert_eq!(seen["employer"]["status"], standing, "{at}");
    }
}

async fn statements_are_taken_line_by_line_and_repeating_them_changes_nothing(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    employer(&app, SOLE_TRADER, "590102000000").await;
    let agency = app.agency(Agency::MarketRegulation);
    let items = json!({"input": {"items": delivery()}});
    let first = app.data(&agency, SUBMIT, items.clone()).await;
    let rejected = [
        ("REFUSED", json!("DATE_IN_FUTURE")),
        ("REFUSED", json!("BAD_CHECK_DIGIT")),
        ("DROPPED", json!("UNKNOWN_EMPLOYER")),
        ("REFUSED", json!("BAD_CREDIT_CODE")),
    ]
    .map(|(outcome, code)| (outcome.to_owned(), code));
    let taken = |outcome: &str| (outcome.to_owned(), json!(null));
    let mut expected = vec![taken("ACCEPTED"), taken("ACCEPTED"), taken("UNCHANGED")];
    expected.extend(rejected.clone());
    assert_eq!(ended(&first), expected);
    let second = app.data(&agency, SUBMIT, items.clone()).await;
    expected[..2].clone_from_slice(&[taken("UNCHANGED"), taken("UNCHANGED")]);
    assert_eq!(ended(&second), expected);
    let counts = &second["submitEmployerStatuses"];
    assert_eq!(
        [
            &counts["accepted"],
            &counts["unchanged"],
            &counts["dropped"],
            &counts["refused"]
        ],
        [0, 3, 1, 3]
    );
    let shown = app.data(&agency, EMPLOYER, json!({"id": id})).await;
    assert_eq!(
        shown["employer"],
        json!({
            "name": "清河(甲)厂", "status": "ABNORMAL", "statusSince": "2026-01-01", "version": 2,
            "statusHistory": [
                {"standing": "ACTIVE", "since": "2020-01-01", "source": "MARKET_REGULATION"},
                {"standing": "ABNORMAL", "since": "2026-01-01", "source": "MARKET_REGULATION"},
            ],
        })
    );
}

async fn deliveries_at_once_state_a_thing_once(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let agency = app.agency(Agency::MarketRegulation);
    let line = json!({"creditCode": ENTERPRISE, "standing": "ABNORMAL", "since": "2026-06-01"});
    let input = json!({"input": {"items": [line]}});
    let all = (0..6).map(|_| app.data(&agency, SUBMIT, input.clone()));
    let all = futures::future::join_all(all).await;
    let mut outcomes: Vec<_> = all.iter().map(|done| ended(done)[0].0.clone()).collect();
    outcomes.sort();
    let unchanged = std::iter::repeat_n("UNCHANGED", 5);
    let expected: Vec<_> = std::iter::once("ACCEPTED").chain(unchanged).collect();
    assert_eq!(outcomes, expected);
    let seen = app.data(&agency, EMPLOYER, json!({"id": id})).await;
    let history = seen["employer"]["statusHistory"].as_array();
    assert_eq!(history.map(Vec::len), Some(1), "{seen}");
    assert_eq!(seen["employer"]["version"], 2);
}

async fn what_was_corrected_can_be_stated_again(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let agency = app.agency(Agency::MarketRegulation);
    let status = async || {
        let seen = app
            .data(&app.officer(DESTINATION), EMPLOYER, json!({"id": id}))
            .await;
        seen["employer"]["status"].clone()
    };
    for (standing, outcome) in [
        ("BLACKLISTED", "ACCEPTED"),
        ("ACTIVE", "ACCEPTED"),
        ("BLACKLISTED", "ACCEPTED"),
        ("BLACKLISTED", "UNCHANGED"),
    ] {
        // The clock stands still: what follows what is told by the versions that deliveries make.
        let line = json!({"creditCode": ENTERPRISE, "standing": standing, "since": "2026-06-01"});
        let done = app
            .data(&agency, SUBMIT, json!({"input": {"items": [line]}}))
            .await;
        assert_eq!(ended(&done)[0].0, outcome);
        assert_eq!(status().await, standing);
    }
}

async fn only_market_regulation_submits_within_its_region_and_bounds(app: TestApp) {
    employer(&app, ENTERPRISE, DESTINATION).await;
    let agency = app.agency(Agency::MarketRegulation);
    let items = json!({"input": {"items": delivery()}});
    let county_agency = app.token(&TokenRequest {
        agency: Some(Agency::MarketRegulation),
        region: Some(RegionCode::parse(ELSEWHERE).expect("a region code")),
        ..app.request(Role::Agency, "county-market-regulation")
    });
    let outside = app.data(&county_agency, SUBMIT, items.clone()).await;
    assert_eq!(ended(&outside)[0].1, "OUTSIDE_REGION");
    for token in [app.agency(Agency::Tax), app.officer(DESTINATION)] {
        assert_eq!(app.code(&token, SUBMIT, items.clone()).await, "FORBIDDEN");
    }
    let too_many = vec![delivery()[0].clone(); 1_001];
    for (items, expected) in [
        (json!([]), "BAD_USER_INPUT"),
        (json!(too_many), "LIMIT_EXCEEDED"),
    ] {
        let input = json!({"input": {"items": items}});
        assert_eq!(app.code(&agency, SUBMIT, input).await, expected);
    }
}

async fn a_legal_representative_is_in_no_answer_but_bound_by_the_idempotency_key(app: TestApp) {
    employer(&app, ENTERPRISE, DESTINATION).await;
    let agency = app.agency(Agency::MarketRegulation);
    let input = json!({"input": {"idempotencyKey": "k", "items": [delivery()[0].clone()]}});
    let first = app.data(&agency, SUBMIT, input.clone()).await;
    let again = app.data(&agency, SUBMIT, input.clone()).await;
    assert_eq!(first, again, "the same key and input give the same answer");
    let person = people::resident_id(77);
    assert!(!first.to_string().contains(&person));
    let mut other = input;
    other["input"]["items"][0]["legalRepresentativeResidentId"] = json!(people::resident_id(78));
    assert_eq!(app.code(&agency, SUBMIT, other.clone()).await, "CONFLICT");
    other["input"]["idempotencyKey"] = json!("another");
    let changed = app.data(&agency, SUBMIT, other).await;
    assert_eq!(changed["submitEmployerStatuses"]["accepted"], 1);
}

async fn accreditations_are_added_restated_and_never_overlap(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let county = app.officer(DESTINATION);
    let held = |since: &str, until: Value| {
        json!({"input": {"employerId": id, "kind": "ASSISTANCE_WORKSHOP",
               "reference": "清人社〔2025〕3号", "since": since, "until": until}})
    };
    for (variables, version, codes) in [
        (held("2025-03-01", json!(null)), 2, json!([])),
        (held("2025-03-01", json!(null)), 2, json!([])),
        (
            held("2025-04-01", json!(null)),
            2,
            json!(["ACCREDITATION_OVERLAP"]),
        ),
        (
            held("2026-11-24", json!(null)),
            2,
            json!(["DATE_IN_FUTURE"]),
        ),
        (held("2025-03-01", json!("2026-02-28")), 3, json!([])),
        (held("2026-03-01", json!(null)), 4, json!([])),
    ] {
        let data = app.data(&county, ACCREDIT, variables.clone()).await;
        let payload = &data["recordAccreditation"];
        assert_eq!(payload["employer"]["version"], version, "{variables}");
        let found: Vec<&Value> = payload["userErrors"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|error| &error["code"])
            .collect();
        assert_eq!(json!(found), codes, "{variables}");
    }
    let variables = held("2025-03-01", json!("2026-02-28"));
    let data = app.data(&county, ACCREDIT, variables.clone()).await;
    let accreditations = &data["recordAccreditation"]["employer"]["accreditations"];
    assert_eq!(accreditations.as_array().map(Vec::len), Some(2));
    assert_eq!(accreditations[0]["until"], "2026-02-28");
    for (token, expected) in [
        (app.officer(ELSEWHERE), "COUNTY_DECIDES"),
        (app.officer("590101001000"), "FORBIDDEN"),
        (app.plain(Role::Admin), "FORBIDDEN"),
        (app.employer(ENTERPRISE), "FORBIDDEN"),
    ] {
        assert_eq!(
            app.refusal(&token, ACCREDIT, variables.clone()).await,
            expected
        );
    }
}

const HISTORY: &str = "query($id: ID!) { employer(id: $id) { status
    accreditations { reference since until superseded }
    accreditationHistory { reference since until recordedByCode recordedAt superseded }
    statusHistory { standing since source recordedAt superseded } } }";

async fn history(app: &TestApp, id: &str) -> Value {
    let mut data = app
        .data(&app.officer(DESTINATION), HISTORY, json!({"id": id}))
        .await;
    data["employer"].take()
}

async fn what_was_stated_before_stays_in_the_history(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let stated = |reference: &str, since: &str, until: Option<&str>| {
        json!({"input": {"employerId": id, "kind": "ASSISTANCE_WORKSHOP", "reference": reference,
            "since": since, "until": until}})
    };
    let (county, province) = (app.officer(DESTINATION), app.officer("590000000000"));
    // All at one moment: the order of statements does not hang on the clock.
    for (token, variables) in [
        (&county, stated("甲-1", "2025-03-01", None)),
        (&province, stated("甲-2", "2025-03-01", None)),
        (&county, stated("甲-2", "2025-03-01", Some("2026-02-28"))),
        (&county, stated("乙-1", "2026-03-01", None)),
    ] {
        app.data(token, ACCREDIT, variables).await;
    }
    let agency = app.agency(Agency::MarketRegulation);
    for standing in ["BLACKLISTED", "ACTIVE"] {
        app.clock
            .set(app.clock.now() + chrono::TimeDelta::seconds(1));
        let line = json!({"creditCode": ENTERPRISE, "standing": standing, "since": "2026-06-01"});
        app.data(&agency, SUBMIT, json!({"input": {"items": [line]}}))
            .await;
    }
    let held = |reference: &str, since: &str, until: Option<&str>, superseded: bool| json!({"reference": reference, "since": since, "until": until, "superseded": superseded});
    let fact = |by: &str, mut held: Value| {
        held["recordedByCode"] = by.into();
        held["recordedAt"] = "2026-11-23T02:00:00Z".into();
        held
    };
    let standing = |standing: &str, second: u32, superseded: bool| {
        json!({"standing": standing, "since": "2026-06-01", "source": "MARKET_REGULATION",
            "recordedAt": format!("2026-11-23T02:00:0{second}Z"), "superseded": superseded})
    };
    let ended = || held("甲-2", "2025-03-01", Some("2026-02-28"), false);
    let running = || held("乙-1", "2026-03-01", None, false);
    assert_eq!(
        history(&app, &id).await,
        json!({
            "status": "ACTIVE",
            "accreditations": [ended(), running()],
            "accreditationHistory": [
                fact(DESTINATION, held("甲-1", "2025-03-01", None, true)),
                fact("590000000000", held("甲-2", "2025-03-01", None, true)),
                fact(DESTINATION, ended()),
                fact(DESTINATION, running()),
            ],
            "statusHistory": [standing("BLACKLISTED", 1, true), standing("ACTIVE", 2, false)],
        })
    );
}

async fn a_history_shows_its_latest_fifty(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let county = app.officer(DESTINATION);
    let lines: Vec<Value> = (0..60)
        .map(|day| {
            let since = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day")
                + chrono::Days::new(day);
            json!({"creditCode": ENTERPRISE, "standing": "ACTIVE", "since": since})
        })
        .collect();
    let agency = app.agency(Agency::MarketRegulation);
    app.data(&agency, SUBMIT, json!({"input": {"items": lines}}))
        .await;
    for number in 0..60 {
        let input = json!({"employerId": id, "kind": "ASSISTANCE_WORKSHOP", "since": "2025-03-01",
            "reference": format!("甲-{number}")});
        app.data(&county, ACCREDIT, json!({"input": input})).await;
    }
    let seen = history(&app, &id).await;
    for (list, first, field) in [
        ("statusHistory", "2026-01-11", "since"),
        ("accreditationHistory", "甲-10", "reference"),
    ] {
        assert_eq!(seen[list].as_array().map(Vec::len), Some(50), "{list}");
        assert_eq!(seen[list][0][field], first);
    }
    assert_eq!(seen["accreditations"].as_array().map(Vec::len), Some(1));
}
