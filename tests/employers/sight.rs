//! Who sees which employers, and lists of them.

use employment_exchange::kernel::ids::{RecordId as _, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, ENTERPRISE, LIST, ORGANISATION, SOLE_TRADER, employer};
use crate::support::app::TestApp;
use crate::support::people::{DESTINATION, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        each_role_sees_its_employers_and_no_others,
        lists_are_filtered_and_paged_in_either_order,
        a_page_takes_the_same_statements_for_one_row_and_for_many,
    ]
}

/// The codes of a list that a caller is shown.
async fn listed(app: &TestApp, token: &str, filter: Value) -> Vec<String> {
    let data = app.data(token, LIST, json!({"filter": filter})).await;
    codes(&data)
}

fn codes(data: &Value) -> Vec<String> {
    let nodes = data["employers"]["nodes"].as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["creditCode"].as_str().expect("a code").to_owned())
        .collect()
}

async fn each_role_sees_its_employers_and_no_others(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    employer(&app, SOLE_TRADER, "590102000000").await;
    let worker = app.worker(WorkerId::from_uuid(uuid::Uuid::from_u128(1)));
    for token in [
        app.plain(Role::Admin),
        app.plain(Role::Auditor),
        app.officer(ORIGIN),
        app.officer("590101001001"),
        app.agency(Agency::MarketRegulation),
        app.agency(Agency::SocialInsurance),
        app.agency(Agency::MedicalSecurity),
        app.agency(Agency::Tax),
    ] {
        let all = listed(&app, &token, json!({})).await;
        assert_eq!(all, [ENTERPRISE, SOLE_TRADER]);
    }
    let own = app.employer(SOLE_TRADER);
    assert_eq!(listed(&app, &own, json!({})).await, [SOLE_TRADER]);
    for variables in [
        json!({"id": id}),
        json!({"code": ENTERPRISE}),
        json!({"code": ORGANISATION}),
    ] {
        let hidden = app.data(&own, EMPLOYER, variables).await;
        assert_eq!(hidden, json!({"employer": null}));
    }
    for token in [
        worker,
        app.helper("h"),
        app.agency(Agency::Agriculture),
        app.agency(Agency::CivilAffairs),
        app.agency(Agency::Training),
    ] {
        let one = json!({"id": id});
        assert_eq!(app.code(&token, EMPLOYER, one).await, "FORBIDDEN");
        assert_eq!(app.code(&token, LIST, json!({})).await, "FORBIDDEN");
    }
    for variables in [json!({}), json!({"id": id, "code": ENTERPRISE})] {
        let admin = app.plain(Role::Admin);
        assert_eq!(
            app.code(&admin, EMPLOYER, variables).await,
            "BAD_USER_INPUT"
        );
    }
}

async fn lists_are_filtered_and_paged_in_either_order(app: TestApp) {
    employer(&app, SOLE_TRADER, "590102000000").await;
    employer(&app, ENTERPRISE, "590101001000").await;
    let token = app.officer(ORIGIN);
    let both = [SOLE_TRADER, ENTERPRISE];
    for (filter, expected) in [
        (json!({}), &both[..]),
        (json!({"namePrefix": "清河（"}), &both),
        (json!({"namePrefix": "%"}), &[]),
        (json!({"region": "590000000000"}), &both),
        (json!({"region": "590100000000"}), &both),
        (json!({"region": "590200000000"}), &[]),
        (json!({"region": "590101000000"}), &both[1..]),
        (json!({"region": "590101001000"}), &both[1..]),
        (json!({"region": "590101002000"}), &[]),
        (json!({"status": "UNKNOWN", "kind": "ENTERPRISE"}), &both),
        (json!({"status": "ACTIVE"}), &[]),
        (json!({"kind": "GOVERNMENT_BODY"}), &[]),
    ] {
        assert_eq!(
            listed(&app, &token, filter.clone()).await,
            expected,
            "{filter}"
        );
    }
    let blank = json!({"filter": {"namePrefix": " "}});
    assert_eq!(app.code(&token, LIST, blank).await, "BAD_USER_INPUT");
    for (field, order) in [
        ("REGISTERED", both),
        ("CREDIT_CODE", [ENTERPRISE, SOLE_TRADER]),
    ] {
        let by = json!({"field": field});
        let first = app.data(&token, LIST, json!({"by": by, "first": 1})).await;
        let info = &first["employers"]["pageInfo"];
        assert_eq!(
            (codes(&first), &info["hasNextPage"]),
            (vec![order[0].into()], &json!(true))
        );
        let after = &info["endCursor"];
        let rest = app
            .data(&token, LIST, json!({"by": by, "after": after}))
            .await;
        assert_eq!(codes(&rest), order[1..]);
        let other = if field == "REGISTERED" {
            "CREDIT_CODE"
        } else {
            "REGISTERED"
        };
        let foreign = json!({"by": {"field": other}, "after": after});
        assert_eq!(app.code(&token, LIST, foreign).await, "BAD_USER_INPUT");
    }
}

async fn a_page_takes_the_same_statements_for_one_row_and_for_many(app: TestApp) {
    for code in [ENTERPRISE, SOLE_TRADER, ORGANISATION] {
        employer(&app, code, DESTINATION).await;
    }
    let token = app.officer(DESTINATION);
    app.data(&token, LIST, json!({"first": 1})).await;
    let mut sent = Vec::new();
    for first in [1, 3] {
        let before = app.db.statements_sent();
        app.data(&token, LIST, json!({"first": first})).await;
        sent.push(app.db.statements_sent() - before);
    }
    assert_eq!(sent[0], sent[1]);
}
