//! Seeing personal values in full.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::{Agency, Role};

use super::{assert_hidden, codes, rejected, worker_id};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_county_sees_what_it_asks_for_and_nothing_more,
        people_see_their_own_values_and_nobody_elses,
        below_the_county_and_for_helpers_there_is_only_the_phone,
        whoever_is_not_in_scope_or_has_no_right_sees_nothing,
        a_purpose_and_a_field_are_needed,
    ]
}

const REVEAL: &str = "mutation($input: RevealPersonalDataInput!) {
    revealPersonalData(input: $input) {
        personalData { residentId phone bankAccount birthDate }
        userErrors { field code message } } }";

fn wish(id: &str, fields: &[&str]) -> Value {
    json!({"workerId": id, "fields": fields, "purpose": "核发交通补贴"})
}

async fn reveal(app: &TestApp, token: &str, wish: Value) -> Value {
    let mut told = app.data(token, REVEAL, json!({"input": wish})).await;
    told["revealPersonalData"].take()
}

const ALL: [&str; 4] = ["RESIDENT_ID", "PHONE", "BANK_ACCOUNT", "BIRTH_DATE"];

fn everything() -> Value {
    json!({"personalData": {"residentId": people::resident_id(1), "phone": "13930628917",
                            "bankAccount": null, "birthDate": "1990-01-01"}, "userErrors": []})
}

async fn a_county_sees_what_it_asks_for_and_nothing_more(app: TestApp) {
    let id = people::person(&app, 1).await;
    for region in [ORIGIN, "590200000000", "590000000000"] {
        let told = reveal(&app, &app.officer(region), wish(&id, &ALL)).await;
        assert_eq!(told, everything(), "{region}");
    }
    let part = reveal(&app, &app.officer(ORIGIN), wish(&id, &["BIRTH_DATE"])).await;
    assert_eq!(
        part["personalData"],
        json!({"residentId": null, "phone": null, "bankAccount": null,
               "birthDate": "1990-01-01"})
    );
}

async fn people_see_their_own_values_and_nobody_elses(app: TestApp) {
    let id = people::person(&app, 1).await;
    let other = people::person(&app, 2).await;
    let own = app.worker(worker_id(&id));
    assert_eq!(reveal(&app, &own, wish(&id, &ALL)).await, everything());
    assert_hidden(&app, &own, REVEAL, &wish(&other, &ALL), &other).await;
}

async fn below_the_county_and_for_helpers_there_is_only_the_phone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let assign = "mutation($input: AssignHelperInput!) { assignHelper(input: $input) {
        userErrors { code } } }";
    let input = json!({"workerId": id, "helperSubject": "h-1", "since": "2026-01-01"});
    app.data(&app.officer(ORIGIN), assign, json!({"input": input}))
        .await;
    for token in [
        app.officer(VILLAGE),
        app.officer("590222101000"),
        app.helper("h-1"),
    ] {
        let told = reveal(&app, &token, wish(&id, &["PHONE"])).await;
        assert_eq!(told["personalData"]["phone"], "13930628917");
        assert_eq!(told["personalData"]["residentId"], json!(null));
        for field in ["RESIDENT_ID", "BANK_ACCOUNT", "BIRTH_DATE"] {
            let told = reveal(&app, &token, wish(&id, &["PHONE", field])).await;
            assert_eq!(told["personalData"], json!(null));
            assert_eq!(codes(&told), rejected("input.fields", "FIELD_NOT_ALLOWED"));
        }
    }
    assert_hidden(
        &app,
        &app.helper("h-2"),
        REVEAL,
        &wish(&id, &["PHONE"]),
        &id,
    )
    .await;
}

async fn whoever_is_not_in_scope_or_has_no_right_sees_nothing(app: TestApp) {
    let id = people::person(&app, 1).await;
    for region in [DESTINATION, ELSEWHERE] {
        assert_hidden(&app, &app.officer(region), REVEAL, &wish(&id, &ALL), &id).await;
    }
    for token in [
        app.plain(Role::Admin),
        app.plain(Role::Auditor),
        app.agency(Agency::CivilAffairs),
        app.agency(Agency::Agriculture),
        app.employer("91590101MA9K2T3HXH"),
    ] {
        let code = app
            .code(&token, REVEAL, json!({"input": wish(&id, &["PHONE"])}))
            .await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn a_purpose_and_a_field_are_needed(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    for purpose in ["", "查看", &"长".repeat(201), "致电13930628917核实情况"] {
        let wish = json!({"workerId": id, "fields": ["PHONE"], "purpose": purpose});
        let told = reveal(&app, &origin, wish).await;
        assert_eq!(codes(&told), rejected("input.purpose", "BAD_PURPOSE"));
        assert_eq!(told["personalData"], json!(null));
        assert!(!told.to_string().contains("13930628917"));
    }
    let told = reveal(&app, &origin, wish(&id, &[])).await;
    assert_eq!(codes(&told), rejected("input.fields", "MISSING"));
}
