//! Entering and correcting employers.

use employment_exchange::capability::employer::policy;
use employment_exchange::capability::employer::public::{self, EmployerName, NewEmployer};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::AuditEntry;
use libtest_mimic::Trial;
use serde_json::json;

use super::{
    ACCREDIT, EMPLOYER, ENTERPRISE, ORGANISATION, OUTSIDE, REGISTER, SOLE_TRADER, UPDATE, employer,
    input,
};
use crate::support::app::TestApp;
use crate::support::people::{DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        an_employer_is_registered_once_and_the_second_is_given_the_first,
        registration_stays_within_the_callers_region_or_own_code,
        an_employer_states_no_more_of_itself_than_its_code_does,
        an_update_needs_the_current_version_and_both_seats_in_reach,
        a_county_within_a_wider_seat_makes_it_its_own,
        a_name_beside_a_valid_code_makes_an_employer_once,
    ]
}

async fn an_employer_is_registered_once_and_the_second_is_given_the_first(app: TestApp) {
    let first = app
        .data(
            &app.officer(DESTINATION),
            REGISTER,
            input(ENTERPRISE, "ENTERPRISE", DESTINATION),
        )
        .await;
    let first = &first["registerEmployer"];
    let mut expected = json!({
        "creditCode": ENTERPRISE, "name": "清河(甲)厂", "kind": "ENTERPRISE",
        "regionCode": DESTINATION, "status": "UNKNOWN", "statusSince": null, "version": 1,
    });
    expected["id"] = first["employer"]["id"].clone();
    assert_eq!(*first, json!({"employer": expected, "userErrors": []}));
    let second = app
        .data(
            &app.officer(ELSEWHERE),
            REGISTER,
            input(ENTERPRISE, "COOPERATIVE", ELSEWHERE),
        )
        .await;
    assert_eq!(
        second["registerEmployer"],
        json!({"employer": expected,
               "userErrors": [{"field": ["input", "creditCode"], "code": "ALREADY_REGISTERED"}]})
    );
}

async fn registration_stays_within_the_callers_region_or_own_code(app: TestApp) {
    let at = |code, region| input(code, "ENTERPRISE", region);
    let elsewhere = app.officer(ELSEWHERE);
    for (token, code, region, expected) in [
        (&elsewhere, ENTERPRISE, DESTINATION, "NOT_FOUND"),
        (
            &app.officer("590101001001"),
            ENTERPRISE,
            DESTINATION,
            "FORBIDDEN",
        ),
        (
            &app.employer(SOLE_TRADER),
            ENTERPRISE,
            DESTINATION,
            "NOT_FOUND",
        ),
        (&app.helper("h"), ENTERPRISE, DESTINATION, "FORBIDDEN"),
        (
            &app.plain(Role::Auditor),
            ENTERPRISE,
            DESTINATION,
            "FORBIDDEN",
        ),
        (
            &app.agency(Agency::MarketRegulation),
            ENTERPRISE,
            DESTINATION,
            "FORBIDDEN",
        ),
    ] {
        assert_eq!(app.code(token, REGISTER, at(code, region)).await, expected);
    }
    let admin = app.plain(Role::Admin);
    for (region, expected) in [
        ("590100000000", "SEAT_TOO_WIDE"),
        ("590199000000", "UNKNOWN_REGION"),
    ] {
        let refused = app.data(&admin, REGISTER, at(ENTERPRISE, region)).await;
        let refused = &refused["registerEmployer"];
        assert_eq!(refused["userErrors"][0]["code"], expected);
        assert_eq!(refused["employer"], json!(null));
    }
    for (token, code) in [
        (app.employer(ENTERPRISE), ENTERPRISE),
        (app.officer("590101001000"), SOLE_TRADER),
        (admin, ORGANISATION),
    ] {
        let done = app.data(&token, REGISTER, at(code, "590101001000")).await;
        assert_eq!(done["registerEmployer"]["userErrors"], json!([]), "{code}");
    }
}

async fn an_employer_states_no_more_of_itself_than_its_code_does(app: TestApp) {
    let own = app.employer(ENTERPRISE);
    for (kind, region, field) in [
        ("COOPERATIVE", DESTINATION, "kind"),
        ("ENTERPRISE", ELSEWHERE, "regionCode"),
    ] {
        let refused = app
            .data(&own, REGISTER, input(ENTERPRISE, kind, region))
            .await;
        assert_eq!(
            refused["registerEmployer"],
            json!({"employer": null,
                   "userErrors": [{"field": ["input", field], "code": "COUNTY_DECIDES"}]})
        );
    }
}

async fn an_update_needs_the_current_version_and_both_seats_in_reach(app: TestApp) {
    let id = employer(&app, ENTERPRISE, DESTINATION).await;
    let county = app.officer(DESTINATION);
    let change = |version: i64, field: &str, value: &str| {
        let mut input = json!({"id": id, "version": version});
        input[field] = json!(value);
        json!({"input": input})
    };
    let kind = change(1, "kind", "LABOUR_DISPATCH");
    let done = app.data(&county, UPDATE, kind.clone()).await;
    let now = json!({"name": "清河(甲)厂", "kind": "LABOUR_DISPATCH",
                     "regionCode": DESTINATION, "version": 2});
    assert_eq!(
        done["updateEmployer"],
        json!({"employer": now, "userErrors": []})
    );
    let stale = app.data(&county, UPDATE, kind).await;
    assert_eq!(
        stale["updateEmployer"],
        json!({"employer": now,
               "userErrors": [{"field": ["input", "version"], "code": "STALE_VERSION"}]})
    );
    let same = app
        .data(&county, UPDATE, change(2, "kind", "LABOUR_DISPATCH"))
        .await;
    assert_eq!(same["updateEmployer"]["employer"]["version"], 2);
    let province = app.officer("590000000000");
    let moved = change(2, "regionCode", "590102000000");
    for (token, expected) in [
        (&county, "COUNTY_DECIDES"),
        (&app.officer("590102000000"), "COUNTY_DECIDES"),
        (&app.officer("590101001000"), "FORBIDDEN"),
        (&app.officer("590100000000"), "FORBIDDEN"),
        (&app.employer(ENTERPRISE), "FORBIDDEN"),
    ] {
        assert_eq!(app.refusal(token, UPDATE, moved.clone()).await, expected);
    }
    let done = app.data(&province, UPDATE, moved).await;
    assert_eq!(done["updateEmployer"]["employer"]["version"], 3);
}

/// Enters an employer as a ledger or a report of a job does: no more is known than its code says.
async fn entered(app: &TestApp, code: &str) {
    let caller = Caller::system("test.ledger", None, app.db.refusals().clone());
    let permit = caller.permit(&policy::REGISTER).expect("granted");
    let mut tx = app.db.write(permit).await.expect("a session");
    let new = NewEmployer {
        credit_code: code.parse().expect("a valid code"),
        name: EmployerName::parse("清河厂").expect("a name"),
    };
    public::ensure(&mut tx, new).await.expect("ensured");
    let entry = AuditEntry::done(&()).expect("an answer");
    tx.commit(entry).await.expect("committed");
}

async fn a_county_within_a_wider_seat_makes_it_its_own(app: TestApp) {
    // Of a prefecture, and of the province itself.
    for code in ["91590100000000174Q", "91590000000000182E"] {
        entered(&app, code).await;
        let query = "query($code: CreditCode!) { employer(creditCode: $code) { id } }";
        let county = app.officer(DESTINATION);
        let seen = app.data(&county, query, json!({"code": code})).await;
        let id = &seen["employer"]["id"];
        let with = |version: i64, region: Option<&str>| {
            json!({"input": {"id": id, "version": version, "name": "清河制衣厂",
                "regionCode": region}})
        };
        let refused = app.refusal(&county, UPDATE, with(1, None)).await;
        assert_eq!(refused, "COUNTY_DECIDES", "it is nobody's yet");
        let foreign = app.refusal(&county, UPDATE, with(1, Some(ELSEWHERE))).await;
        assert_eq!(foreign, "COUNTY_DECIDES");
        let far = app.officer(ELSEWHERE);
        if code.starts_with("915901") {
            let outside = app.refusal(&far, UPDATE, with(1, Some(ELSEWHERE))).await;
            assert_eq!(
                outside, "COUNTY_DECIDES",
                "the seat is around another county"
            );
        }
        let done = app.data(&county, UPDATE, with(1, Some(DESTINATION))).await;
        let now = json!({"name": "清河制衣厂", "kind": "ENTERPRISE", "regionCode": DESTINATION,
            "version": 2});
        let expected = json!({"employer": now, "userErrors": []});
        assert_eq!(done["updateEmployer"], expected);
        let late = app.refusal(&far, UPDATE, with(2, Some(ELSEWHERE))).await;
        assert_eq!(late, "COUNTY_DECIDES", "it has its county");
        let accredited = json!({"input": {"employerId": id, "kind": "ASSISTANCE_WORKSHOP",
            "reference": "2026-1", "since": "2026-01-01"}});
        let done = app.data(&county, ACCREDIT, accredited).await;
        assert_eq!(done["recordAccreditation"]["userErrors"], json!([]));
    }
}

async fn a_name_beside_a_valid_code_makes_an_employer_once(app: TestApp) {
    let county = RegionCode::parse(ORIGIN).expect("a region code");
    let caller = Caller::system("test.ledger", Some(county), app.db.refusals().clone());
    let permit = caller.permit(&policy::REGISTER).expect("granted");
    let mut found = Vec::new();
    for name in ["福州某公司", "另一个名字"] {
        let mut tx = app.db.write(permit.clone()).await.expect("a session");
        let new = NewEmployer {
            credit_code: OUTSIDE.parse().expect("a valid code"),
            name: EmployerName::parse(name).expect("a name"),
        };
        found.push(public::ensure(&mut tx, new).await.expect("ensured"));
        let entry = AuditEntry::done(&()).expect("an answer");
        tx.commit(entry).await.expect("committed");
    }
    assert_eq!(found[0], found[1], "a known employer keeps its name");
    assert_eq!(found[0].name, "福州某公司");
    assert_eq!(found[0].region.to_string(), "350100000000");
    let shown = app
        .data(&app.officer(ORIGIN), EMPLOYER, json!({"code": OUTSIDE}))
        .await;
    assert_eq!(shown["employer"]["status"], "UNKNOWN");
    assert_eq!(shown["employer"]["version"], 1);
}
